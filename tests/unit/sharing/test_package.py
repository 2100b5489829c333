"""Packages as files: whole round trips, every single file altered, and another library's view of the bag."""

import json
import random
import zipfile
from pathlib import Path

import bagit
import pytest
from followthemoney import model

from jpa.model.record import Link, Record
from jpa.sharing.lines import report_of, said_of
from jpa.sharing.refusal import PackageRefusedError
from tests.proofs.package_worlds import closed, content_of, head_of, packed, received, seeds


@pytest.fixture
def rng() -> random.Random:
    return random.Random(7)


@pytest.mark.parametrize("n", range(10))
def test_what_is_sent_arrives_with_the_same_hashes(tmp_path: Path, n: int) -> None:
    rng = list(seeds(n + 1))[n]
    content = content_of(rng, 12)

    opened = received(closed(packed(content, head_of(rng), tmp_path), tmp_path / "p.age"), tmp_path)

    said = [said_of(line) for line in opened.entities()]
    assert [s.content_hash for s in said] == content.hashes
    assert [report_of(line) for line in opened.reports()] == list(content.reports)
    assert {line.sha256 for line in opened.evidence()} == {
        opened.file(line.sha256).name[-64:] for line in opened.evidence()
    }
    assert [opened.file(e.sha256).stat().st_size for e in opened.evidence()] == [len(data) for _, data in content.files]


def test_the_bag_is_one_for_another_library_and_its_lines_are_valid_followthemoney(
    tmp_path: Path, rng: random.Random
) -> None:
    content = content_of(rng, 40)
    with zipfile.ZipFile(packed(content, head_of(rng), tmp_path)) as opened:
        opened.extractall(tmp_path / "out")
    folder = next((tmp_path / "out").iterdir())

    bagit.Bag(str(folder)).validate()
    kinds = set()
    for line in (folder / "data" / "entities.jsonl").read_text(encoding="utf-8").splitlines():
        entity = json.loads(line)
        provenance = entity.pop("jpa")
        proxy = model.get_proxy(entity, cleaned=False)
        proxy.schema.validate(entity)
        kinds.add((provenance["kind"], proxy.schema.edge))
    assert ("record", False) in kinds
    assert all(kind == "link" for kind, edge in kinds if edge)


def test_one_altered_file_is_enough_to_refuse(tmp_path: Path, rng: random.Random) -> None:
    content = content_of(rng, 5)
    whole = packed(content, head_of(rng), tmp_path)
    with zipfile.ZipFile(whole) as opened:
        names = opened.namelist()
    for n, name in enumerate(names):
        folder = tmp_path / str(n)
        folder.mkdir()
        _rewrite(whole, folder / "p.zip", name)
        with pytest.raises(PackageRefusedError):
            received(closed(folder / "p.zip", folder / "p.age"), folder)


def _rewrite(source: Path, target: Path, altered: str) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "x") as new:
        for info in old.infolist():
            content = old.read(info)
            new.writestr(
                info, content[:-1] + bytes([content[-1] ^ 1]) if info.filename == altered and content else content
            )


def test_records_and_links_are_told_apart(tmp_path: Path, rng: random.Random) -> None:
    content = content_of(rng, 30)
    opened = received(closed(packed(content, head_of(rng), tmp_path), tmp_path / "p.age"), tmp_path)

    said = [said_of(line) for line in opened.entities()]

    assert (sum(isinstance(s, Record) for s in said), sum(isinstance(s, Link) for s in said)) == (
        len(content.records),
        len(content.links),
    )
