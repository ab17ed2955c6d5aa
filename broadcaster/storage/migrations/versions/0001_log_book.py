"""Announcements, broadcasts with every change, device intervals, faults."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "announcements",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("sound", sa.String(64), nullable=False),
        sa.Column("clusters", sa.JSON, nullable=False),
        sa.Column("priority", sa.String(16), nullable=False),
        sa.Column("origin", sa.String(32), nullable=False),
        sa.Column("created", sa.Float, nullable=False),
    )
    op.create_table(
        "broadcasts",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column(
            "announcement_id",
            sa.String(40),
            sa.ForeignKey("announcements.id", name="fk_broadcasts_announcement_id"),
        ),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("sound", sa.String(64), nullable=False),
        sa.Column("message", sa.String(64), nullable=False),
        sa.Column("clusters", sa.JSON, nullable=False),
        sa.Column("priority", sa.String(16), nullable=False),
        sa.Column("origin", sa.String(32), nullable=False),
        sa.Column("due", sa.Float),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("planned_s", sa.Float, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.JSON),
        sa.Column("keyed_at", sa.Float),
        sa.Column("on_air_at", sa.Float),
        sa.Column("ended_at", sa.Float),
        sa.Column("sounded_s", sa.Float),
    )
    op.create_index("ix_broadcasts_state", "broadcasts", ["state"])
    op.create_table(
        "broadcast_changes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "broadcast_id",
            sa.String(40),
            sa.ForeignKey("broadcasts.id", name="fk_broadcast_changes_broadcast_id"),
            nullable=False,
        ),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("reason", sa.JSON),
    )
    op.create_index("ix_broadcast_changes_broadcast_id", "broadcast_changes", ["broadcast_id"])
    op.create_table(
        "device_intervals",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("device", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("evidence", sa.String(16), nullable=False),
        sa.Column("from_at", sa.Float, nullable=False),
        sa.Column("until_at", sa.Float),
    )
    op.create_index("ix_device_intervals_device_from_at", "device_intervals", ["device", "from_at"])
    op.create_table(
        "faults",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("sentence", sa.JSON, nullable=False),
        sa.Column("latched", sa.Integer, nullable=False),
        sa.Column("raised_at", sa.Float, nullable=False),
        sa.Column("cleared_at", sa.Float),
        sa.Column("acknowledged_at", sa.Float),
    )
    op.create_index("ix_faults_raised_at", "faults", ["raised_at"])


def downgrade() -> None:
    for table in ("faults", "device_intervals", "broadcast_changes", "broadcasts", "announcements"):
        op.drop_table(table)
