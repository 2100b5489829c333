"""Pictures that a telephone reads: QR codes of our own texts, as SVG without script or style."""

import io

import segno
from markupsafe import Markup


def drawn(text: str) -> Markup:
    """Draw a text as a QR code."""
    picture = io.BytesIO()
    segno.make(text, micro=False).save(
        picture, kind="svg", scale=4, xmldecl=False, nl=False, svgclass=None, lineclass=None
    )
    return Markup(picture.getvalue().decode())  # noqa: S704 -- made by segno from our own text
