"""R2 in a sample: undo restores exactly, order does not matter; and eight officers merging at once lose nothing."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest

from jpa.errors import JpaError
from jpa.model.draft import TypedRecord, TypedReport
from jpa.model.grading import Grade
from jpa.model.judgement import Verdict
from jpa.model.marking import Marking
from jpa.services import cases, entities, reports, resolution
from jpa.services.cases import NewCase
from jpa.services.stores import Ask, Stores
from tests.proofs.histories import check_history


@pytest.mark.parametrize("seed", range(4))
def test_undo_restores_the_view_and_no_order_of_verdicts_matters(stores: Stores, seed: int) -> None:
    fault = check_history(stores, seed)

    assert fault == ""


def test_eight_threads_merging_overlapping_clusters_lose_nothing(stores: Stores, wulan: Ask) -> None:
    case = cases.open_case(stores, wulan, NewCase("T-1", "Crowd")).id
    people = tuple(TypedRecord(str(i), "Person", {"name": [f"Man {i}"]}) for i in range(12))
    typed = TypedReport(case, "Log", "R", "2024", Grade("4x4", "A", "1"), Marking(), records=people)
    ids = [r.id for r in reports.add_report(stores, wulan, typed).records]
    hashes = {r.id: r.content_hash for i in ids for r in entities.read_entity(stores, wulan, i).entity.records}

    def merge(seed: int) -> list[tuple[str, str]]:
        draw, made = Random(seed), []
        for _ in range(6):
            left, right = draw.sample(ids, 2)
            try:
                resolution.judge(stores, wulan, left, right, Verdict.SAME, f"thread {seed}")
            except JpaError:
                continue
            made.append((left, right))
        return made

    with ThreadPoolExecutor(8) as pool:
        merged = [pair for made in pool.map(merge, range(8)) for pair in made]
    seen = {i: entities.read_entity(stores, wulan, i).entity for i in ids}

    assert len(merged) == 48
    assert all(seen[a].id == seen[b].id for a, b in merged)
    assert {r.id: r.content_hash for e in seen.values() for r in e.records} == hashes
