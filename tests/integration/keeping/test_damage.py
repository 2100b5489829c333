"""A backup that is not whole, not ours or not safe is refused by the name of the problem and leaves nothing behind."""

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyrage
import pytest

from jpa.operations.archive import is_expected
from jpa.operations.envelope import Lock, seal
from tests.integration.keeping.conftest import PASSPHRASE, Kept, jpa_at

Members = list[tuple[tarfile.TarInfo, bytes]]


def restored(home: Path, damaged: Path, passphrase: str = PASSPHRASE) -> str:
    told = jpa_at(home, "restore", str(damaged), typed=f"{passphrase}\n")
    assert told.exit_code == 1, told.output
    assert isinstance(told.exception, SystemExit), told.exception
    assert not home.exists()
    assert [p for p in home.parent.iterdir() if p.name.startswith(".")] == []
    return told.output


def flipped(content: bytes, position: int) -> bytes:
    return content[:position] + bytes([content[position] ^ 1]) + content[position + 1 :]


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda b: b[:-1000], "was cut off"),
        (lambda b: b[:40], "was cut off"),
        (lambda b: b + b"more", "was altered: 4 bytes were added"),
        (lambda b: flipped(b, len(b) // 2), "was altered: it does not decrypt"),
        (lambda b: flipped(b, len(b) - 1), "was altered: it does not decrypt"),
        (lambda b: b.replace(b"\n", b"\n!", 1), "its second line is not readable"),
        (lambda _: b"", "is not a backup made by jpa"),
        (lambda _: b"PK\x03\x04" * 400, "is not a backup made by jpa"),
        (lambda b: b.replace(b"jpa backup 1", b"jpa backup 9", 1), "made by a newer jpa"),
    ],
)
def test_a_damaged_file_is_refused_by_name(
    kept: Kept, tmp_path: Path, damage: Callable[[bytes], bytes], problem: str
) -> None:
    damaged = tmp_path / "damaged.backup"
    damaged.write_bytes(damage(kept.backup.read_bytes()))

    told = restored(tmp_path / "home", damaged)

    assert problem in told


def test_a_wrong_passphrase_is_refused(kept: Kept, tmp_path: Path) -> None:
    told = restored(tmp_path / "home", kept.backup, "some other passphrase")

    assert "This is not its passphrase" in told


def test_a_restore_into_a_home_that_is_not_empty_is_refused_and_changes_nothing(kept: Kept, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("kept", encoding="utf-8")

    told = jpa_at(tmp_path, "restore", str(kept.backup), typed=f"{PASSPHRASE}\n")

    assert told.exit_code == 1
    assert "is not empty; set JPA_HOME" in told.output
    assert [p.name for p in tmp_path.iterdir()] == ["mine"]


def changed(**values: Any) -> Callable[[Members], Members]:
    """Change the manifest."""

    def change(members: Members) -> Members:
        read = json.loads(members[0][1])
        return [member(members[0][0], json.dumps(read | values).encode()), *members[1:]]

    return change


def listed(name: str) -> Callable[[Members], Members]:
    """Name one more file in the manifest, and put it in."""

    def change(members: Members) -> Members:
        read = json.loads(members[0][1])
        read["files"].append({"name": name, "size": 1, "sha256": "0" * 64})
        return [member(members[0][0], json.dumps(read).encode()), *members[1:], member(tarfile.TarInfo(name), b"x")]

    return change


def linked(members: Members) -> Members:
    info = members[1][0]
    info.type, info.linkname, info.size = tarfile.SYMTYPE, "/etc/passwd", 0
    return [members[0], (info, b""), *members[2:]]


def other_bytes(members: Members) -> Members:
    return [*members[:-1], member(members[-1][0], flipped(members[-1][1], 0))]


def member(info: tarfile.TarInfo, content: bytes) -> tuple[tarfile.TarInfo, bytes]:
    info.size = len(content)
    return info, content


@pytest.mark.parametrize(
    ("forge", "problem"),
    [
        (other_bytes, "is not the one that was backed up"),
        (lambda m: m[:-1], "lacks 1 of the files"),
        (lambda m: [*m, m[-1]], "holds a file twice"),
        (lambda m: [*m, member(tarfile.TarInfo("keys/more"), b"x")], "that its manifest does not name"),
        (lambda m: m[1:], "does not begin with a manifest"),
        (lambda m: [member(m[0][0], b"{}"), *m[1:]], "manifest is not readable"),
        (linked, "not a plain file"),
        (listed("keys/../../outside"), "names a file that no backup holds"),
        (listed("/outside"), "names a file that no backup holds"),
        (listed("operations/neo4j/plugins/other.jar"), "names a file that no backup holds"),
        (lambda m: [member(m[0][0], b"[" * 100_000), *m[1:]], "manifest is not readable"),
        (changed(version=7), "manifest is not readable"),
        (changed(version="99.0"), "made by jpa 99.0 with a newer schema"),
        (changed(graph_migrations=["0001", "0999"]), "with a newer schema"),
        (changed(operations_migration="ffff"), "with a newer schema"),
    ],
)
def test_a_forged_archive_is_refused_by_name(
    plain: Path, tmp_path: Path, forge: Callable[[Members], Members], problem: str
) -> None:
    told = restored_forged(plain, tmp_path, forge)

    assert problem in told


def test_a_graph_that_is_not_the_one_of_the_manifest_is_refused_after_it_was_started(
    plain: Path, tmp_path: Path
) -> None:
    told = restored_forged(plain, tmp_path, changed(content_hash="0" * 64))

    assert "The graph that came back is not the one that was backed up" in told


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("keys/vault", True), ("evidence/a/b", True), ("graph/neo4j.dump", True), ("operations/jobs.sqlite", True), ("audit/audit-head", True),
        ("keys", False), ("other/x", False), ("keys//x", False), ("keys/./x", False), ("../keys/x", False), ("keys/../x", False), ("/keys/x", False),
        ("keys/x\n", False), ("keys/\u202ex", False), ("", False), ("keys/neo4j", False), ("operations/run/lease", False), ("graph/x", False),
        ("evidence/a/../../b", False), ("evidence/.hidden", False), ("audit/audit-head/x", False),
    ],
)  # fmt: skip
def test_only_names_that_a_backup_gives_are_taken(name: str, safe: bool) -> None:
    assert is_expected(name) is safe


def restored_forged(plain: Path, folder: Path, forge: Callable[[Members], Members]) -> str:
    with tarfile.open(plain) as tar:
        members = [(info, stream.read()) for info in tar if (stream := tar.extractfile(info)) is not None]
    with tarfile.open(folder / "forged.tar", "w") as tar:
        for info, content in forge(members):
            tar.addfile(info, io.BytesIO(content))
    identity = pyrage.x25519.Identity.generate()
    seal(folder / "forged.tar", folder / "forged.backup", Lock(recipient=str(identity.to_public())))
    (folder / "identity").write_text(str(identity), encoding="utf-8")
    told = jpa_at(
        folder / "home", "restore", str(folder / "forged.backup"), "--identity-file", str(folder / "identity")
    )
    assert told.exit_code == 1, told.output
    assert isinstance(told.exception, SystemExit), told.exception
    assert not (folder / "home").exists()
    assert [p for p in folder.iterdir() if p.name.startswith(".")] == []
    return told.output
