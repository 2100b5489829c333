"""What planned actions ask for and answer to between installations."""

from alembic import op
import sqlalchemy as sa

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('closed_plans',
    sa.Column('plan', sa.String(length=32), nullable=False),
    sa.Column('agency', sa.String(length=64), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('until', sa.Float(), nullable=False),
    sa.PrimaryKeyConstraint('plan', name=op.f('pk_closed_plans'))
    )
    with op.batch_alter_table('closed_plans', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_closed_plans_until'), ['until'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('closed_plans', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_closed_plans_until'))

    op.drop_table('closed_plans')
