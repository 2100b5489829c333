"""Proofs 11, 12 and 13: malformed packages do no harm, whole ones arrive whole, and none holds more than its audience may have."""

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
    seeds,
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


def prove_mutants(count: int) -> str:
    """Offer malformed packages of every kind; AssertionError at the first that is accepted, slow or large."""
    slowest, before = 0.0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    causes: dict[str, int] = {}
    for n, rng in enumerate(seeds(count, seed=11)):
        kind = KINDS[n % len(KINDS)]
        cause, took = try_mutant(kind, rng)
        if cause == "":
            raise AssertionError(f"accepted: {kind} (case {n})")
        if took > MOST_SECONDS:
            raise AssertionError(f"{kind}: took {took:.1f} s (case {n})")
        causes[cause] = causes.get(cause, 0) + 1
        slowest = max(slowest, took)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    reasons = ", ".join(f"{cause} {n}" for cause, n in sorted(causes.items()))
    return f"{count} malformed packages of {len(KINDS)} kinds: 0 accepted, slowest {slowest:.2f} s, {grown // 1024} MB more at the peak ({reasons})"


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


def prove_round_trips(count: int) -> str:
    """Send packages of all sizes; AssertionError at the first difference or the first alteration that is not noticed."""
    altered = sum(round_trip(rng, rng.randint(0, 25)) for rng in seeds(count, seed=12))
    return f"{count} round trips: equal hashes; {altered} single files altered, all refused"


def _tree(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*")}
