"""The tables. Times are Unix seconds (UTC); lists and sentences are JSON."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

announcements = Table(
    "announcements",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("title", Text, nullable=False),
    Column("sound", String(64), nullable=False),
    Column("clusters", JSON, nullable=False),
    Column("priority", String(16), nullable=False),
    Column("origin", String(32), nullable=False),
    Column("created", Float, nullable=False),
    Column("asked", String(64)),
    Index("uq_announcements_asked", "asked", unique=True),
)
"""``asked``: the name under which it was asked for; asked for twice under one name, it sounds once."""

broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("announcement_id", String(40), ForeignKey("announcements.id")),
    Column("title", Text, nullable=False),
    Column("sound", String(64), nullable=False),
    Column("message", String(64), nullable=False),
    Column("clusters", JSON, nullable=False),
    Column("priority", String(16), nullable=False),
    Column("origin", String(32), nullable=False),
    Column("due", Float),
    Column("created", Float, nullable=False),
    Column("planned_s", Float, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("reason", JSON(none_as_null=True)),
    Column("keyed_at", Float),
    Column("on_air_at", Float),
    Column("ended_at", Float),
    Column("sounded_s", Float),
    Column("asked_by", Text),
    Column("schedule_id", String(40)),
    Column("late_after_s", Float),
    Column("approved_by", Text),
    Column("seal", String(64)),
    Column("silenced", JSON(none_as_null=True)),
    Column("verdict", String(16)),
    Column("verdict_why", JSON(none_as_null=True)),
    Index("ix_broadcasts_schedule_id_due", "schedule_id", "due"),
    Index("ix_broadcasts_due", "due"),
)

schedules = Table(
    "schedules",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("title", Text, nullable=False),
    Column("sound", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("target", JSON, nullable=False),
    Column("priority", String(16), nullable=False),
    Column("at", String(8), nullable=False),
    Column("first", String(10), nullable=False),
    Column("last", String(10)),
    Column("weekdays", JSON, nullable=False),
    Column("late_after_s", Float, nullable=False),
    Column("duration_s", Float, nullable=False),
    Column("before_s", Float, nullable=False),
    Column("after_s", Float, nullable=False),
    Column("paused", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("settled_until", Float, nullable=False),
    Column("created", Float, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("changed", Float, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("removed", Float),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("author_id", Integer, nullable=False, server_default="0"),
    Column("at_once", Integer, nullable=False, server_default="0"),
    Column("moves", JSON(none_as_null=True)),
    Column("item_class", String(16), nullable=False, server_default="own"),
    Column("requester", Text, nullable=False, server_default=""),
    Column("language", String(8), nullable=False, server_default="vi"),
    Column("ends", Float),
    Index("ix_schedules_ends", "ends"),
)
"""Every occurrence up to ``settled_until`` has its row in ``broadcasts``."""

users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False),
    Column("key", String(64), nullable=False, unique=True),
    Column("password", Text, nullable=False),
    Column("must_change", Integer, nullable=False),
    Column("created", Float, nullable=False),
    Column("disabled", Float),
    Column("role", String(16), nullable=False, server_default="administrator"),
    Column("groups", JSON, nullable=False, server_default="[]"),
    Column("duty_code", Text),
)
"""``groups``: the groups of clusters that somebody may use, none: all. ``duty_code``: the hash of the printed one."""

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("user_id", Integer, ForeignKey("users.id"), nullable=False, index=True),
    Column("began", Float, nullable=False),
    Column("seen", Float, nullable=False),
    Column("kept", JSON(none_as_null=True)),
    Column("address", String(64), nullable=False, server_default=""),
    Column("browser", Text, nullable=False, server_default=""),
    Column("must_change", Integer, nullable=False, server_default="0"),
)
"""Who is signed in: the SHA-256 of the token in the browser's cookie; what was typed when a sign-in ran out.

``must_change``: this one began with a code that somebody was given, and is good for choosing a password.
"""

sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False),
    Column("address", String(64), nullable=False),
    Column("at", Float, nullable=False, index=True),
)

broadcast_changes = Table(
    "broadcast_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("broadcast_id", String(40), ForeignKey("broadcasts.id"), nullable=False, index=True),
    Column("state", String(16), nullable=False),
    Column("at", Float, nullable=False),
    Column("reason", JSON(none_as_null=True)),
)

device_intervals = Table(
    "device_intervals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("device", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("evidence", String(16), nullable=False),
    Column("from_at", Float, nullable=False),
    Column("until_at", Float),
    Column("seen_at", Float),
    Index("ix_device_intervals_device_from_at", "device", "from_at"),
)

faults = Table(
    "faults",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("sentence", JSON, nullable=False),
    Column("latched", Integer, nullable=False),
    Column("raised_at", Float, nullable=False, index=True),
    Column("cleared_at", Float),
    Column("acknowledged_at", Float),
    Column("acknowledged_by", Text),
)

approval_rules = Table(
    "approval_rules",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("persons", Integer, CheckConstraint("persons IN (1, 2)", name="persons"), nullable=False),
    Column("decision", Text, nullable=False),
    Column("at", Float, nullable=False),
    Column("by_name", Text, nullable=False),
    Column("seal", String(64), nullable=False, server_default=""),
)
"""How the commune approves: the last row holds. Rows are never changed; each tells the audit."""

decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("schedule_id", String(40), ForeignKey("schedules.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("approved", Integer, nullable=False),
    Column("persons", Integer, nullable=False),
    Column("author_id", Integer, nullable=False),
    Column("by_id", Integer, ForeignKey("users.id"), nullable=False),
    Column("by_name", Text, nullable=False),
    Column("at", Float, nullable=False),
    Column("note", Text, nullable=False),
    Column("seal", String(64), nullable=False),
    UniqueConstraint("schedule_id", "version", name="uq_decisions_version"),
    CheckConstraint("approved = 0 OR persons = 1 OR by_id <> author_id", name="two_persons"),
)
"""One decision for each version of a bulletin, never changed. Who may decide is looked after by the database."""

countersignatures = Table(
    "countersignatures",
    metadata,
    Column("broadcast_id", String(40), ForeignKey("broadcasts.id"), primary_key=True),
    Column("by_id", Integer, ForeignKey("users.id"), nullable=False),
    Column("by_name", Text, nullable=False),
    Column("at", Float, nullable=False),
    Column("note", Text, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Float, nullable=False, index=True),
    Column("by_name", Text, nullable=False),
    Column("what", String(32), nullable=False),
    Column("subject", Text, nullable=False),
    Column("before", JSON(none_as_null=True)),
    Column("after", JSON(none_as_null=True)),
)
"""Every change, with what was before and after. Rows are never changed."""

drafts = Table(
    "drafts",
    metadata,
    Column("user_id", Integer, ForeignKey("users.id"), primary_key=True),
    Column("place", String(64), primary_key=True),
    Column("typed", JSON, nullable=False),
    Column("changed", Float, nullable=False),
)
"""What somebody is typing into a bulletin: ``place`` is the schedule that is being changed, or ``new``."""
