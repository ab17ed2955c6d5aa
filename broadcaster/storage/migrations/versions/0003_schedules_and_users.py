"""Schedules and the broadcasts that are their occurrences; users, who is signed in, who failed to."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "schedules",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("sound", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("target", sa.JSON, nullable=False),
        sa.Column("priority", sa.String(16), nullable=False),
        sa.Column("at", sa.String(8), nullable=False),
        sa.Column("first", sa.String(10), nullable=False),
        sa.Column("last", sa.String(10)),
        sa.Column("weekdays", sa.JSON, nullable=False),
        sa.Column("late_after_s", sa.Float, nullable=False),
        sa.Column("duration_s", sa.Float, nullable=False),
        sa.Column("before_s", sa.Float, nullable=False),
        sa.Column("after_s", sa.Float, nullable=False),
        sa.Column("paused", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("settled_until", sa.Float, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("changed", sa.Float, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("removed", sa.Float),
    )
    op.add_column("broadcasts", sa.Column("asked_by", sa.Text))
    op.add_column("broadcasts", sa.Column("schedule_id", sa.String(40)))
    op.add_column("broadcasts", sa.Column("late_after_s", sa.Float))
    op.create_index("ix_broadcasts_schedule_id_due", "broadcasts", ["schedule_id", "due"])
    op.create_index("ix_broadcasts_due", "broadcasts", ["due"])
    _people()


def _people() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("key", sa.String(64), nullable=False, unique=True),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("must_change", sa.Integer, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("disabled", sa.Float),
    )
    op.create_table(
        "sign_ins",
        sa.Column("token", sa.String(64), primary_key=True),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id", name="fk_sign_ins_user_id"), nullable=False),
        sa.Column("began", sa.Float, nullable=False),
        sa.Column("seen", sa.Float, nullable=False),
        sa.Column("kept", sa.JSON),
    )
    op.create_index("ix_sign_ins_user_id", "sign_ins", ["user_id"])
    op.create_table(
        "sign_in_failures",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_index("ix_sign_in_failures_at", "sign_in_failures", ["at"])


def downgrade() -> None:
    for table in ("sign_in_failures", "sign_ins", "users", "schedules"):
        op.drop_table(table)
    op.drop_index("ix_broadcasts_due", "broadcasts")
    op.drop_index("ix_broadcasts_schedule_id_due", "broadcasts")
    op.drop_column("broadcasts", "late_after_s")
    op.drop_column("broadcasts", "schedule_id")
    op.drop_column("broadcasts", "asked_by")
