"""The tray: parcels come in parts, go on where they broke off, and are whole only when their hash is right."""

import fcntl
import hashlib
import io
import os
from pathlib import Path

import pytest

from jpa.errors import ConflictError, UnavailableError
from jpa.operations.post_tray import MOST_OPEN, Tray

pytestmark = pytest.mark.fast
CONTENT = bytes(range(256)) * 40
NAME = hashlib.sha256(CONTENT).hexdigest()
SIZE = len(CONTENT)


@pytest.fixture
def tray(tmp_path: Path) -> Tray:
    return Tray(tmp_path / "post")


def brought(tray: Tray, start: int, end: int, peer: str = "a") -> int:
    return tray.add(peer, NAME, start, io.BytesIO(CONTENT[start:end]), SIZE)


def test_a_parcel_in_parts_is_whole_at_the_end_and_gone_when_discarded(tray: Tray) -> None:
    have = [tray.have("a", NAME), brought(tray, 0, 1000), brought(tray, 1000, 9000), brought(tray, 9000, SIZE)]

    with tray.whole("a", NAME) as path:
        assert path is not None
        assert path.read_bytes() == CONTENT
        assert path.stat().st_mode & 0o077 == 0
    tray.discard("a", NAME)

    assert have == [0, 1000, 9000, SIZE]
    assert tray.have("a", NAME) == 0


def test_a_part_that_breaks_off_leaves_what_came_before(tray: Tray) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            piece = super().read(min(size or 0, 300))
            if len(piece) == 0:
                raise TimeoutError
            return piece

    with pytest.raises(TimeoutError):
        tray.add("a", NAME, 0, Broken(CONTENT[:600]), SIZE)

    assert tray.have("a", NAME) == 600
    assert brought(tray, 600, SIZE) == SIZE


def test_a_part_at_another_place_is_refused_and_changes_nothing(tray: Tray) -> None:
    brought(tray, 0, 1000)

    for start in (0, 999, 1001):
        with pytest.raises(ConflictError):
            brought(tray, start, 2000)

    assert tray.have("a", NAME) == 1000


def test_no_more_is_kept_than_was_said(tray: Tray) -> None:
    assert tray.add("a", NAME, 0, io.BytesIO(CONTENT + b"more"), SIZE) == SIZE

    with tray.whole("a", NAME) as path:
        assert path is not None


def test_bytes_of_another_hash_are_thrown_away(tray: Tray) -> None:
    tray.add("a", NAME, 0, io.BytesIO(CONTENT[:-1] + b"x"), SIZE)

    with tray.whole("a", NAME) as path:
        assert path is None

    assert tray.have("a", NAME) == 0


def test_partners_do_not_see_what_others_bring(tray: Tray) -> None:
    brought(tray, 0, 1000, peer="a")

    assert tray.have("b", NAME) == 0


def test_a_parcel_that_is_coming_in_or_being_read_is_not_written_by_another(tray: Tray, tmp_path: Path) -> None:
    brought(tray, 0, SIZE)

    with tray.whole("a", NAME), pytest.raises(ConflictError):
        brought(tray, SIZE, SIZE)
    with (tmp_path / "post" / "a" / NAME).open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(ConflictError), tray.whole("a", NAME):
            pass


def test_a_partner_begins_so_many_parcels_and_old_beginnings_are_swept(tray: Tray, tmp_path: Path) -> None:
    names = [hashlib.sha256(bytes([n])).hexdigest() for n in range(MOST_OPEN + 1)]
    for name in names[:-1]:
        tray.add("a", name, 0, io.BytesIO(b"begin"), SIZE)

    with pytest.raises(UnavailableError):
        tray.add("a", names[-1], 0, io.BytesIO(b"begin"), SIZE)
    tray.add("b", names[-1], 0, io.BytesIO(b"begin"), SIZE)
    os.utime(tmp_path / "post" / "a" / names[0], (1000, 1000))

    assert tray.sweep(2000) == 1
    tray.add("a", names[-1], 0, io.BytesIO(b"begin"), SIZE)


def test_what_was_discarded_meanwhile_is_a_conflict_and_no_fault(tray: Tray) -> None:
    with pytest.raises(ConflictError), tray.whole("a", NAME):
        pass
