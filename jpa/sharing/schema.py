"""The JSON schema of everything that a package says, as `docs/package-format.schema.json` keeps it."""

from typing import Any

from jpa.sharing.lines import CustodyLine, EntityLine, EvidenceLine, JudgementLine, ReportLine
from jpa.sharing.manifest import Manifest
from jpa.sharing.notice import AcknowledgementBody, CorrectionBody, RecallBody
from jpa.sharing.post_card import PostCard
from jpa.sharing.post_wire import Standing
from jpa.sharing.proposals import Proposals
from jpa.sharing.receipt import ReceiptBody
from jpa.sharing.strict import Strict
from jpa.sharing.summary import SummaryLine


def schema() -> dict[str, Any]:
    """Return the schema of the manifest, of each kind of line and of the messages after it."""
    models: dict[str, type[Strict]] = {
        "manifest": Manifest,
        "report": ReportLine,
        "entity": EntityLine,
        "judgement": JudgementLine,
        "evidence": EvidenceLine,
        "custody": CustodyLine,
        "summary": SummaryLine,
        "receipt": ReceiptBody,
        "recall": RecallBody,
        "correction": CorrectionBody,
        "acknowledgement": AcknowledgementBody,
        "proposals": Proposals,
        "post-card": PostCard,
        "standing": Standing,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "jpa package, format 1",
        "description": "package.json is a manifest; each line of a file below data/ is one of the others; receipt, recall, correction, acknowledgement and post-card stand behind their signed line; proposals are a file of their own, or stand behind a signed line; standing is how a parcel stands that one installation brings another.",
        **{name: model.model_json_schema() for name, model in models.items()},
    }
