"""What a notice can say: checked before it is kept as a draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from jpa.errors import InvalidInputError
from jpa.graph.notices import Content
from jpa.model.marking import Marking, Pap, Release, Tlp
from jpa.model.notice import Item, Marked, NoticeKind, RecallReason, What
from jpa.model.package import Package
from jpa.services.stores import Ask
from jpa.sharing.notice import Remarked

NOT_DRAFTED: Final = "Nothing was drafted."
LONGEST: Final = timedelta(days=366)
"""A deadline beyond this is none."""
_LONGEST_TEXT: Final = 500
TIME_TO_ANSWER: Final = timedelta(days=14)
"""Deadline that is proposed."""


@dataclass(frozen=True, slots=True)
class TypedNotice:
    """What an officer wants to recall or correct. No item recalls the whole package."""

    kind: NoticeKind
    deadline: str
    reason: str = ""
    """Of a recall: one of `RecallReason`."""
    items: Sequence[str] = ()
    """Ids of reports, records and links that the package holds."""
    marked: Sequence[Marked] = ()
    text: str = ""


def require_sound(ask: Ask, typed: TypedNotice) -> None:
    """Refuse what cannot be kept; every problem is named at once."""
    fields = {}
    today = ask.at.date()
    try:
        day = date.fromisoformat(typed.deadline)
    except ValueError:
        fields["deadline"] = "Enter a day as 2026-12-31."
    else:
        if not today <= day <= today + LONGEST:
            fields["deadline"] = "Choose a day from today on, within a year."
    if typed.kind is NoticeKind.RECALL and typed.reason not in set(RecallReason):
        fields["reason"] = f"Choose one of: {', '.join(RecallReason)}."
    if typed.kind is NoticeKind.CORRECTION and len(typed.items) + len(typed.marked) == 0:
        fields["items"] = "Name what is no longer so, or a report that is marked otherwise."
    if len(typed.text) > _LONGEST_TEXT:
        fields["text"] = f"At most {_LONGEST_TEXT} characters."
    for marked in typed.marked:
        try:
            marking_of(marked)
        except (InvalidInputError, ValueError) as error:
            fields["marking"] = str(error)
    if len(fields) > 0:
        raise InvalidInputError(NOT_DRAFTED, fields)


def marking_of(this: Marked | Remarked) -> Marking:
    """Return a new marking; InvalidInputError where its parts do not go together."""
    return Marking(Tlp(this.tlp), Release(this.release), tuple(this.names), this.handling, Pap(this.pap))


def items_of(content: Content, package: Package, typed: TypedNotice) -> tuple[Item, ...]:
    """Say what each id is, in the package; InvalidInputError for what it does not hold."""
    if typed.kind is NoticeKind.RECALL and len(typed.items) == 0:
        return (Item(What.PACKAGE, package.id, typed.reason),)
    kinds = {
        **dict.fromkeys(content.links, What.LINK),
        **dict.fromkeys(content.records, What.RECORD),
        **dict.fromkeys(content.reports, What.REPORT),
    }
    strange = [i for i in typed.items if i not in kinds]
    if len(strange) > 0 or any(m.report not in content.reports for m in typed.marked):
        raise InvalidInputError(
            NOT_DRAFTED, {"items": "This package does not hold all of that. Copy the ids from its page."}
        )
    reason = typed.reason if typed.kind is NoticeKind.RECALL else ""
    return tuple(Item(kinds[i], i, reason) for i in dict.fromkeys(typed.items))
