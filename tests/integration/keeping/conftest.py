"""One small installation with something of each kind, and its backup, made from the command line."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jpa.cli import main
from jpa.config import Settings, load_settings
from jpa.graph.content import content_hash
from jpa.model.case import Agency
from jpa.model.draft import TypedLink, TypedRecord, TypedReport, TypedVictim
from jpa.model.grading import Grade
from jpa.model.marking import Marking
from jpa.model.officer import Role
from jpa.operations.envelope import Key, unseal
from jpa.services import agencies, cases, reports
from jpa.services.cases import NewCase
from jpa.services.installation import Installation, migrate_all, opened
from jpa.services.stores import Ask

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery staple"
RELEASE = "5e" * 16
FROZEN = b"rows of a release"
PASSPHRASE = "seven brown boats under the moon"


@dataclass(frozen=True, slots=True)
class Kept:
    """What was put in, to be found again."""

    settings: Settings
    backup: Path
    told: str
    hash: str
    case: str
    evidence: str


def of_home(home: Path) -> Settings:
    return load_settings(home=home, neo4j_heap="256m", neo4j_pagecache="64m")


def jpa_at(home: Path, *arguments: str, typed: str = "", **more: str) -> Result:
    """Run a command as its user would, in a home of its own."""
    variables = {"JPA_HOME": str(home), "JPA_NEO4J_HEAP": "256m", "JPA_NEO4J_PAGECACHE": "64m", **more}
    return CliRunner().invoke(main, list(arguments), input=typed, env=variables)


def filled(installation: Installation) -> tuple[str, str]:
    migrate_all(installation, NOW)
    account = installation.accounts.create(
        login="wulan", name="Wulan", agency="tip", state="XA", roles=frozenset({Role.LEAD, Role.CONTRIBUTE}),
        password=PASSWORD, at=NOW,
    )  # fmt: skip
    agencies.save_agency(installation.stores, Agency("tip", "Tenggara Immigration Police", "XA"), NOW)
    agencies.save_officer(installation.stores, account.officer, NOW, active=True)
    ask = Ask(account.officer, NOW)
    case = cases.open_case(installation.stores, ask, NewCase("T-1", "Crossing")).id
    records = (
        TypedRecord("1", "Person", {"name": ["Rahim Uddin"]}),
        TypedRecord("2", "Phone", {"number": ["+66898259791"]}),
    )
    report = TypedReport(
        case, "Boarding report", "R-1", "2024", Grade("4x4", "A", "1"), Marking(), records=records,
        links=(TypedLink("USES", "1", "2"),), victims=(TypedVictim({"name": ["Amina Begum"]}, {}),),
    )  # fmt: skip
    reports.add_report(installation.stores, ask, report)
    installation.stores.releases.put(RELEASE, io.BytesIO(FROZEN))
    return case, installation.stores.evidence.put(case, io.BytesIO(b"a photograph")).digest


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory, founded: Callable[[Settings], Settings]) -> Kept:
    folder = tmp_path_factory.mktemp("kept")
    settings = founded(of_home(folder / "home"))
    with opened(settings) as installation:
        case, evidence = filled(installation)
        hashed = content_hash(installation.stores.graph)
    made = jpa_at(settings.home, "backup", str(folder / "a.backup"), typed=f"{PASSPHRASE}\n{PASSPHRASE}\n")
    assert made.exit_code == 0, made.output
    return Kept(settings, folder / "a.backup", made.output, hashed, case, evidence)


@pytest.fixture(scope="session")
def plain(kept: Kept, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive inside the backup, to be damaged."""
    archive = tmp_path_factory.mktemp("plain") / "archive.tar"
    unseal(kept.backup, Key(passphrase=PASSPHRASE), archive)
    return archive
