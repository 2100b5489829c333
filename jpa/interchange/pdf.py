"""PDF from HTML by WeasyPrint, which needs the Pango libraries of the system; nothing is fetched while a page is set."""

from collections.abc import Mapping
from typing import Any, Final

from jpa.errors import InvalidInputError, SetupError

SYSTEM_PACKAGES: Final = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core"
"""As Debian names them; `make run` installs them."""
_STYLE: Final = """
@page { size: A4; margin: 18mm 16mm; @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt } }
html { font: 10pt/1.4 "Noto Sans", sans-serif; color: #111 }
h1 { font-size: 16pt; margin: 0 0 4mm } h2 { font-size: 11pt; margin: 6mm 0 2mm }
table { border-collapse: collapse; width: 100% } thead { display: table-header-group } tr { break-inside: avoid }
th, td { border-bottom: 0.3pt solid #999; padding: 1.2mm 2mm; text-align: left; vertical-align: top }
td.num, th.num { text-align: right } .held { font-style: italic } .mark { font-size: 8pt; letter-spacing: 0.05em }
dl { display: block; font-size: 8.5pt } dt { font-weight: bold; margin-top: 1.5mm } dd { margin: 0; overflow-wrap: anywhere }
"""


def write_pdf(html: str) -> bytes:
    """Set a page; SetupError in one line where the libraries are missing."""
    try:
        from weasyprint import CSS, HTML  # noqa: PLC0415 -- loads system libraries, which not every installation has
    except OSError as error:
        raise SetupError(
            f"PDF needs the Pango libraries. Install them with: sudo apt-get install {SYSTEM_PACKAGES}"
        ) from error
    page: Any = HTML(string=html, url_fetcher=_refuse)
    written: bytes = page.write_pdf(stylesheets=[CSS(string=_STYLE)])
    return written


def _refuse(url: str, **_: object) -> Mapping[str, Any]:
    raise InvalidInputError(f"A page to print names {url[:200]}, and nothing is fetched for it.")
