"""Joint periods of action and investigation plans: the frames that cases are opened under."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from jpa.errors import InvalidInputError
from jpa.graph import agencies, cases, frames
from jpa.graph.session import Tx
from jpa.model import states
from jpa.model.access import Action, Readership, can
from jpa.model.audit import AuditTag
from jpa.model.case import Jpa, Plan
from jpa.model.ids import new_id
from jpa.model.value_types import Context
from jpa.model.value_types.dates import clean_date
from jpa.services.stores import Ask, Event, Stores, found, read, write

MOST_PARTIES: Final = 60
"""Observers or co-chairs of one joint period: more than the Bali Process has members and partners."""
LONGEST_PARTY: Final = 100


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
    observers: str = ""
    """States and organisations, one a line."""
    co_chairs: str = ""
    coordinator: str = ""
    """Id of the agency that gathers the returns."""


@dataclass(frozen=True, slots=True)
class TypedPlan:
    """What the form of a plan says."""

    name: str
    states: tuple[str, ...]


def list_frames(stores: Stores, ask: Ask) -> list[Frame]:
    """List joint periods and plans: all to an administrator, to others those that their state takes part in."""
    event = Event(AuditTag.ADMINISTRATION_READ)
    rows = read(stores, ask, Action.READ_DIRECTORY, event, lambda tx, _: frames.frames_tx(tx, state=state_of(ask)))
    return [Frame(*row) for row in rows]


def read_frame(stores: Stores, ask: Ask, jpa: str) -> Frame:
    """Read one joint period with its plans, under the same rule."""
    event = Event(AuditTag.ADMINISTRATION_READ, jpa)
    return read(stores, ask, Action.READ_DIRECTORY, event, lambda tx, _: frame_tx(tx, jpa, state_of(ask)))


def create_jpa(stores: Stores, ask: Ask, typed: TypedJpa) -> Jpa:
    """Create a joint period; its number is nobody else's."""
    jpa = _understood(stores, ask, new_id(ask.at), typed)

    def work(tx: Tx, _: Readership, __: object) -> Jpa:
        _require_free(tx, jpa)
        _require_coordinator(tx, jpa)
        cases.save_jpa_tx(tx, jpa)
        return jpa

    return write(stores, ask, Action.ADMINISTER, Event(AuditTag.JPA_CREATED, jpa.id), work)


def change_jpa(stores: Stores, ask: Ask, jpa: str, typed: TypedJpa) -> Jpa:
    """Change a joint period; a state that is party to one of its plans stays."""
    said = _understood(stores, ask, jpa, typed)

    def work(tx: Tx, _: Readership, __: object) -> Jpa:
        before = frame_tx(tx, jpa)
        changed = replace(said, meetings=before.jpa.meetings, targets=before.jpa.targets)
        _require_free(tx, changed)
        _require_coordinator(tx, changed)
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
        frame = frame_tx(tx, typed.jpa)
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


def frame_tx(tx: Tx, jpa: str, state: str | None = None) -> Frame:
    """Return a joint period with its plans; of a state, only one that it takes part in."""
    return Frame(*found(next(iter(frames.frames_tx(tx, state=state, jpa=jpa)), None)))


def state_of(ask: Ask) -> str | None:
    """Return the state whose joint periods the officer sees; None: all."""
    return None if can(ask.officer, Action.ADMINISTER) else ask.officer.state


def _understood(stores: Stores, ask: Ask, jpa: str, typed: TypedJpa) -> Jpa:
    problems: dict[str, str] = {}
    known = dict(states.choices(demo=stores.settings.demo))
    number = typed.number.strip()
    if not (number.isascii() and number.isdigit() and len(number) <= 4 and int(number) >= 1):
        problems["number"] = "Enter the joint period's number, from 1 to 9999."
    if typed.name.strip() == "" or len(typed.name.strip()) > 200:
        problems["name"] = "Enter a name of at most 200 characters, for example JPA 3, 2024."
    start, end = (day_in(ask, text) for text in (typed.start, typed.end))
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
    observers, co_chairs = parties_of(typed.observers), parties_of(typed.co_chairs)
    problems |= _problems_of_parties(observers, co_chairs, taking_part)
    if start is None or end is None or len(problems) > 0:
        raise InvalidInputError("The joint period was not saved.", problems)
    name, focus = typed.name.strip(), typed.focus.strip()
    return Jpa(
        jpa,
        int(number),
        name,
        start,
        end,
        taking_part,
        focus,
        observers,
        co_chairs,
        coordinator=typed.coordinator.strip(),
    )


def parties_of(lines: str) -> tuple[str, ...]:
    """Understand lines of states and organisations: a state becomes its code, anything else stays as typed; each once."""
    typed = [" ".join(part.split()) for line in lines.splitlines() for part in line.split(";")]
    return tuple(dict.fromkeys(_STATES.get(party.casefold(), party) for party in typed if party != ""))


_STATES: Final = {name.casefold(): code for code, name in (*states.MEMBERS, *states.FICTIONAL)} | {
    code.casefold(): code for code, _ in (*states.MEMBERS, *states.FICTIONAL)
}


def _problems_of_parties(
    observers: Sequence[str], co_chairs: Sequence[str], taking_part: Sequence[str]
) -> dict[str, str]:
    problems = {}
    for field, parties in (("observers", observers), ("co_chairs", co_chairs)):
        if len(parties) > MOST_PARTIES or any(len(party) > LONGEST_PARTY for party in parties):
            problems[field] = f"Use at most {MOST_PARTIES} lines of at most {LONGEST_PARTY} characters."
    both = [states.name_of(party) for party in observers if party in taking_part]
    if len(both) > 0:
        problems["observers"] = f"{', '.join(both)} takes part already; leave it out of one of the two."
    return problems


def day_in(ask: Ask, text: str) -> str | None:
    """Return the whole day that was typed; None for anything else."""
    clean = clean_date(text, Context(state=ask.officer.state, today=ask.at.date())).clean
    return clean if clean is not None and len(clean) == 10 else None


def _require_free(tx: Tx, jpa: Jpa) -> None:
    holder = frames.numbered_tx(tx, jpa.number)
    if holder is not None and holder != jpa.id:
        raise InvalidInputError(
            "The joint period was not saved.", {"number": f"Number {jpa.number} is taken; choose the next free one."}
        )


def _require_coordinator(tx: Tx, jpa: Jpa) -> None:
    agency = agencies.agency_tx(tx, jpa.coordinator) if jpa.coordinator else None
    if jpa.coordinator and (agency is None or agency.state not in jpa.states):
        problem = "Choose an agency of a state that takes part; its figures take in the returns of all others."
        raise InvalidInputError("The joint period was not saved.", {"coordinator": problem})


def as_typed(jpa: Jpa) -> Mapping[str, str]:
    """Return what the form shows of a joint period that stands already."""
    parties = {
        field: "\n".join(states.name_of(party) for party in listed)
        for field, listed in (("observers", jpa.observers), ("co_chairs", jpa.co_chairs))
    }
    return {
        "number": str(jpa.number), "name": jpa.name, "start": jpa.start, "end": jpa.end, "focus": jpa.focus, **parties,
        "coordinator": jpa.coordinator,
    }  # fmt: skip
