"""Roles, approvals that the database itself looks after, the audit, drafts."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_PERSONS = "COALESCE((SELECT persons FROM approval_rules ORDER BY id DESC LIMIT 1), 2)"
_TRIGGERS = (
    ("decisions_rule", "INSERT", "decisions", f"NEW.persons <> {_PERSONS}", "the rule of approval has changed"),
    (
        "decisions_author",
        "INSERT",
        "decisions",
        "NOT EXISTS (SELECT 1 FROM schedules s WHERE s.id = NEW.schedule_id AND s.version = NEW.version "
        "AND s.author_id = NEW.author_id AND s.removed IS NULL)",
        "this is not the version that stands",
    ),
    (
        "decisions_right",
        "INSERT",
        "decisions",
        "NOT EXISTS (SELECT 1 FROM users u WHERE u.id = NEW.by_id AND u.disabled IS NULL "
        "AND u.role IN ('administrator', 'head'))",
        "only a head of station or an administrator approves",
    ),
    *(
        (f"{table}_{event.lower()}", event, table, "1 = 1", "what is written here stands")
        for table in ("decisions", "approval_rules", "audit", "countersignatures")
        for event in ("UPDATE", "DELETE")
    ),
)
_TOLD = (
    "INSERT INTO audit (at, by_name, what, subject) "
    "VALUES (NEW.at, NEW.by_name, 'approval rule', CAST(NEW.persons AS TEXT) || ' · ' || NEW.decision)"
)


def upgrade() -> None:
    _columns()
    op.create_table(
        "approval_rules",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("persons", sa.Integer, nullable=False),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("by_name", sa.Text, nullable=False),
        sa.CheckConstraint("persons IN (1, 2)", name="ck_approval_rules_persons"),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("schedule_id", sa.String(40), sa.ForeignKey("schedules.id"), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("approved", sa.Integer, nullable=False),
        sa.Column("persons", sa.Integer, nullable=False),
        sa.Column("author_id", sa.Integer, nullable=False),
        sa.Column("by_id", sa.Integer, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("by_name", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.UniqueConstraint("schedule_id", "version", name="uq_decisions_version"),
        sa.CheckConstraint("approved = 0 OR persons = 1 OR by_id <> author_id", name="ck_decisions_two_persons"),
    )
    _more_tables()
    for name, event, table, condition, complaint in _TRIGGERS:
        _trigger(name, f"BEFORE {event} ON {table}", condition, complaint)
    _tell_audit()


def _columns() -> None:
    op.add_column("broadcasts", sa.Column("approved_by", sa.Text))
    op.add_column("broadcasts", sa.Column("seal", sa.String(64)))
    op.add_column("broadcasts", sa.Column("silenced", sa.JSON))
    op.add_column("users", sa.Column("role", sa.String(16), nullable=False, server_default="administrator"))
    op.add_column("users", sa.Column("groups", sa.JSON, nullable=False, server_default="[]"))
    op.add_column("users", sa.Column("duty_code", sa.Text))
    op.add_column("sign_ins", sa.Column("address", sa.String(64), nullable=False, server_default=""))
    op.add_column("sign_ins", sa.Column("browser", sa.Text, nullable=False, server_default=""))
    for name, kind, default in (
        ("version", sa.Integer, "1"),
        ("author_id", sa.Integer, "0"),
        ("at_once", sa.Integer, "0"),
        ("item_class", sa.String(16), "own"),
        ("requester", sa.Text, ""),
        ("language", sa.String(8), "vi"),
    ):
        op.add_column("schedules", sa.Column(name, kind, nullable=False, server_default=default))
    op.add_column("schedules", sa.Column("moves", sa.JSON))
    op.add_column("schedules", sa.Column("ends", sa.Float))
    op.create_index("ix_schedules_ends", "schedules", ["ends"])


def _more_tables() -> None:
    op.create_table(
        "countersignatures",
        sa.Column("broadcast_id", sa.String(40), sa.ForeignKey("broadcasts.id"), primary_key=True),
        sa.Column("by_id", sa.Integer, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("by_name", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("by_name", sa.Text, nullable=False),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("before", sa.JSON),
        sa.Column("after", sa.JSON),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_table(
        "drafts",
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("place", sa.String(64), primary_key=True),
        sa.Column("typed", sa.JSON, nullable=False),
        sa.Column("changed", sa.Float, nullable=False),
    )


def _trigger(name: str, when: str, condition: str, complaint: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {name} {when} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{complaint}'); END")
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {condition} THEN RAISE EXCEPTION '{complaint}'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} {when} FOR EACH ROW EXECUTE FUNCTION {name}()")


def _tell_audit() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER approval_rules_told AFTER INSERT ON approval_rules BEGIN {_TOLD}; END")
        return
    op.execute(
        "CREATE FUNCTION approval_rules_told() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"{_TOLD}; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER approval_rules_told AFTER INSERT ON approval_rules "
        "FOR EACH ROW EXECUTE FUNCTION approval_rules_told()"
    )


def downgrade() -> None:
    for table in ("drafts", "audit", "countersignatures", "decisions", "approval_rules"):
        op.drop_table(table)
    op.drop_index("ix_schedules_ends", "schedules")
    for table, names in (
        ("schedules", ("ends", "moves", "language", "requester", "item_class", "at_once", "author_id", "version")),
        ("sign_ins", ("browser", "address")),
        ("users", ("duty_code", "groups", "role")),
        ("broadcasts", ("silenced", "seal", "approved_by")),
    ):
        for name in names:
            op.drop_column(table, name)
