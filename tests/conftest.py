"""One real Neo4j for the whole run; every test that writes starts from an empty graph."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from jpa.config import Settings, load_settings
from jpa.graph import class_archive, server
from jpa.graph.cypher import upkeep
from jpa.model.case import Agency
from jpa.model.officer import Officer, Role
from jpa.services import agencies
from jpa.services.installation import Installation, migrate_all, opened
from jpa.services.stores import Ask, Stores

TESTS = Path(__file__).parent
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
# Servers that live for minutes over graphs that are emptied again and again: Java does best when it compiles lightly, soon (and has
# room for all of it) and collects garbage simply, Neo4j when it keeps a plan although the counts of nodes change.
os.environ.setdefault(  # noqa: TID251 -- before any settings are read
    "JPA_NEO4J_JAVA",
    "-XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=0.2 -XX:ReservedCodeCacheSize=160m -XX:-UseG1GC -XX:+UseSerialGC",
)
os.environ.setdefault(  # noqa: TID251 -- as above
    "JPA_NEO4J_CONF", "dbms.cypher.min_replan_interval=1h server.memory.query_cache.per_db_cache_num_entries=8000"
)
OWN_HOMES = ("tutorial", "integration/keeping", "integration/post", "integration/jobs", "integration/graph")
"""Folders whose tests found installations of their own, a minute's work that their modules share."""
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Some thousand log-ins are made and entered: what costs an attacker would cost the tests minutes."""
EMPTY = upkeep("MATCH (n) WHERE NOT n:Migration AND NOT n:MigrationLock DETACH DELETE n")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `make prove` take the tutorial's lists of people whole."""
    parser.addoption("--people", type=int, default=600, help="people of each list of the tutorial's second chapter")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what is dear to split first, and quick tests last.

    Each of several processes begins with its share of the list, and whoever is done takes tests from the end of another's: modules that
    share costly fixtures must not stand there.
    """
    shares: list[list[pytest.Item]] = [[] for _ in range(int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))]  # noqa: TID251 -- how many share the run
    quick = [item for item in items if item.get_closest_marker("fast") is not None]
    slow = [item for item in items if item.get_closest_marker("fast") is None]
    for _, alike in groupby(sorted(slow, key=_place), key=_place):
        min(shares, key=len).extend(alike)
    whole = len(items)
    for place, share in enumerate(shares):
        room = (place + 1) * whole // len(shares) - place * whole // len(shares) - len(share)
        share.extend(quick[: max(0, room)])
        del quick[: max(0, room)]
    items[:] = [item for share in shares for item in share] + quick


def _place(item: pytest.Item) -> tuple[bool, str]:
    folder = item.path.parent.relative_to(TESTS).as_posix()
    return (False, folder) if folder in OWN_HOMES else (True, item.path.relative_to(TESTS).as_posix())


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home: Path = tmp_path_factory.mktemp("home")
    return load_settings(
        home=home, neo4j_heap="512m", neo4j_pagecache="128m", demo=True, ratelimit=False, blind_step=0.05
    )


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Settings], Settings]:
    """Give a new home its Neo4j with an empty store at the newest schema: made once for all processes of the run, and copied."""
    base = tmp_path_factory.getbasetemp()
    run = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base  # noqa: TID251 -- which process of the run this is
    seed = load_settings(home=run / "seed", neo4j_heap="256m", neo4j_pagecache="64m")

    def give(settings: Settings) -> Settings:
        with seed.home.with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            first = not (made := seed.home / "made").exists()
            if first:
                with opened(seed) as here:
                    migrate_all(here, NOW)
                server.stop_server(seed)
                made.touch()
        if first:
            class_archive.make(seed.neo4j_home, seed.jar_folder)
        shutil.copytree(seed.neo4j_home / "lib", settings.neo4j_home / "lib", copy_function=os.link)
        shutil.copytree(seed.neo4j_home / "data", settings.neo4j_home / "data")
        settings.secrets_dir.mkdir(mode=0o700)
        shutil.copy(seed.secrets_dir / "neo4j", settings.secrets_dir / "neo4j")
        return settings

    return give


@pytest.fixture(scope="session")
def installation(settings: Settings, founded: Callable[[Settings], Settings]) -> Iterator[Installation]:
    with opened(founded(settings)) as made:
        migrate_all(made, NOW)
        made.accounts.hasher = CHEAP
        made.operations.power_safe = False  # the tests kill processes; none of them cuts the power
        yield made


@pytest.fixture
def stores(installation: Installation) -> Stores:
    return emptied(installation)


def emptied(installation: Installation) -> Stores:
    """Leave two agencies in the graph and nothing else."""
    installation.stores.graph.upkeep(lambda tx: tx.run(EMPTY).consume())
    for agency in (Agency("tip", "Tenggara Immigration Police", "XA"), Agency("ucg", "Utara Coast Guard", "XB")):
        agencies.save_agency(installation.stores, agency, NOW)
    return installation.stores


@pytest.fixture
def wulan(stores: Stores) -> Ask:
    return officer(stores, "wulan", "tip", "XA", Role.CONTRIBUTE, Role.LEAD, Role.ANALYST)


@pytest.fixture
def prasert(stores: Stores) -> Ask:
    return officer(stores, "prasert", "ucg", "XB", Role.CONTRIBUTE, Role.LEAD, Role.ANALYST)


def officer(stores: Stores, login: str, agency: str, state: str, *roles: Role) -> Ask:
    """Make an officer who may act."""
    made = Officer(login, login, login.title(), agency, state, frozenset(roles))
    agencies.save_officer(stores, made, NOW, active=True)
    return Ask(made, NOW)
