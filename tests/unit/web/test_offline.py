"""The offline viewer's page: one file that loads nothing, in which a package is never more than data."""

import base64
import hashlib
import json
import random
import re
import tempfile
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jpa.model.marking import Marking, Release, Tlp
from jpa.sharing.manifest import write_manifest
from jpa.sharing.refusal import PackageRefusedError
from tests.proofs.viewing import HOSTILE, Draft, case_package, hostile_package, opened_of, viewer_of

KINDS = ["part", "file", None]


@dataclass
class Element:
    name: str
    attributes: dict[str, str | None]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """Every element of a page, with the text of scripts and sheets."""

    elements: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.opened = Element("", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.opened = Element(tag, dict(attrs))
        self.elements.append(self.opened)

    def handle_endtag(self, tag: str) -> None:
        self.opened = Element(tag, {})

    def handle_data(self, data: str) -> None:
        self.opened.text += data

    def of(self, *names: str) -> list[Element]:
        return [e for e in self.elements if e.name in names]


def page_of(text: str) -> Page:
    page = Page()
    page.feed(text)
    return page


def parts_of(page: Page) -> list[dict[str, object]]:
    return [json.loads(s.text) for s in page.of("script") if s.attributes.get("class") == "part"]


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("case")
    return viewer_of(case_package(folder), folder)


def test_the_page_is_one_file_that_loads_nothing(case: str) -> None:
    page = page_of(case)

    policy = next(e.attributes["content"] or "" for e in page.of("meta") if "http-equiv" in e.attributes)
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "require-trusted-types-for 'script'; trusted-types 'none'" in policy
    for element in page.elements:
        for name in ("src", "href", "action", "data", "poster", "srcset", "background"):
            assert (element.attributes.get(name) or "data:").startswith(("data:", "#")), element
        assert not any(name.startswith("on") or name == "style" for name in element.attributes), element
    for sheet in page.of("style"):
        assert all(address.startswith('"data:') for address in re.findall(r"url\(([^)]*)\)", sheet.text))
        assert "@import" not in sheet.text
    assert {e.name for e in page.elements} <= {
        "html", "head", "meta", "title", "link", "style", "body", "div", "span", "svg", "symbol", "circle", "path", "rect", "noscript", "p",
        "script",
    }  # fmt: skip


def test_script_and_sheets_are_known_by_their_hashes_and_nothing_else_may_run(case: str) -> None:
    page = page_of(case)
    policy = next(e.attributes["content"] or "" for e in page.of("meta") if "http-equiv" in e.attributes)

    run = [s for s in page.of("script") if "type" not in s.attributes]

    assert len(run) == 1
    for element in (*run, *page.of("style")):
        digest = base64.b64encode(hashlib.sha256(element.text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert policy.count("sha256-") == 1 + len(page.of("style"))


def test_the_marking_stands_on_the_page_even_where_no_script_runs(case: str) -> None:
    assert '<div class="marking tlp-amber"' in case
    assert "<span>TLP:AMBER</span><span>H1, H2</span><span>PAP:RED</span>" in case


def test_what_the_package_says_is_there_with_who_says_so(case: str) -> None:
    parts = parts_of(page_of(case))

    head = parts[0]["head"]
    assert isinstance(head, dict)
    assert head["withheld"] == [["marked for others than the recipient", "3"], ["not chosen", "14"]]
    assert len(head["checked"]["words"].split()) == 8
    rows = {str(p["kind"]): p["rows"] for p in parts[1:]}
    assert set(rows) == {"report", "record", "link", "verdict", "file", "custody"}
    reports = rows["report"]
    assert isinstance(reports, list)
    assert reports[0][1:6] == ["Boarding of KM Bahari Jaya", "CG-118/24", "12 March 2024", "B2", reports[0][5]]
    assert reports[0][10] == "named states: Utara, Malaysia"
    assert reports[1][14] is None, "the text that stays with the sender"


def test_the_page_carries_the_fonts_of_the_scripts_that_it_shows(case: str, tmp_path: Path) -> None:
    draft = Draft(random.Random(3))
    report = draft.report("Boarding", "CG-1", marking=Marking(Tlp.AMBER, Release.JPA, ("0" * 32,)))
    draft.record("Person", report, {"name": ["Plain Name"]})
    plain = viewer_of(draft.closed(tmp_path), tmp_path)

    shown = re.findall(r"unicode-range:(U\+[^,]*),", case)

    assert {"U+0000-00FF", "U+0E01-0E5B", "U+0600-06FF"} <= set(shown)
    assert "U+0980-09FE" not in case
    assert "U+0E01-0E5B" not in plain
    assert len(plain) < 800_000
    assert "JPA participants: a joint period that the package does not explain" in plain


def test_small_files_lie_in_the_page_and_large_ones_are_named_alone(case: str) -> None:
    page = page_of(case)
    files = [s for s in page.of("script") if s.attributes.get("class") == "file"]
    parts = parts_of(page)

    named = next(p["rows"] for p in parts if p["kind"] == "file")
    assert isinstance(named, list)
    assert [f[2] for f in named] == ["deck.png", "notes.txt", "ledger.bin"]
    assert [hashlib.sha256(base64.b64decode(s.text)).hexdigest() for s in files] == [f[4] for f in named[:2]]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80)),
        min_size=1,
        max_size=4,
    )
)
def test_whatever_a_package_says_stays_data(words: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        said = [w.replace("\0", " ") for w in words if w.strip()] or ["x"]
        try:
            text = viewer_of(hostile_package(Path(folder), said), Path(folder))
        except PackageRefusedError:
            return  # the format itself has no place for it

    page = page_of(text)

    kinds = [s.attributes.get("class") for s in page.of("script")]
    assert kinds == sorted(kinds, key=KINDS.index), kinds
    assert kinds.count(None) == 1
    names = {str(value[0]) for part in parts_of(page) for value in _names(part)}
    assert {*said} <= names
    outside = re.sub(r'<script type="application/json" class="part">.*?</script>', "", text, flags=re.DOTALL)
    assert "window.ran" not in re.sub(r"<title>[^<>]*</title>", "", outside)


def test_records_that_no_package_may_carry_are_named_with_the_reason_and_never_shown(tmp_path: Path) -> None:
    draft = Draft(random.Random(1))
    report = draft.report("Boarding", "CG-1")
    migrant = draft.record("Person", report, {"name": ["MIGRANT NAME"]}, "smuggled migrant")
    other = draft.record("Person", report, {"name": ["Suspect"]}, "suspect")
    tie = draft.link("ASSOCIATE_OF", other, migrant, report)

    text = viewer_of(draft.closed(tmp_path), tmp_path)

    parts = parts_of(page_of(text))
    refused = next(p["rows"] for p in parts if p["kind"] == "refused")
    assert refused == [
        [migrant, "record", "it has a role in a case that no package may carry"],
        [tie, "link", "it ties something that is not shown"],
    ]
    assert "MIGRANT NAME" not in text


def test_a_package_that_does_not_hang_together_makes_no_page(tmp_path: Path) -> None:
    draft = Draft(random.Random(2))
    report = draft.report("Boarding", "CG-1")
    one = draft.record("Person", report, {"name": ["A"]})
    draft.same.append((one, one, "itself"))

    with pytest.raises(PackageRefusedError):
        viewer_of(draft.closed(tmp_path), tmp_path)

    assert (tmp_path / "page.html").read_text(encoding="utf-8") == ""


def test_the_manifest_is_known_by_its_hash(tmp_path: Path) -> None:
    package = case_package(tmp_path)
    text = viewer_of(package, tmp_path)
    (tmp_path / "again").mkdir()
    manifest = write_manifest(opened_of(package, tmp_path / "again").manifest)

    head = parts_of(page_of(text))[0]["head"]

    assert isinstance(head, dict)
    assert head["checked"]["manifest"] == hashlib.sha256(manifest).hexdigest()


def _names(part: dict[str, object]) -> list[list[object]]:
    rows = part.get("rows", [])
    assert isinstance(rows, list)
    if part["kind"] != "record":
        return []
    return [[value[1]] for row in rows for value in row[4] if value[0] == "name"]
