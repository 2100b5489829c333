"""post."""

from alembic import op
import sqlalchemy as sa

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('post_partners',
    sa.Column('agency', sa.String(length=64), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('address', sa.String(length=300), nullable=False),
    sa.Column('certificate', sa.LargeBinary(), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('made', sa.String(length=32), nullable=False),
    sa.Column('at', sa.Float(), nullable=False),
    sa.Column('by', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('agency', name=op.f('pk_post_partners'))
    )
    with op.batch_alter_table('post_partners', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_post_partners_fingerprint'), ['fingerprint'], unique=False)

    op.create_table('post_items',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('agency', sa.String(length=64), nullable=False),
    sa.Column('partner', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('object', sa.String(length=32), nullable=False),
    sa.Column('package', sa.String(length=32), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=True),
    sa.Column('by', sa.String(length=200), nullable=False),
    sa.Column('created', sa.Float(), nullable=False),
    sa.Column('sent', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('due', sa.Float(), nullable=True),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('ended', sa.Float(), nullable=True),
    sa.Column('worker', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_post_items'))
    )
    with op.batch_alter_table('post_items', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_post_items_agency'), ['agency'], unique=False)
        batch_op.create_index(batch_op.f('ix_post_items_state'), ['state'], unique=False)

    op.create_table('post_arrivals',
    sa.Column('sender', sa.String(length=64), nullable=False),
    sa.Column('agency', sa.String(length=64), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('form', sa.String(length=12), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('package', sa.String(length=32), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('answer', sa.LargeBinary(), nullable=False),
    sa.Column('at', sa.Float(), nullable=False),
    sa.PrimaryKeyConstraint('sender', 'agency', 'sha256', name=op.f('pk_post_arrivals'))
    )


def downgrade() -> None:
    op.drop_table('post_arrivals')
    with op.batch_alter_table('post_items', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_post_items_state'))
        batch_op.drop_index(batch_op.f('ix_post_items_agency'))

    op.drop_table('post_items')
    with op.batch_alter_table('post_partners', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_post_partners_fingerprint'))

    op.drop_table('post_partners')
