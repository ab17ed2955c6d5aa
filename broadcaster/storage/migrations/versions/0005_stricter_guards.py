"""What is written stands, also against REPLACE; the rule of approval is sealed; a given password binds one sign-in;

what is asked for twice under one name sounds once.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_SAME = {
    "decisions": "EXISTS (SELECT 1 FROM decisions WHERE id = NEW.id"
    " OR (schedule_id = NEW.schedule_id AND version = NEW.version))",
    "approval_rules": "EXISTS (SELECT 1 FROM approval_rules WHERE id = NEW.id)",
    "audit": "EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)",
    "countersignatures": "EXISTS (SELECT 1 FROM countersignatures WHERE broadcast_id = NEW.broadcast_id)",
}
"""PostgreSQL has no REPLACE, and its ON CONFLICT DO UPDATE meets the guards of 0004."""


def upgrade() -> None:
    op.add_column("sign_ins", sa.Column("must_change", sa.Integer, nullable=False, server_default="0"))
    op.add_column("approval_rules", sa.Column("seal", sa.String(64), nullable=False, server_default=""))
    op.add_column("announcements", sa.Column("asked", sa.String(64)))
    op.create_index("uq_announcements_asked", "announcements", ["asked"], unique=True)
    if op.get_bind().dialect.name == "sqlite":
        for table, same in _SAME.items():
            op.execute(
                f"CREATE TRIGGER {table}_replace BEFORE INSERT ON {table} "
                f"WHEN {same} BEGIN SELECT RAISE(ABORT, 'what is written here stands'); END"
            )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in _SAME:
            op.execute(f"DROP TRIGGER {table}_replace")
    op.drop_index("uq_announcements_asked", "announcements")
    op.drop_column("announcements", "asked")
    op.drop_column("approval_rules", "seal")
    op.drop_column("sign_ins", "must_change")
