"""A package page by page: every record and tie once, in the order of a reader, with the captions of what stands on other pages."""

import random
from pathlib import Path

import pytest

from jpa.model.catalogue import ENTITY_TYPES, LINK_TYPES
from jpa.model.entity import caption_of
from jpa.sharing.package import open_package
from jpa.sharing.pages import PAGE
from jpa.sharing.shown import shown
from tests.proofs.package_worlds import SIGNER, content_of, head_of, packed, paged, trusting

pytestmark = pytest.mark.fast


def test_the_pages_of_a_package_show_everything_once_and_name_what_stands_on_others(tmp_path: Path) -> None:
    content = content_of(random.Random(5), 2 * PAGE + 50)
    (tmp_path / "out").mkdir()
    package = packed(content, head_of(random.Random(5)), tmp_path)
    opened = open_package(package, tmp_path / "out", trusting(SIGNER))
    captions = {r.id: caption_of(r) for r in content.records}

    kept = paged(opened, tmp_path / "pages")
    pages = [shown(kept, skip=skip) for skip in range(0, 3 * PAGE, PAGE)]

    kinds, ties = list(ENTITY_TYPES), list(LINK_TYPES)
    things = sorted(content.records, key=lambda r: (kinds.index(r.type), captions[r.id].casefold()))
    tied = sorted(
        content.links,
        key=lambda k: (ties.index(k.type), captions[k.source].casefold(), captions[k.target].casefold()),
    )
    assert [t.record.id for page in pages for t in page.things] == [r.id for r in things]
    assert [t.link.id for page in pages for t in page.ties] == [k.id for k in tied]
    assert things != list(content.records)
    assert pages[0].things[0].record.type == "Person"
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith("pages")] == ["pages"]
    assert all(len(page.things) <= PAGE for page in pages)
    for page in pages:
        assert [t.caption for t in page.things] == [captions[t.record.id] for t in page.things]
        for tie in page.ties:
            assert (tie.source, tie.target) == (captions[tie.link.source], captions[tie.link.target])
        assert {r.id for r in page.reports} == {
            *(t.record.report for t in page.things), *(t.link.report for t in page.ties)
        }  # fmt: skip
        assert all((left, right) == (captions[j.left], captions[j.right]) for j, left, right in page.verdicts)
    assert shown(kept, skip=9 * PAGE).things == []
