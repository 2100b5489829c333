"""What a careful clerk claims: what came of which joint period, and what must not be credited to it."""

from collections.abc import Mapping, Sequence

from jpa.world.camp import camp_claims
from jpa.world.cases import LEAD_CASES, OLD_CAMP
from jpa.world.justice import Trial
from jpa.world.plan import JPAS, STATE_OF, Outcome, WorldCase, WorldClaim, WorldJpa


def draw_claims(trials: Sequence[Trial], outcomes: Sequence[Outcome]) -> list[WorldClaim]:
    """Claim the camp, the lead case, each case that reached a court (the first that two joint periods moved is split), and own work."""
    openings = {o.case: place for place, o in enumerate(outcomes) if o.stage == "investigation opened"}
    claims = camp_claims(OLD_CAMP, JPAS[0], openings[OLD_CAMP.number])
    claims += _claims_of(LEAD_CASES[0], JPAS[2], openings)
    claimed = {OLD_CAMP.number, LEAD_CASES[0].number}
    split = False
    for trial in trials:
        if trial.case.number in claimed:
            continue
        claimed.add(trial.case.number)
        other = None if split else _other(trial)
        split = split or other is not None
        claims += _claims_of(trial.case, trial.jpa, openings, other)
    return claims + _claims_without_case(outcomes)


def _claims_without_case(outcomes: Sequence[Outcome]) -> list[WorldClaim]:
    """Claim all that each agency did under a joint period without a case: it was planned as work of that period."""
    names = {jpa.number: jpa.name for jpa in JPAS}
    own = dict.fromkeys((o.agency, o.jpa) for o in outcomes if o.case == "")
    return [
        WorldClaim(
            "", jpa, "opened under", "1", f"Agreed at the planning meeting of {names[jpa]} and held for it.",
            f"minutes of the planning meeting, {names[jpa]}", agency=agency,
        )
        for agency, jpa in own
    ]  # fmt: skip


def _other(trial: Trial) -> WorldJpa | None:
    state = STATE_OF[trial.case.agency]
    return next((jpa for jpa in JPAS if jpa.number != trial.jpa.number and state in jpa.states), None)


def _claims_of(
    case: WorldCase, jpa: WorldJpa, openings: Mapping[str, int], other: WorldJpa | None = None
) -> list[WorldClaim]:
    inside = jpa.start <= case.opened <= jpa.end
    basis = "opened under" if inside else "advanced under"
    reason = (
        f"Opened as work under {jpa.plan} of {jpa.name}."
        if inside
        else f"Partners of {jpa.plan} named the men behind it at the mid-point meeting of {jpa.name}."
    )
    evidence = f"minutes of {jpa.plan}"
    if other is None:
        claims = [WorldClaim(case.number, jpa.number, basis, "1", reason, evidence)]
    else:
        claims = [
            WorldClaim(case.number, jpa.number, basis, "1/2", reason, evidence),
            WorldClaim(
                case.number, other.number, "intelligence from", "1/2",
                f"The account and half of the names came out of {other.plan} of {other.name}.", f"minutes of {other.plan}",
            ),
        ]  # fmt: skip
    if case.opened < jpa.start:
        why = f"The investigation was opened before {jpa.name} began."
        claims.append(WorldClaim(case.number, jpa.number, "coincident", "1", why, "", openings[case.number]))
    return claims
