"""The truth about a fictional region, for a file outside the store: what is one thing, who is a group, what came of it."""

import json
from dataclasses import asdict

from jpa.world.plan import World, WorldRecord, WorldReport
from jpa.world.victims import pseudonyms


def source_key(report: WorldReport, record: WorldRecord) -> str:
    """Name a line of a report; the record in the store carries the same name."""
    return f"{report.source_reference}#{record.ref}"


def truth_json(world: World) -> str:
    """Write the truth; victims stand in it by pseudonym alone."""
    things: dict[str, list[str]] = {}
    for report in world.reports:
        for record in report.records:
            things.setdefault(record.truth, []).append(source_key(report, record))
    content = {
        "seed": world.seed,
        "jpas": [asdict(jpa) for jpa in world.jpas],
        "cases": [asdict(case) for case in world.cases],
        "things": things,
        "networks": [asdict(planted) for planted in world.networks],
        "harmless": [asdict(planted) for planted in world.harmless],
        "apart": [asdict(pair) for pair in world.apart],
        "outcomes": [asdict(outcome) for outcome in world.outcomes],
        "claims": [asdict(claim) for claim in world.claims],
        "incidents": [asdict(incident) for incident in world.incidents],
        "surges": [asdict(surge) for surge in world.surges],
        "victims": pseudonyms(world.reports),
    }
    return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False)
