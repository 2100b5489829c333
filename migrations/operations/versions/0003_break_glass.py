"""break glass."""

from alembic import op
import sqlalchemy as sa

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('vault_requests',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('victim', sa.String(length=32), nullable=False),
    sa.Column('case', sa.String(length=32), nullable=False),
    sa.Column('pseudonym', sa.String(length=40), nullable=False),
    sa.Column('agency', sa.String(length=64), nullable=False),
    sa.Column('asker', sa.String(length=64), nullable=False),
    sa.Column('asker_name', sa.String(length=200), nullable=False),
    sa.Column('said', sa.LargeBinary(), nullable=False),
    sa.Column('asked', sa.Float(), nullable=False),
    sa.Column('second', sa.String(length=64), nullable=False),
    sa.Column('second_name', sa.String(length=200), nullable=False),
    sa.Column('decided', sa.Float(), nullable=True),
    sa.Column('refused', sa.Boolean(), nullable=False),
    sa.Column('opened', sa.Integer(), nullable=False),
    sa.Column('reviewer_name', sa.String(length=200), nullable=False),
    sa.Column('reviewed', sa.Float(), nullable=True),
    sa.Column('remark', sa.LargeBinary(), nullable=True),
    sa.Column('standing', sa.String(length=100), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vault_requests')),
    sa.UniqueConstraint('standing', name=op.f('uq_vault_requests_standing'))
    )
    with op.batch_alter_table('vault_requests', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_vault_requests_agency'), ['agency'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('vault_requests', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_vault_requests_agency'))

    op.drop_table('vault_requests')
