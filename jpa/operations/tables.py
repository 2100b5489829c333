"""Tables of the operations store; the same on SQLite and PostgreSQL. No investigative fact lives here."""

from typing import Final

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

accounts: Final = Table(
    "accounts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("login", String(80), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("agency", String(64), nullable=False),
    Column("state", String(2), nullable=False),
    Column("roles", JSON, nullable=False),
    Column("password", String(200), nullable=False),
    Column("must_change", Boolean, nullable=False, default=False),
    Column("totp", LargeBinary, nullable=True),
    Column("totp_step", Integer, nullable=False, default=0),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("locked", Boolean, nullable=False, default=False),
    Column("created", Float, nullable=False),
)

failures: Final = Table(
    "login_failures",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("login", String(80), nullable=False, index=True),
    Column("at", Float, nullable=False),
)

sessions: Final = Table(
    "sessions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("account", String(32), ForeignKey("accounts.id"), nullable=True, index=True),
    Column("created", Float, nullable=False),
    Column("seen", Float, nullable=False),
    Column("stepped_up", Float, nullable=True),
    Column("data", JSON, nullable=False),
    Column("agent", String(200), nullable=False, default=""),
)

tokens: Final = Table(
    "api_tokens",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("account", String(32), ForeignKey("accounts.id"), nullable=False, index=True),
    Column("name", String(80), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("created", Float, nullable=False),
    Column("expires", Float, nullable=False),
    Column("revoked", Boolean, nullable=False, default=False),
)

events: Final = Table(
    "audit_events",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("id", String(32), nullable=False, unique=True),
    Column("intent", String(32), nullable=False, index=True),
    Column("tag", String(40), nullable=False, index=True),
    Column("actor", String(64), nullable=False, index=True),
    Column("agency", String(64), nullable=False),
    Column("at", String(32), nullable=False),
    Column("object", String(64), nullable=False, index=True),
    Column("purpose", Text, nullable=False),
    Column("outcome", String(12), nullable=True),
    Column("details", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

checkpoints: Final = Table(
    "audit_checkpoints",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("hash", String(64), nullable=False),
    Column("at", String(32), nullable=False),
    Column("signature", String(200), nullable=False),
)

vault: Final = Table(
    "vault",
    metadata,
    Column("victim", String(32), primary_key=True),
    Column("case", String(32), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", Float, nullable=False),
    UniqueConstraint("case", "number"),
)

vault_requests: Final = Table(
    "vault_requests",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("victim", String(32), nullable=False),
    Column("case", String(32), nullable=False),
    Column("pseudonym", String(40), nullable=False),
    Column("agency", String(64), nullable=False, index=True),
    Column("asker", String(64), nullable=False),
    Column("asker_name", String(200), nullable=False),
    Column("said", LargeBinary, nullable=False),
    Column("asked", Float, nullable=False),
    Column("second", String(64), nullable=False, default=""),
    Column("second_name", String(200), nullable=False, default=""),
    Column("decided", Float, nullable=True),
    Column("refused", Boolean, nullable=False, default=False),
    Column("opened", Integer, nullable=False, default=0),
    Column("reviewer_name", String(200), nullable=False, default=""),
    Column("reviewed", Float, nullable=True),
    Column("remark", LargeBinary, nullable=True),
    Column("standing", String(100), nullable=True, unique=True),
)

case_keys: Final = Table(
    "case_keys",
    metadata,
    Column("case", String(32), primary_key=True),
    Column("purpose", String(12), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)

drafts: Final = Table(
    "drafts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("case", String(32), nullable=False),
    Column("officer", String(32), nullable=False, index=True),
    Column("created", Float, nullable=False),
    Column("state", String(12), nullable=False),
    Column("cursor", Integer, nullable=False, default=0),
    Column("head", LargeBinary, nullable=False),
    Column("file", LargeBinary, nullable=True),
)

draft_chunks: Final = Table(
    "draft_chunks",
    metadata,
    Column("draft", String(32), ForeignKey("drafts.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("rows", LargeBinary, nullable=False),
)

jobs: Final = Table(
    "jobs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("officer", String(32), nullable=False, index=True),
    Column("object", String(64), nullable=False, default=""),
    Column("state", String(12), nullable=False, index=True),
    Column("done", Integer, nullable=False, default=0),
    Column("total", Integer, nullable=False, default=0),
    Column("created", Float, nullable=False),
    Column("started", Float, nullable=True),
    Column("ended", Float, nullable=True),
    Column("message", Text, nullable=False, default=""),
)

standing_orders: Final = Table(
    "standing_orders",
    metadata,
    Column("officer", String(32), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("since", Float, nullable=False),
)

post_partners: Final = Table(
    "post_partners",
    metadata,
    Column("agency", String(64), primary_key=True),
    Column("key", String(64), nullable=False),
    Column("address", String(300), nullable=False),
    Column("certificate", LargeBinary, nullable=False),
    Column("fingerprint", String(64), nullable=False, index=True),
    Column("made", String(32), nullable=False),
    Column("at", Float, nullable=False),
    Column("by", String(64), nullable=False),
)

post_items: Final = Table(
    "post_items",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("agency", String(64), nullable=False, index=True),
    Column("partner", String(64), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("object", String(32), nullable=False),
    Column("subject", String(32), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("content", LargeBinary, nullable=True),
    Column("by", String(200), nullable=False),
    Column("created", Float, nullable=False),
    Column("sent", Integer, nullable=False, default=0),
    Column("state", String(12), nullable=False, index=True),
    Column("tries", Integer, nullable=False, default=0),
    Column("due", Float, nullable=True),
    Column("error", Text, nullable=False, default=""),
    Column("ended", Float, nullable=True),
    Column("worker", String(64), nullable=False, default=""),
)

post_arrivals: Final = Table(
    "post_arrivals",
    metadata,
    Column("sender", String(64), primary_key=True),
    Column("agency", String(64), primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("form", String(12), nullable=False),
    Column("size", Integer, nullable=False),
    Column("subject", String(32), nullable=False),
    Column("state", String(12), nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("answer", LargeBinary, nullable=False),
    Column("at", Float, nullable=False),
)

blind_open: Final = Table(
    "blind_open",
    metadata,
    Column("question", String(32), primary_key=True),
    Column("agency", String(64), nullable=False),
    Column("partner", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("until", Float, nullable=False, index=True),
)

closed_plans: Final = Table(
    "closed_plans",
    metadata,
    Column("plan", String(32), primary_key=True),
    Column("agency", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("until", Float, nullable=False, index=True),
)

Index("ix_audit_events_at", events.c.at)
