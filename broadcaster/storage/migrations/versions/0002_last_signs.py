"""When an open interval was last known to go on; who acknowledged a fault."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("device_intervals", sa.Column("seen_at", sa.Float))
    op.add_column("faults", sa.Column("acknowledged_by", sa.Text))


def downgrade() -> None:
    op.drop_column("faults", "acknowledged_by")
    op.drop_column("device_intervals", "seen_at")
