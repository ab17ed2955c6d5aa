"""What the monitor receiver says of each broadcast, and why it is not simply heard."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("broadcasts", sa.Column("verdict", sa.String(16)))
    op.add_column("broadcasts", sa.Column("verdict_why", sa.JSON(none_as_null=True)))


def downgrade() -> None:
    op.drop_column("broadcasts", "verdict_why")
    op.drop_column("broadcasts", "verdict")
