"""Joint periods of action and investigation plans: the frames that cases are opened under."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jpa.errors import InvalidInputError
from jpa.graph import cases, frames
from jpa.graph.session import Tx
from jpa.model import states
from jpa.model.access import Action, Readership, can
from jpa.model.audit import AuditTag
from jpa.model.case import Jpa, Plan
from jpa.model.ids import new_id
from jpa.model.value_types import Context
from jpa.model.value_types.dates import clean_date
from jpa.services.stores import Ask, Event, Stores, found, read, write


@dataclass(frozen=True, slots=True)
class Frame:
    """A joint period with its plans."""

    jpa: Jpa
    plans: Sequence[Plan]

    def plan(self, plan: str) -> Plan:
        """Return one of its plans."""
        return found(next((p for p in self.plans if p.id == plan), None))


@dataclass(frozen=True, slots=True)
class TypedJpa:
    """What the form of a joint period says."""

    number: str
    name: str
    start: str
    end: str
    states: tuple[str, ...]
    focus: str = ""


@dataclass(frozen=True, slots=True)
class TypedPlan:
    """What the form of a plan says."""

    name: str
    states: tuple[str, ...]


def list_frames(stores: Stores, ask: Ask) -> list[Frame]:
    """List joint periods and plans: all to an administrator, to others those that their state takes part in."""
    event = Event(AuditTag.ADMINISTRATION_READ)
    rows = read(stores, ask, Action.READ_DIRECTORY, event, lambda tx, _: frames.frames_tx(tx, state=_state_of(ask)))
    return [Frame(*row) for row in rows]


def read_frame(stores: Stores, ask: Ask, jpa: str) -> Frame:
    """Read one joint period with its plans, under the same rule."""
    event = Event(AuditTag.ADMINISTRATION_READ, jpa)
    return read(stores, ask, Action.READ_DIRECTORY, event, lambda tx, _: _frame(tx, jpa, _state_of(ask)))


def create_jpa(stores: Stores, ask: Ask, typed: TypedJpa) -> Jpa:
    """Create a joint period; its number is nobody else's."""
    jpa = _understood(stores, ask, new_id(ask.at), typed)

    def work(tx: Tx, _: Readership, __: object) -> Jpa:
        _require_free(tx, jpa)
        cases.save_jpa_tx(tx, jpa)
        return jpa

    return write(stores, ask, Action.ADMINISTER, Event(AuditTag.JPA_CREATED, jpa.id), work)


def change_jpa(stores: Stores, ask: Ask, jpa: str, typed: TypedJpa) -> Jpa:
    """Change a joint period; a state that is party to one of its plans stays."""
    changed = _understood(stores, ask, jpa, typed)

    def work(tx: Tx, _: Readership, __: object) -> Jpa:
        before = _frame(tx, jpa)
        _require_free(tx, changed)
        for plan in before.plans:
            gone = [states.name_of(s) for s in plan.states if s not in changed.states]
            if len(gone) > 0:
                raise InvalidInputError(
                    "The joint period was not changed.",
                    {"states": f"{', '.join(gone)} is party to {plan.name}; change that plan first."},
                )
        cases.save_jpa_tx(tx, changed)
        return changed

    return write(stores, ask, Action.ADMINISTER, Event(AuditTag.JPA_CHANGED, jpa), work)


def create_plan(stores: Stores, ask: Ask, jpa: str, typed: TypedPlan) -> Plan:
    """Create an investigation plan under a joint period."""
    return _save_plan(stores, ask, Plan(new_id(ask.at), jpa, typed.name, typed.states), AuditTag.PLAN_CREATED)


def change_plan(stores: Stores, ask: Ask, jpa: str, plan: str, typed: TypedPlan) -> Plan:
    """Change a plan's name or parties."""
    return _save_plan(stores, ask, Plan(plan, jpa, typed.name, typed.states), AuditTag.PLAN_CHANGED)


def _save_plan(stores: Stores, ask: Ask, typed: Plan, tag: AuditTag) -> Plan:
    def work(tx: Tx, _: Readership, __: object) -> Plan:
        frame = _frame(tx, typed.jpa)
        if tag is AuditTag.PLAN_CHANGED:
            frame.plan(typed.id)
        plan = Plan(typed.id, typed.jpa, typed.name.strip(), tuple(s for s in frame.jpa.states if s in typed.states))
        problems = {}
        if plan.name == "" or len(plan.name) > 200:
            problems["name"] = "Enter the plan's name, of at most 200 characters."
        elif any(p.name.casefold() == plan.name.casefold() and p.id != plan.id for p in frame.plans):
            problems["name"] = f"There is a plan {plan.name} under {frame.jpa.name} already; choose another name."
        if len(plan.states) < 2:
            problems["states"] = "Choose two or more of the states that take part in the joint period."
        if len(problems) > 0:
            raise InvalidInputError("The plan was not saved.", problems)
        cases.save_plan_tx(tx, plan)
        return plan

    return write(stores, ask, Action.ADMINISTER, Event(tag, typed.id, {"jpa": typed.jpa}), work)


def _frame(tx: Tx, jpa: str, state: str | None = None) -> Frame:
    return Frame(*found(next(iter(frames.frames_tx(tx, state=state, jpa=jpa)), None)))


def _state_of(ask: Ask) -> str | None:
    return None if can(ask.officer, Action.ADMINISTER) else ask.officer.state


def _understood(stores: Stores, ask: Ask, jpa: str, typed: TypedJpa) -> Jpa:
    problems: dict[str, str] = {}
    known = dict(states.choices(demo=stores.settings.demo))
    number = typed.number.strip()
    if not (number.isascii() and number.isdigit() and len(number) <= 4 and int(number) >= 1):
        problems["number"] = "Enter the joint period's number, from 1 to 9999."
    if typed.name.strip() == "" or len(typed.name.strip()) > 200:
        problems["name"] = "Enter a name of at most 200 characters, for example JPA 3, 2024."
    start, end = (_day(ask, text) for text in (typed.start, typed.end))
    for field, day in (("start", start), ("end", end)):
        if day is None:
            problems[field] = "Enter a whole day, as 2024-03-12 or 12.03.2024."
    if start is not None and end is not None and end <= start:
        problems["end"] = "The end must come after the start."
    taking_part = tuple(code for code in known if code in typed.states)
    if len(taking_part) < 2:
        problems["states"] = "Choose at least two participating states."
    if len(typed.focus.strip()) > 500:
        problems["focus"] = "Use at most 500 characters for the focus."
    if start is None or end is None or len(problems) > 0:
        raise InvalidInputError("The joint period was not saved.", problems)
    return Jpa(jpa, int(number), typed.name.strip(), start, end, taking_part, typed.focus.strip())


def _day(ask: Ask, text: str) -> str | None:
    clean = clean_date(text, Context(state=ask.officer.state, today=ask.at.date())).clean
    return clean if clean is not None and len(clean) == 10 else None


def _require_free(tx: Tx, jpa: Jpa) -> None:
    holder = frames.numbered_tx(tx, jpa.number)
    if holder is not None and holder != jpa.id:
        raise InvalidInputError(
            "The joint period was not saved.", {"number": f"Number {jpa.number} is taken; choose the next free one."}
        )


def as_typed(jpa: Jpa) -> Mapping[str, str]:
    """Return what the form shows of a joint period that stands already."""
    return {"number": str(jpa.number), "name": jpa.name, "start": jpa.start, "end": jpa.end, "focus": jpa.focus}
