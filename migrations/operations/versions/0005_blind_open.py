"""Open blind questions, and post about more than packages."""

from alembic import op
import sqlalchemy as sa

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('blind_open',
    sa.Column('question', sa.String(length=32), nullable=False),
    sa.Column('agency', sa.String(length=64), nullable=False),
    sa.Column('partner', sa.String(length=64), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('until', sa.Float(), nullable=False),
    sa.PrimaryKeyConstraint('question', name=op.f('pk_blind_open'))
    )
    with op.batch_alter_table('blind_open', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_blind_open_until'), ['until'], unique=False)

    for table in ('post_items', 'post_arrivals'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column('package', new_column_name='subject', existing_type=sa.String(length=32), existing_nullable=False)


def downgrade() -> None:
    for table in ('post_items', 'post_arrivals'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column('subject', new_column_name='package', existing_type=sa.String(length=32), existing_nullable=False)

    with op.batch_alter_table('blind_open', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_blind_open_until'))

    op.drop_table('blind_open')
