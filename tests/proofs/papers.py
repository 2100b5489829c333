"""Random papers: what a clerk's desk might hold, with every oddity that officers bring about."""

from collections.abc import Collection, Mapping
from datetime import date
from fractions import Fraction
from random import Random
from typing import Final

from jpa.model import codes
from jpa.model.article import Article, ArticleTable, Confidence
from jpa.model.catalogue.outcomes import OUTCOME_KINDS, About, properties_of
from jpa.model.outcome import Basis
from jpa.statistics.books import Books, Countable, Entry, Surroundings, facts_of
from jpa.statistics.dimensions import REPORTING, WHERE
from jpa.statistics.facts import Facts, Period, day_of
from tests.proofs.recount import Credited, Law, Papers, Slip, Span

AGENCIES: Final = (("tip", "XA"), ("ucg", "XB"))
COUNTING: Final = "tip"
"""The agency that counts."""
GRANTED: Final = "granted"
"""A case of the other agency that it may count; the other agency's other case it may not."""
CASES: Final = (("one", "tip"), ("two", "tip"), (GRANTED, "ucg"), ("closed", "ucg"))
SPANS: Final = {
    "jpa1": Span(date(2023, 3, 15), date(2023, 9, 30), frozenset({"XA", "XB"})),
    "jpa2": Span(date(2023, 9, 1), date(2024, 2, 29), frozenset({"XA", "XC"})),
}
LAWS: Final = tuple(
    Law(state, article, offence, start, end)
    for state, article, offence, start, end in (
        ("XA", "Anti-Trafficking Act s. 6(1)", "0204", date.min, date.max),
        ("XA", "Migration Act s. 26A", "08051", date.min, date(2023, 12, 31)),
        ("XA", "Migration Act s. 26A", "08059", date(2024, 1, 1), date.max),
        ("XB", "Migration Act s. 26A", "0805", date.min, date.max),
    )
)
_ARTICLES: Final = (
    "Anti-Trafficking Act s. 6(1)",
    "ANTI-TRAFFICKING ACT s 6 (1)",
    "Migration Act s. 26A",
    "Unheard of s. 1",
)
_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "date": ("2023", "2023-03", "2023-05", "2023-05-10", "2023-05-11", "2023-09-15", "2023-12", "2024", "2024-02-29", "2022-11-02", "9999"),
    "state": ("XA", "XA", "XB", "XC"),
    "count": ("3", "12", "0", "99999999999"),
    "reference": ("R1", "R2"),
    "sex": ("male", "female"),
    "citizenship": ("XB", "XC"),
    "charge": ("1", "2"),
    "article": _ARTICLES,
    "offence": ("0204", "08051"),
    "court": ("High", "Low"),
    "place": ("Port",),
    "result": ("upheld", "overturned", "overturned", "acquittal overturned", "acquittal overturned", "retrial"),
    "sentence": ("imprisonment", "life", "suspended"),
    "what": ("cash", "vehicle"),
    "partner": ("XB", "XC"),
    "amount": ("4200 USD",),
    "ageBand": tuple(code for code, _ in codes.load("ctdc_age_bands").pairs[:2]),
    "gender": ("Feminine", "Masculine"),
    "exploitation": ("SexualExploitation", "ForcedLabour"),
}  # fmt: skip
"""What an outcome may say, by property; few values, so that much falls together."""
_SELDOM: Final = frozenset({"count", "offence", "place", "partner", "reference", "length", "note", "topic", "currency"})
_FREQUENT: Final = (
    "convicted",
    "acquitted",
    "appeal decided",
    "appeal decided",
    "charged",
    "sentenced",
    "victim assisted",
    "seizure",
)
_SHARES: Final = (Fraction(1), Fraction(1, 2), Fraction(1, 3))


def draw_kind(draw: Random) -> str:
    """Choose a kind; those that hang together come more often."""
    return draw.choice(_FREQUENT if draw.random() < 0.6 else tuple(OUTCOME_KINDS))


def draw_words(draw: Random, kind: str) -> dict[str, str]:
    """Let an outcome of a kind say this and that; each may be left out."""
    said = {}
    for declared in properties_of(OUTCOME_KINDS[kind]):
        likely = 0.15 if declared.name in _SELDOM else 0.75
        if declared.name in _WORDS and (declared.required or draw.random() < likely):
            said[declared.name] = draw.choice(_WORDS[declared.name])
    return said


def draw_claims(draw: Random, papers: Papers) -> list[Credited]:
    """Claim cases and outcomes, whole and split; some wait for a signature, some are withdrawn, some only coincide."""
    targets = [case for case, _ in CASES] + [s.id for s in draw.sample(papers.slips, min(4, len(papers.slips)))]
    claims = []
    for target in targets:
        left = Fraction(1)
        for jpa in draw.sample(sorted(SPANS), draw.randint(0, 2)):
            basis, share = draw.choice(tuple(Basis)), draw.choice(_SHARES)
            share = Fraction(1) if basis is Basis.COINCIDENT else min(share, left)
            if share > 0:
                claims.append(Credited(target, jpa, basis, share, draw.random() < 0.75, draw.random() < 0.15))
                left -= share if basis is not Basis.COINCIDENT else 0
    return claims


def draw_papers(draw: Random, outcomes: int = 40) -> Papers:
    """Make papers without any store: outcomes, verdicts about persons, corrections, retractions, claims."""
    papers = Papers(spans=dict(SPANS), laws=list(LAWS))
    for case, agency in CASES:
        papers.homes |= {f"{case}-{n}": (agency, case) for n in range(3)}
    for n in range(outcomes):
        papers.slips.append(_slip(draw, papers, f"{n:032x}"))
    for _ in range(draw.randint(0, 9)):
        left, right = draw.sample(sorted(papers.homes), 2)
        papers.verdicts.append((left, right, draw.choice(("same", "same", "unsure", "not the same"))))
    for n in range(draw.randint(0, 7)):
        papers.retractions.append((f"act {n}", draw.choice((draw.choice(papers.slips).id, "report-1", "report-2"))))
        papers.undone |= {f"act {n}"} if draw.random() < 0.3 else set()
    papers.claims = draw_claims(draw, papers)
    return papers


def _slip(draw: Random, papers: Papers, key: str) -> Slip:
    old = _corrected(draw, papers)
    case, agency = draw.choice(CASES) if old is None else (old.case, old.agency)
    kind = draw_kind(draw)
    about = OUTCOME_KINDS[kind].about
    record = victim = ""
    if about in {About.PERSON, About.CHARGE} and draw.random() < 0.8:
        record = f"{case}-{draw.randrange(3)}"
    if about is About.VICTIM and draw.random() < 0.5:
        victim = f"victim-{case}-{draw.randrange(2)}"
    return Slip(
        id=key, kind=kind, agency=agency, reporting=dict(AGENCIES)[agency], case=case, said=draw_words(draw, kind),
        record=record, victim=victim, supersedes="" if old is None else old.id,
        report=draw.choice(("", "", f"report-{draw.randrange(9)}")),
    )  # fmt: skip


def _corrected(draw: Random, papers: Papers) -> Slip | None:
    """Choose an outcome to correct, that nobody corrected yet, now and then."""
    corrected = {s.supersedes for s in papers.slips}
    free = [s for s in papers.slips if s.id not in corrected]
    # A correction of a correction comes more often than chance would have it.
    again = [s for s in free if s.supersedes]
    return draw.choice(again or free) if free and draw.random() < 0.2 else None


def books_of(papers: Papers) -> Books:
    """Put all papers into columns."""
    return Books.empty().with_entries([_entry(s) for s in papers.slips])


def laws_of(papers: Papers) -> ArticleTable:
    """Return the table of articles."""
    return ArticleTable(tuple(_article(law) for law in papers.laws))


def facts_of_papers(papers: Papers, agency: str = COUNTING, granted: Collection[str] = (GRANTED,)) -> Facts:
    """Bring papers to the code under proof, as the services do for an agency and the cases granted to it."""
    last = {frozenset(pair[:2]): pair for pair in papers.verdicts}
    may = {r for r, (home, case) in papers.homes.items() if home == agency or case in granted}
    same = [(a, b) for a, b, verdict in last.values() if verdict == "same" and {a, b} <= may]
    retracted = {target for act, target in papers.retractions if act not in papers.undone}
    periods = {j: Period(j, day_of(s.start), day_of(s.end), s.states) for j, s in papers.spans.items()}
    shares: dict[str, dict[str, float]] = {}
    for claim in papers.claims:
        if claim.signed and not claim.withdrawn:
            share = 0.0 if claim.basis is Basis.COINCIDENT else float(claim.share)
            shares.setdefault(claim.jpa, {})[claim.target] = share
    around = Surroundings(same, retracted, laws_of(papers), periods, shares)
    return facts_of(books_of(papers), Countable(agency, set(granted)), around)


def _entry(slip: Slip) -> Entry:
    values = {
        n: v for n, v in slip.said.items() if n not in {"state", "gender", "count", "charge", "reference", "amount"}
    }
    values |= {"agency": slip.agency, REPORTING: slip.reporting, "case": slip.case, WHERE: slip.word("state")}
    if slip.word("gender"):
        values["sex"] = slip.word("gender")
    reference = f"{slip.case}|{slip.word('reference')}" if slip.word("reference") else ""
    return Entry(
        slip.id, slip.kind, slip.case, values, person=slip.record or slip.victim or reference, charge=slip.word("charge"),
        count=slip.many, supersedes=slip.supersedes, report=slip.report,
    )  # fmt: skip


def _article(law: Law) -> Article:
    start = "" if law.start == date.min else law.start.isoformat()
    end = "" if law.end == date.max else law.end.isoformat()
    return Article("", law.state, law.article, law.offence, Confidence.EXACT, start, end)
