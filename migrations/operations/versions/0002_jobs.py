"""Jobs, standing orders, and the file of a draft that is not read yet."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("drafts") as batch:
        batch.add_column(sa.Column("file", sa.LargeBinary(), nullable=True))
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("officer", sa.String(length=32), nullable=False),
        sa.Column("object", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("created", sa.Float(), nullable=False),
        sa.Column("started", sa.Float(), nullable=True),
        sa.Column("ended", sa.Float(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
    )
    op.create_index("ix_jobs_officer", "jobs", ["officer"])
    op.create_index("ix_jobs_state", "jobs", ["state"])
    op.create_table(
        "standing_orders",
        sa.Column("officer", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("since", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer"], ["accounts.id"], name="fk_standing_orders_officer", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("officer", "kind", name="pk_standing_orders"),
    )


def downgrade() -> None:
    op.drop_table("standing_orders")
    op.drop_index("ix_jobs_state", "jobs")
    op.drop_index("ix_jobs_officer", "jobs")
    op.drop_table("jobs")
    with op.batch_alter_table("drafts") as batch:
        batch.drop_column("file")
