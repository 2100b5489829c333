"""The file of coded counts: written with a package, read back, refused where it says more than it may."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from jpa.model.limits import FREEST
from jpa.model.summary import Of
from jpa.operations.messages import sign_message
from jpa.sharing.admission import require_coherent
from jpa.sharing.assembly import Assembly
from jpa.sharing.manifest import KIND, SUMMARY, read_manifest, write_manifest
from jpa.sharing.package import Opened, open_package, pack
from jpa.sharing.refusal import PackageRefusedError
from jpa.sharing.shown import shown
from jpa.sharing.summary import summary_line
from tests.proofs.package_worlds import SIGNER, head_of, paged, trusting

pytestmark = pytest.mark.fast
EVERYBODY = summary_line(Of.VICTIMS, "total", [("total", 40)])
SEX = summary_line(Of.VICTIMS, "sex", [("", 12), ("Feminine", 28)])
STATES = summary_line(Of.MIGRANTS, "citizenship", [("AF", 11)])


def opened(folder: Path, lines: Sequence[dict[str, Any]]) -> Opened:
    """Make a package of nothing but a summary, and open it as its recipient."""
    payload, out = folder / "payload", folder / "out"
    payload.mkdir()
    out.mkdir()
    made = Assembly(payload)
    for line in lines:
        made.summary(line)
    manifest = made.finish(head_of(random.Random(1)), FREEST, {})
    pack(folder / "zip", manifest, sign_message(SIGNER, KIND, manifest), payload)
    return open_package(folder / "zip", out, trusting(SIGNER))


def test_a_package_carries_a_summary_that_reads_as_its_sender_sees_it(tmp_path: Path) -> None:
    this = opened(tmp_path, [EVERYBODY, SEX, STATES])

    require_coherent(this)
    assert this.manifest.counts.summary == "3"
    assert SUMMARY in {f.path for f in this.manifest.files}
    assert [(r.of, r.by, r.code, r.count) for r in shown(paged(this, tmp_path / "pages")).summary] == [
        ("victims", "All", "everybody counted", "40"),
        ("victims", "Sex", "unknown", "12"),
        ("victims", "Sex", "Feminine", "28"),
        ("migrants", "Citizenship", "Afghanistan", "11"),
    ]


def test_a_package_without_one_says_nothing_of_it(tmp_path: Path) -> None:
    this = opened(tmp_path, [])

    require_coherent(this)
    assert b"summary" not in (tmp_path / "zip").read_bytes()
    assert shown(paged(this, tmp_path / "pages")).summary == []


@pytest.mark.parametrize(
    "lines",
    [
        [EVERYBODY, EVERYBODY],
        [SEX, EVERYBODY],
        [STATES, SEX],
        [summary_line(Of.VICTIMS, "sex", [("Feminine", 10)])],
        [summary_line(Of.VICTIMS, "sex", [("Feminine", 0)])],
        [summary_line(Of.VICTIMS, "sex", [("Feminine", 28), ("", 12)])],
        [summary_line(Of.VICTIMS, "sex", [("Feminine", 28), ("Feminine", 28)])],
        [summary_line(Of.VICTIMS, "sex", [("Siti", 28)])],
        [summary_line(Of.MIGRANTS, "exploitation", [("Servitude", 28)])],
        [summary_line(Of.MIGRANTS, "sex", [("Feminine", 28)])],
        [SEX | {"least": "2"}],
        [SEX | {"least": "20"}],
        [SEX | {"by": "name"}],
        [SEX | {"of": "smugglers"}],
        [SEX | {"text": "Siti"}],
        [SEX | {"figures": []}],
    ],
)
def test_a_summary_that_says_more_than_it_may_is_refused(tmp_path: Path, lines: list[dict[str, Any]]) -> None:
    this = opened(tmp_path, lines)

    with pytest.raises(PackageRefusedError) as refused:
        require_coherent(this)

    assert refused.value.cause == "content"


def test_a_manifest_that_lists_a_summary_and_counts_none_is_refused(tmp_path: Path) -> None:
    manifest = opened(tmp_path, [SEX]).manifest

    for counts in ({"summary": None}, {"summary": "0"}):
        lying = manifest.model_copy(update={"counts": manifest.counts.model_copy(update=counts)})
        with pytest.raises(PackageRefusedError) as refused:
            read_manifest(write_manifest(lying))
        assert "summary" in refused.value.fields["file"]
