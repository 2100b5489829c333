"""Proofs 11 and 12: malformed packages do no harm, whole ones arrive whole and altered ones not at all."""

import hashlib
import random
import resource
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Final

from jpa.sharing.admission import require_admissible, require_coherent
from jpa.sharing.closing import open_closed
from jpa.sharing.lines import report_of, said_of
from jpa.sharing.manifest import Party
from jpa.sharing.package import Opened, open_package
from jpa.sharing.refusal import PackageRefusedError
from tests.proofs.package_mutants import KINDS, mutant
from tests.proofs.package_worlds import (
    AT,
    IDENTITY,
    RECIPIENT,
    SENDER,
    SIGNER,
    closed,
    content_of,
    head_of,
    packed,
    trusting,
)

MOST_SECONDS: Final = 2.0
MOST_GROWTH: Final = 200 * 1024
"""Kibibytes."""


def taken_in(path: Path, work: Path) -> Opened:
    """Do to a file all that happens before anything of it is kept."""
    plain, unpacked = work / "plain", work / "unpacked"
    unpacked.mkdir()
    open_closed(path, plain, str(IDENTITY))
    opened = open_package(plain, unpacked, trusting(SIGNER))
    signer = Party(agency=SENDER.id, name=SENDER.name, state=SENDER.state)
    own = Party(agency=RECIPIENT.id, name=RECIPIENT.name, state=RECIPIENT.state)
    require_admissible(opened.manifest, signer, own, str(IDENTITY.to_public()), AT)
    require_coherent(opened)
    return opened


def try_mutant(kind: str, rng: random.Random) -> tuple[str, float]:
    """Offer one malformed package; returns why it was refused (empty: it was accepted) and how long that took."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        (home / "made").mkdir()
        file = home / "offered"
        file.write_bytes(mutant(kind, rng, home / "made"))
        (home / "outer" / "work").mkdir(parents=True)
        before = _tree(home / "outer")
        began = time.perf_counter()
        cause = ""
        try:
            taken_in(file, home / "outer" / "work")
        except PackageRefusedError as error:
            cause = error.cause
        took = time.perf_counter() - began
        outside = {p for p in _tree(home / "outer") - before if not p.startswith("work/")}
        if len(outside) > 0 or Path("/tmp/out").exists():  # noqa: S108 -- where a path that climbs would end
            raise AssertionError(f"{kind}: wrote outside the work folder: {sorted(outside)}")
        return cause, took


def check_mutant(seed: int) -> str:
    """Offer one malformed package, of each kind in turn: it must be refused in time, and leave nothing outside the work folder."""
    kind = KINDS[seed % len(KINDS)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        cause, took = try_mutant(kind, random.Random(f"mutant {seed}"))
    except AssertionError as error:
        return str(error)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    if cause == "":
        return f"{kind}: accepted"
    if grown > MOST_GROWTH:
        return f"{kind}: took {grown // 1024} MB"
    return f"{kind}: took {took:.1f} s" if took > MOST_SECONDS else ""


def check_round_trip(seed: int) -> str:
    """Send one package whole, then with each of its files altered once."""
    rng = random.Random(f"trip {seed}")
    try:
        return "" if round_trip(rng, rng.randint(0, 25)) > 0 else "nothing was altered"
    except AssertionError as error:
        return str(error)


def round_trip(rng: random.Random, size: int) -> int:
    """Send one package and compare all hashes, then alter each of its files once; returns how many were refused."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        (home / "made").mkdir()
        content = content_of(rng, size)
        package = packed(content, head_of(rng), home / "made")
        (home / "work").mkdir()
        opened = taken_in(closed(package, home / "p.age"), home / "work")
        said = [said_of(line).content_hash for line in opened.entities()]
        if said != content.hashes:
            raise AssertionError("what arrived is not what was sent")
        if [report_of(line) for line in opened.reports()] != list(content.reports):
            raise AssertionError("the reports that arrived are not those that were sent")
        arrived = {hashlib.sha256(opened.file(e.sha256).read_bytes()).hexdigest() for e in opened.evidence()}
        if arrived != {hashlib.sha256(data).hexdigest() for _, data in content.files}:
            raise AssertionError("the files that arrived are not those that were sent")
        return _altered(package, home, rng)


def _altered(package: Path, home: Path, rng: random.Random) -> int:
    with zipfile.ZipFile(package) as opened:
        names = opened.namelist()
    for n, name in enumerate(names):
        folder = home / f"altered-{n}"
        folder.mkdir()
        with zipfile.ZipFile(package) as old, zipfile.ZipFile(folder / "p.zip", "x") as new:
            for info in old.infolist():
                data = old.read(info)
                if info.filename == name:
                    place = rng.randrange(len(data) + 1)
                    data = (
                        data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :]
                        if place < len(data)
                        else data + b"\n"
                    )
                new.writestr(info, data)
        try:
            taken_in(closed(folder / "p.zip", folder / "p.age"), folder)
        except PackageRefusedError:
            continue
        raise AssertionError(f"an altered {name} was accepted")
    return len(names)


def _tree(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*")}
