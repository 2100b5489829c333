"""The offline viewer: a package as one file that a browser opens without a server and that asks for nothing.

The file carries its own content policy: the one script and the style sheets are known by their hashes, nothing is loaded but what lies in
it. What the package says stands as JSON in elements that no browser runs; the script puts it on the page as text and never as markup.
"""

import base64
import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, Final, TextIO

from jpa.errors import UnavailableError
from jpa.model.marking import Tlp
from jpa.sharing.package import Opened
from jpa.sharing.viewed import Checked, Parts, Viewing, plain_json
from jpa.web.context import TLP_CLASS, sized

MOST_EMBEDDED: Final = 2_000_000
"""Bytes of a file of evidence that still lies in the page; larger ones are named with their hash."""
MOST_EMBEDDED_ALL: Final = 20_000_000
"""Bytes of all of them: a page of 50 MB still opens at once on an office machine."""
_STATIC: Final = Path(__file__).parent / "static"
_HELD: Final = "__________cytoscape_stylesheet"
"""The chart library adds no rule of its own where an element of this id is there; the sheet has the rule."""
_INERT: Final = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}
_ENDS_A_SCRIPT: Final = re.compile(r"<(/script|script|!--)", re.IGNORECASE)
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Assets:
    """What `scripts/build-frontend.mjs` made for the page."""

    script: str
    style: str
    kinds: str
    fonts: tuple[Mapping[str, str], ...]
    """File, weight and range of characters of each subset."""


def write_viewer(opened: Opened, checked: Checked, work: Path, out: TextIO) -> None:
    """Write the page of a package whose signature and files were found right; refused where its lines do not hang together.

    `work` is an empty folder of ours. Nothing is written before every line was checked.
    """
    parts = Parts(work)
    head = Viewing(opened, parts).run(checked)
    embedded = list(_embedded(opened))
    head["embedded"] = [sha256 for sha256, _ in embedded]
    head["most"] = sized(MOST_EMBEDDED)
    first = plain_json({"kind": "head", "head": head})
    out.write(_opening(head, assets(), parts.letters | set(first)))
    out.write(_part(first))
    out.writelines(map(_part, parts.read()))
    out.writelines(_file(sha256, path) for sha256, path in embedded)
    out.write(f"<script>{assets().script}</script>\n</body>\n</html>\n")


def assets() -> Assets:
    """Read what was built; UnavailableError where the front end was not."""
    try:
        names = json.loads((_STATIC / "manifest.json").read_text(encoding="utf-8"))
        script, style, kinds, fonts = (
            (_STATIC / names[name]).read_text(encoding="utf-8")
            for name in ("viewer.js", "viewer.css", "kinds.svg", "fonts.json")
        )
    except (OSError, KeyError) as error:
        raise UnavailableError("The viewer was not built. Run `make setup`, or `npm run build`.") from error
    if _ENDS_A_SCRIPT.search(script) is not None or "</style" in style.lower():
        raise UnavailableError("The viewer was built in a way that no page can carry. Tell who looks after jpa.")
    return Assets(script, style, kinds, tuple(json.loads(fonts)))


def _opening(head: Mapping[str, Any], made: Assets, letters: Collection[str]) -> str:
    faces = "\n".join(_face(font) for font in made.fonts if _shows(font["range"], letters))
    title = escape(_UNSEEN.sub(" ", f"{head['package']['reference']}, {head['sender']['name']}"))
    policy = (
        f"default-src 'none'; script-src {_hash(made.script)}; style-src {_hash(made.style)} {_hash(faces)}; img-src data: blob:; "
        "font-src data:; form-action 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
    return f"""<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{title}, jpa</title>
<link rel="icon" href="data:,">
<style id="{_HELD}">{made.style}</style>
<style>{faces}</style>
</head>
<body class="viewer">
{_banner(head["marking"])}
{made.kinds.replace("<svg ", "<svg hidden ", 1)}
<div id="viewer"><noscript><p class="alert bad">This page shows a package with its own script, which your browser does not run. Open it in a current browser with scripts allowed.</p></noscript></div>
"""


def _banner(marking: Mapping[str, Any]) -> str:
    said = [marking["tlp"], *([marking["handling"]] if marking["handling"] else []), marking["pap"]]
    spans = "".join(f"<span>{escape(text)}</span>" for text in said)
    return f'<div class="marking {TLP_CLASS[Tlp(marking["tlp"])]}" role="region" aria-label="Marking">{spans}</div>'


def _part(text: str) -> str:
    return f'<script type="application/json" class="part">{text.translate(_INERT)}</script>\n'


def _file(sha256: str, path: Path) -> str:
    content = base64.b64encode(path.read_bytes()).decode()
    return f'<script type="text/plain" class="file" data-sha256="{sha256}">{content}</script>\n'


def _embedded(opened: Opened) -> Iterator[tuple[str, Path]]:
    left = MOST_EMBEDDED_ALL
    for sha256, size in {f.sha256: int(f.bytes) for f in opened.evidence()}.items():
        if size <= min(MOST_EMBEDDED, left):
            left -= size
            yield sha256, opened.file(sha256)


def _face(font: Mapping[str, str]) -> str:
    data = base64.b64encode((_STATIC / "fonts" / font["file"]).read_bytes()).decode()
    return (
        f'@font-face{{font-family:"Noto Sans jpa";font-style:normal;font-weight:{font["weight"]};'
        f'src:url("data:font/woff2;base64,{data}") format("woff2");unicode-range:{font["range"]}}}'
    )


def _shows(said: str, letters: Collection[str]) -> bool:
    """Say whether any of the letters, beyond what every text has, lies in a range of characters as style sheets write it."""
    for part in said.replace("U+", "").split(","):
        first, _, last = part.partition("-")
        least, most = int(first, 16), int(last or first, 16)
        if least == 0 or any(
            least <= ord(c) <= most for c in letters if ord(c) > 0xFF and not 0x2000 <= ord(c) < 0x2070
        ):
            return True
    return False


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
