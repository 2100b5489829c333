"""The law of the region's states: what is charged, under which article, and what that is in the ICCS, with how sure that is."""

from typing import Final

from jpa.world.plan import Properties

CHARGES: Final = (
    "bringing migrants across the border for gain", "conduct endangering lives", "holding persons for ransom", "forgery of travel papers",
    "money laundering", "membership of a criminal group", "bribery of an officer", "carrying passengers without a licence",
    "concealing persons from inspection", "assault", "unlawful use of a vessel", "harbouring", "obstruction",
)  # fmt: skip
"""Thirteen kinds of charge; one person can face several."""
_SECTIONS: Final = ("63(1)", "285", "347", "463", "4(1)", "130V", "161", "17(2)", "56(1)", "323", "25", "55E", "186")
"""Section of each charge in every state's law, in the same order."""
_MAPPED: Final = (
    ("08051", "exact"), ("0207", "partial"), ("020221", "exact"), ("07023", "exact"), ("07041", "probable"), ("09051", "probable"),
    ("07031", "probable"), None, ("08051", "probable"), ("02011", "exact"), None, ("08051", "partial"), ("08", "partial"),
)  # fmt: skip
"""ICCS code of each charge with its confidence; None: nobody has mapped the article yet, and its figures are unknown."""
_LAWS: Final = {"XA": "Penal Code", "XB": "Criminal Code", "XC": "Penal Act", "XD": "Criminal Act", "XE": "Penal Law"}
_SINCE: Final = {"XA": "1998-03-01", "XB": "2003-01-01", "XC": "2001-07-15", "XD": "2010-01-01", "XE": "2006-10-01"}


def charged_with(state: str, charge: str) -> Properties:
    """Return the article of a charge as a court of the state cites it; the table of articles knows its code."""
    return {"article": (_cited(state, CHARGES.index(charge)),)}


def articles_of(state: str) -> list[dict[str, str]]:
    """Return the rows of a state's table of articles, as its supervisor would type them."""
    return [
        {
            "article": _cited(state, place), "offence": mapped[0], "confidence": mapped[1], "valid_from": _SINCE[state],
            "source": f"{_LAWS[state]}, consolidated text",
        }
        for place, mapped in enumerate(_MAPPED)
        if mapped is not None
    ]  # fmt: skip


def _cited(state: str, place: int) -> str:
    return f"{_LAWS[state]} s. {_SECTIONS[place]}"
