"""Proof 14: whoever races to release a draft, or to sign its coded summary, one of the others succeeds and its maker never does."""

import random
from collections.abc import Callable, Sequence
from threading import Barrier, Thread
from typing import Final

from jpa.errors import JpaError
from jpa.model.agreement import Purpose, Way
from jpa.model.case import Agency
from jpa.model.draft import TypedRecord, TypedReport
from jpa.model.grading import Grade
from jpa.model.marking import Marking, Release, Tlp
from jpa.model.officer import Role
from jpa.model.package import Package, Selection
from jpa.model.summary import SummaryAsk
from jpa.services import agencies, agency_keys, agreement_drafts, cases, package_signing, packages, reports
from jpa.services.agreement_drafts import TypedAgreement
from jpa.services.cases import NewCase
from jpa.services.installation import Installation
from jpa.services.package_setting import Order
from jpa.services.stores import Ask
from tests.proofs.worlds import NOW

PASSWORD: Final = "correct horse battery staple"
MONEY: Final = Purpose.MONEY.value


class Releases:
    """A case that can be sent, and officers who can draft and release; each may also make the draft."""

    def __init__(self, here: Installation) -> None:
        self.here = here
        stores = here.stores
        own, partner = Agency("race", "Racing Agency", "XA"), Agency("goal", "Receiving Agency", "XB")
        for agency in (own, partner):
            agencies.save_agency(stores, agency, NOW)
        self.officers = [self._officer(n, Role.LIAISON, Role.LEAD, Role.CONTRIBUTE, Role.SUPERVISOR) for n in range(4)]
        chief = self._officer(9, Role.ADMINISTRATOR)
        agency_keys.pin_key(stores, chief, "goal", agency_keys.own_key(stores, "goal", "XB").card.text)
        typed = TypedAgreement("Memo", "basis", ("goal",), (MONEY,), (Way.PACKAGE.value,), "2020-01-01", "2090-01-01")
        drafted = agreement_drafts.draft_agreement(stores, self.officers[0], typed)
        self.agreement = agreement_drafts.sign_agreement(stores, self.officers[1], drafted.id, "goal").id
        self.case = cases.open_case(stores, self.officers[0], NewCase("R-1", "Race", open_in_agency=True)).id
        marking = Marking(Tlp.AMBER, Release.NAMED_STATES, ("XB",))
        person = TypedRecord("1", "Person", {"name": ["Rahim Uddin"]})
        aboard = [TypedRecord(str(n), "Person", {"name": [f"Nur {n}"]}, role="smuggled migrant") for n in range(2, 14)]
        records = (person, *aboard)
        report = TypedReport(self.case, "Report", "R", "2024", Grade("4x4", "A", "1"), marking, records=records)
        reports.add_report(stores, self.officers[0], report)

    def _officer(self, n: int, *roles: Role) -> Ask:
        account = self.here.accounts.create(
            login=f"race-{n}", name=f"Racer {n}", agency="race", state="XA", roles=frozenset(roles), password=PASSWORD,
            at=NOW, must_change=False,
        )  # fmt: skip
        agencies.save_officer(self.here.stores, account.officer, NOW, active=True)
        return Ask(account.officer, NOW)


def check_approvals(stage: Releases, seed: int) -> str:
    """Let every officer but the maker, and the maker twice, release one draft, or sign the coded summary of one, at once."""
    rng = random.Random(f"race {seed}")
    stores = stage.here.stores
    maker, *others = rng.sample(stage.officers, rng.randint(2, 4))
    signing = rng.random() < 0.5
    selection = Selection(summary=SummaryAsk("art. 10", "planning") if signing else None)
    draft = packages.draft_package(stores, maker, Order(stage.case, "goal", stage.agreement, MONEY, selection))
    act = package_signing.sign_summary if signing else packages.release_package
    done = _raced(stage, draft.id, [*others, maker, maker], act)
    acts = packages.find_package(stores, maker, draft.id).acts
    if maker.officer.id in done or any(a.by == maker.officer.id for a in acts):
        return "its maker signed or released a draft"
    if not len(done) == len(acts) == 1:
        return f"{len(done)} signed or released it, and {len(acts)} acts stand"
    if signing:
        packages.discard_package(stores, maker, draft.id, "raced")
    return ""


def _raced(stage: Releases, draft: str, racing: Sequence[Ask], act: Callable[..., Package]) -> list[str]:
    """Let officers do the same at once; returns who did it."""
    start, done = Barrier(len(racing)), list[str]()

    def run(ask: Ask) -> None:
        start.wait()
        try:
            act(stage.here, ask, draft, PASSWORD, "")
            done.append(ask.officer.id)
        except JpaError:
            pass

    threads = [Thread(target=run, args=(ask,)) for ask in racing]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done
