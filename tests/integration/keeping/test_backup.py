"""Backup and restore, driven as the owner of the folder does."""

import tarfile
from hashlib import sha256
from pathlib import Path

import pyrage
import pytest

from jpa.graph.content import content_hash
from jpa.graph.server import read_run_file
from jpa.model.audit import AuditTag, Outcome
from jpa.operations.archive import unpack
from jpa.operations.envelope import Key, unseal
from jpa.services.installation import opened, reconcile
from tests.integration.keeping.conftest import FROZEN, NOW, PASSPHRASE, PASSWORD, RELEASE, Kept, jpa_at, of_home


@pytest.fixture(scope="module")
def second(kept: Kept, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The backup restored on another machine, and what the command said."""
    home = tmp_path_factory.mktemp("second") / "new" / "home"
    told = jpa_at(home, "restore", str(kept.backup), typed=f"{PASSPHRASE}\n")
    assert told.exit_code == 0, told.output
    return home, told.output


def test_a_backup_restored_on_an_empty_machine_is_the_same_installation(kept: Kept, second: tuple[Path, str]) -> None:
    home, told = second

    with opened(of_home(home)) as installation:
        stores = installation.stores
        events = [(e.tag, e.outcome) for e in stores.audit.events()]
        hashed = content_hash(stores.graph)
        left_open = reconcile(installation, NOW)

    assert kept.hash in told
    assert hashed == kept.hash
    assert installation.accounts.authenticate("wulan", PASSWORD, "", NOW).login == "wulan"
    assert b"".join(stores.evidence.pieces(kept.case, kept.evidence)) == b"a photograph"
    assert b"".join(stores.releases.pieces(RELEASE, sha256(FROZEN).hexdigest())) == FROZEN
    assert stores.vault.mentions(kept.case, "amina begum was here")
    assert stores.audit.verify().whole
    assert (AuditTag.BACKUP_MADE, Outcome.DONE) in events
    assert (AuditTag.BACKUP_RESTORED, Outcome.DONE) in events
    assert left_open == 0


def test_what_is_restored_belongs_to_its_owner_alone_and_the_server_has_a_password_of_its_own(
    kept: Kept, second: tuple[Path, str]
) -> None:
    home = second[0]

    files = [*(home / "secrets").rglob("*"), *(home / "evidence").rglob("*"), home / "operations.sqlite"]

    assert [p.name for p in home.parent.iterdir()] == ["home"]
    assert [p for p in (home, home / "secrets", home / "evidence", *files) if p.stat().st_mode & 0o077] == []
    assert (home / "secrets" / "neo4j").read_text() != (kept.settings.secrets_dir / "neo4j").read_text()
    assert (home / "secrets" / "vault").read_text() == (kept.settings.secrets_dir / "vault").read_text()


def test_the_listing_tells_classes_and_sizes_and_nothing_of_the_content(kept: Kept) -> None:
    words = kept.told.split()

    assert {"graph", "operations", "keys", "evidence", "releases", "audit"} <= set(words)
    assert kept.hash in kept.told
    for hidden in (kept.case, kept.evidence, "Rahim", "Amina", "wulan"):
        assert hidden not in kept.told
        assert hidden.encode() not in kept.backup.read_bytes()


def test_a_backup_leaves_no_copy_behind(kept: Kept, plain: Path) -> None:
    with tarfile.open(plain) as archive:
        names = archive.getnames()

    assert not (kept.settings.home / "backup-work").exists()
    assert [p for p in kept.backup.parent.iterdir() if p.suffix == ".part"] == []
    assert kept.backup.stat().st_mode & 0o077 == 0
    assert names[0] == "manifest.json"
    assert "keys/neo4j" not in names
    assert {"graph/neo4j.dump", "operations/operations.sqlite", "keys/vault", "audit/audit-head"} <= set(names)


def test_a_backup_leaves_the_installation_as_it_was_and_is_refused_while_it_is_in_use(
    kept: Kept, tmp_path: Path
) -> None:
    with opened(kept.settings) as installation:
        same = content_hash(installation.stores.graph) == kept.hash
        outcomes = {e.outcome for e in installation.stores.audit.events(tag=AuditTag.BACKUP_MADE.value)}
        told = jpa_at(kept.settings.home, "backup", str(tmp_path / "c"), typed=f"{PASSPHRASE}\n{PASSPHRASE}\n")
        health = jpa_at(kept.settings.home, "health")
        running = read_run_file(kept.settings)
        installation.stores.graph.ping()

    assert same
    assert Outcome.DONE in outcomes
    assert told.exit_code == 1
    assert "This installation is in use" in told.output
    assert running is not None
    assert list(tmp_path.iterdir()) == []
    assert health.exit_code == 0, health.output
    assert "Both stores answer" in health.output


def test_a_backup_to_a_public_key_opens_with_the_private_one_alone(kept: Kept, tmp_path: Path) -> None:
    identity = pyrage.x25519.Identity.generate()
    mine, other = tmp_path / "mine", tmp_path / "other"
    mine.write_text(f"# created: 2026\n{identity}\n", encoding="utf-8")
    other.write_text(f"{pyrage.x25519.Identity.generate()}\n", encoding="utf-8")
    target = tmp_path / "b.backup"

    made = jpa_at(kept.settings.home, "backup", str(target), "--recipient", str(identity.to_public()))
    without = jpa_at(tmp_path / "home", "restore", str(target))
    wrong = jpa_at(tmp_path / "home", "restore", str(target), "--identity-file", str(other))
    with_passphrase = jpa_at(tmp_path / "home", "restore", str(target), "--passphrase-file", str(other))
    unseal(target, Key(identity=mine.read_text(encoding="utf-8")), tmp_path / "archive.tar")

    assert made.exit_code == 0, made.output
    assert "give the file of the private key" in without.output
    assert "This key does not open it" in wrong.output
    assert "give the file of the private key" in with_passphrase.output
    assert not (tmp_path / "home").exists()
    assert unpack(tmp_path / "archive.tar", None, lambda _: None).content_hash == kept.hash


@pytest.mark.parametrize(
    ("name", "passphrase", "more", "problem"),
    [
        ("a.backup", PASSPHRASE, {}, "exists already"),
        ("nowhere/a", PASSPHRASE, {}, "There is no folder"),
        ("new", "too short", {}, "Use at least 15 characters"),
        ("new", PASSPHRASE, {"JPA_NEO4J_URI": "bolt://elsewhere:7687"}, "neo4j-admin database dump"),
        ("new", PASSPHRASE, {"JPA_OPERATIONS_URL": "postgresql+psycopg://elsewhere/jpa"}, "pg_dump"),
        ("new", PASSPHRASE, {"JPA_HOME": "/nonexistent/home"}, "There is no installation at"),
    ],
)
def test_what_cannot_be_backed_up_is_refused_with_its_cure(
    kept: Kept, name: str, passphrase: str, more: dict[str, str], problem: str
) -> None:
    before = kept.backup.read_bytes()

    told = jpa_at(
        kept.settings.home, "backup", str(kept.backup.parent / name), typed=f"{passphrase}\n{passphrase}\n", **more
    )

    assert told.exit_code == 1
    assert problem in told.output
    assert kept.backup.read_bytes() == before
    assert {p.name for p in kept.backup.parent.iterdir()} == {"home", "a.backup"}


def test_a_recipient_that_is_no_public_key_is_refused(kept: Kept, tmp_path: Path) -> None:
    told = jpa_at(kept.settings.home, "backup", str(tmp_path / "d"), "--recipient", "age1nonsense")

    assert "not a public key of age" in told.output
    assert list(tmp_path.iterdir()) == []
