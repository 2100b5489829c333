"""Making a package from a case: one decision for each thing, streamed into a folder; the preview is what was written, read back.

Every marking, the agreement's ceiling, third parties' rights and the protection of victims and migrants are asked of each thing
(`jpa.sharing.choice`); ticks only narrow what is left.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from jpa.errors import InvalidInputError
from jpa.graph import cases, evidence, exports, judgements, package_content, sealing
from jpa.graph.entities import record_tx
from jpa.graph.exports import ExportedRecord
from jpa.graph.session import Tx
from jpa.interchange.ftm_lines import entity_of, tie_of
from jpa.model.access import Readership
from jpa.model.agreement import excess
from jpa.model.case import CaseRole
from jpa.model.evidence import EvidenceFile
from jpa.model.job import Progress
from jpa.model.judgement import Verdict
from jpa.model.limits import limits_of
from jpa.model.marking import Release
from jpa.model.package import Selection
from jpa.model.record import Properties, Report
from jpa.services import package_summary, statements, victims
from jpa.services.evidence import custody_of
from jpa.services.package_facts import Bench, Made
from jpa.services.package_setting import NOT_MADE, Order, Setting
from jpa.services.stores import Ask, Stores
from jpa.sharing.assembly import Assembly, Head
from jpa.sharing.choice import Audience, Decided, Source, near
from jpa.sharing.lines import Statement, moment_text, report_line
from jpa.sharing.manifest import Period, read_manifest
from jpa.sharing.naming import Naming
from jpa.sharing.package import Opened
from jpa.sharing.pages import PageWriter
from jpa.sharing.summary import summary_line
from jpa.statistics.summary import Counted

EVERY: Final = 1_000
"""Records and ties between two looks at whether the officer wants to stop: well under a second."""

_TAGS: Final = ("topics", "keywords")
_UNSAID: Final = frozenset({CaseRole.SMUGGLED_MIGRANT.value})
_STARTS: Final = frozenset({CaseRole.SUSPECT.value, CaseRole.FACILITATOR.value})


def make_tx(
    tx: Tx, reader: Readership, stores: Stores, order: Order, this: Head, setting: Setting, bench: Bench
) -> Made:
    """Write the payload of a package into an empty folder, and say what stays and why."""
    with PageWriter(bench.pages) as pages, Assembly(bench.folder, pages) as assembly:
        making = _Making(tx, reader, stores, order.selection, setting, assembly)
        made = _made(making, this, setting, bench.progress)
        pages.finish(Opened(read_manifest(made.manifest), "", bench.folder))
        return made


def _made(made: "_Making", this: Head, setting: Setting, progress: Progress) -> Made:
    decided = made.count(progress)
    made.records(decided)
    made.links(decided)
    made.files()
    made.reports()
    made.verdicts()
    counted = made.summary()
    if len(made.decided.records) == 0 and len(counted) == 0:
        raise InvalidInputError(
            NOT_MADE,
            {
                "": f"Nothing of this case may go to {setting.partner.agency.name}, or nothing is chosen. {_stays(made.decided)}"
            },
            cause="empty",
        )
    withheld = dict(made.decided.withheld)
    head = replace(this, periods=made.periods())
    return Made(made.assembly.finish(head, made.decided.limits, withheld), made.decided, counted)


class _Making:
    """One package while it is put together, inside one transaction."""

    def __init__(
        self, tx: Tx, reader: Readership, stores: Stores, selection: Selection, setting: Setting, assembly: Assembly
    ) -> None:
        self._tx, self._reader, self._stores = tx, reader, stores
        self._selection, self._setting, self.assembly = selection, setting, assembly
        case, partner = setting.case, setting.partner
        migrants = package_content.migrants_tx(tx, reader)
        things = sealing.identifying_tx(tx, reader, sorted(migrants), list(victims.IDENTIFYING)) if migrants else []
        stated = [r for i in sorted({*migrants, *things}) if (r := record_tx(tx, reader, i)) is not None]
        self._naming = Naming(victims.naming_of(stated))
        guarded = package_content.guarded_reports_tx(tx, reader, case.id, migrants)
        self.decided = Decided(
            Audience(
                case.agency, [partner.tokens], lambda limits: len(excess(setting.agreement, partner, limits)) == 0
            ),
            protected={*migrants, *things, *(_text_of(i) for i in guarded)},
        )
        self._reports: dict[str, Report] = {}
        self._sources: dict[str, Source] = {}
        self._now: dict[str, str] = {}
        self._roles = package_content.roles_tx(tx, reader, case.id)
        self._migrants = None
        if selection.summary is not None:
            package_summary.require_nameless(stores, case.id, selection.summary, self._naming)
            self._migrants = package_summary.migrants_tx(tx, reader, lambda r: self.decided.counts(self._source(r)))
        self._near: Mapping[str, int] | None = None
        if selection.hops is not None:
            ties = ((k.source, k.target) for k in exports.links_tx(tx, reader, case.id))
            starts = [r for r, roles in self._roles.items() if not _STARTS.isdisjoint(role for role, _ in roles)]
            self._near = near(starts, ties, selection.hops)

    def count(self, progress: Progress) -> Callable[[], None]:
        """Return what is called once for each record and tie, and tells how far it is now and then."""
        total, done = exports.count_tx(self._tx, self._reader, self._setting.case.id), 0
        progress(0, total)

        def decided() -> None:
            nonlocal done
            done += 1
            if done % EVERY == 0:
                progress(min(done, total), total)

        return decided

    def records(self, decided: Callable[[], None]) -> None:
        """Decide on every record in force."""
        for one in exports.records_tx(self._tx, self._reader, self._setting.case.id):
            decided()
            record, source = one.record, self._source(one.report)
            if self._migrants is not None:
                self._migrants.meet(record, one.report)
            earlier = (record.id, *one.earlier)
            if not self.decided.protected.isdisjoint(earlier) or self._names(record.properties, record.source_key):
                self.decided.protected.add(record.id)
            if self.decided.record(record.id, source, chosen=self._chosen(one)):
                self._now |= dict.fromkeys(one.earlier, record.id)
                schema, properties = entity_of(record)
                # A role travels with the report that states it, and that one alone: another may be marked for others.
                roles = {role for i in earlier for role, report in self._roles.get(i, ()) if report == record.report}
                self.assembly.statement(Statement(record, schema, properties, tuple(sorted(roles - _UNSAID))))

    def links(self, decided: Callable[[], None]) -> None:
        """Decide on every link; one of a corrected record goes with the record in force."""
        for link in exports.links_tx(self._tx, self._reader, self._setting.case.id):
            decided()
            report = self._reports.get(link.report) or cases.report_tx(self._tx, self._reader, link.report)
            if report is None:
                continue
            if self._names(link.properties, link.source_key):
                self.decided.protected.add(link.id)
            ends = [self._now.get(end, end) for end in (link.source, link.target)]
            if ends[0] != ends[1] and self.decided.link(link.id, ends, self._source(report)):
                moved = replace(link, source=ends[0], target=ends[1])
                self.assembly.statement(Statement(moved, *tie_of(moved)))

    def files(self) -> None:
        """Decide on every file of evidence: it goes only ticked by itself, with a report that speaks of nobody protected."""
        for file in evidence.of_case_tx(self._tx, self._reader, self._setting.case.id):
            report = self._reports.get(file.report)
            if report is None:
                continue
            guarded = _text_of(file.report) in self.decided.protected or len(file.restricted) > 0
            if guarded or self._naming.names(f"{file.name} {file.why}"):
                self.decided.protected.add(file.id)
            if self.decided.file(file.id, self._source(report), chosen=file.id in self._selection.files):
                self._write_file(file)

    def reports(self) -> None:
        """Write the reports that something which goes is stated by."""
        for i in sorted(self.decided.reports):
            report = self._reports[i]
            if self._naming.names(f"{report.title} {report.source_reference}"):
                raise InvalidInputError(
                    NOT_MADE,
                    {
                        "": f"The title or reference of a report of {report.date} names a protected person. Correct the report first."
                    },
                    cause="protected",
                )
            if self._naming.names(report.text):
                self.decided.protected.add(_text_of(i))
            text = report.text != "" and self.decided.text(_text_of(i), chosen=self._selection.texts)
            self.assembly.report(report_line(report, statements.report_hash(report), text=text or report.text == ""))

    def verdicts(self) -> None:
        """Write the own agency's verdicts about pairs of records that go."""
        for j in judgements.all_in_force_tx(self._tx, self._reader):
            pair = [self._now.get(i, i) for i in (j.left, j.right)]
            if j.verdict is Verdict.UNSURE or pair[0] == pair[1]:
                continue
            if self._naming.names(j.reason):
                self.decided.protected.add(j.id)
            if self.decided.judgement(j.id, pair, j.agency):
                self.assembly.judgement(
                    {
                        "id": j.id, "verdict": j.verdict.value, "left": pair[0], "right": pair[1], "agency": j.agency,
                        "at": moment_text(j.at), "reason": j.reason if self._selection.texts else "",
                    }
                )  # fmt: skip

    def summary(self) -> Sequence[Counted]:
        """Write the coded counts of victims and smuggled migrants, where an officer asked for them."""
        if self._migrants is None:
            return ()
        case = self._setting.case
        counted = package_summary.summary_tx(self._tx, self._reader, self._stores, case, self._migrants)
        for one in counted:
            for by, figures in one.tables():
                self.assembly.summary(summary_line(one.of, by, figures))
        return counted

    def periods(self) -> list[Period]:
        """Explain the joint periods that markings of reports which go speak of."""
        named = {
            name
            for i in self.decided.reports | self.decided.counted
            if (marking := self._reports[i].marking).release is Release.JPA
            for name in marking.names
        }
        return [
            Period(id=j.id, number=str(j.number), start=j.start, end=j.end)
            for j in cases.jpas_tx(self._tx, self._setting.case.state)
            if j.id in named
        ]

    def _chosen(self, one: ExportedRecord) -> bool:
        selection, record = self._selection, one.record
        tags = {v.best.casefold() for name in _TAGS for v in record.properties.get(name, ())}
        return (
            (len(selection.types) == 0 or record.type in selection.types)
            and one.report.grade.score >= selection.least_grade
            and (len(selection.tags) == 0 or not tags.isdisjoint(t.casefold() for t in selection.tags))
            and (self._near is None or any(i in self._near for i in (record.id, *one.earlier)))
            and record.id not in selection.left_out
        )

    def _names(self, properties: Properties, source_key: str | None) -> bool:
        return self._naming.names(source_key or "") or any(
            self._naming.names(text) for values in properties.values() for v in values for text in {v.typed, v.best}
        )

    def _source(self, report: Report) -> Source:
        if report.id not in self._sources:
            case = self._setting.case
            limits = limits_of(report.marking, agency=case.agency, state=case.state, case=case.id)
            self._reports[report.id] = report
            self._sources[report.id] = Source(report.id, report.agency, limits)
        return self._sources[report.id]

    def _write_file(self, file: EvidenceFile) -> None:
        self._stores.evidence.verify(file.case, file.digest)
        line = {
            "id": file.id, "report": file.report, "name": file.name, "bytes": str(file.size), "sha256": file.digest,
            "agency": file.agency, "officer": file.by, "entered": moment_text(file.added), "why": file.why,
        }  # fmt: skip
        self.assembly.evidence(line, self._stores.evidence.pieces(file.case, file.digest))
        for done in reversed(custody_of(self._stores, Ask(self._reader.officer, file.added), file)):
            self.assembly.custody(
                {
                    "evidence": file.id, "what": done.what, "by": done.by, "at": moment_text(done.at), "why": "",
                    "held": "yes" if done.held else "no",
                }
            )  # fmt: skip


def _text_of(report: str) -> str:
    """Name the free text of a report among what is protected."""
    return f"text:{report}"


def _stays(decided: Decided) -> str:
    reasons: Iterable[str] = (f"{n} {reason}" for reason, n in decided.withheld.most_common())
    return f"What stays: {'; '.join(reasons)}." if len(decided.withheld) > 0 else "The case states nothing."
