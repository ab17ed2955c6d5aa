"""The tables. Times are Unix seconds (UTC); lists and sentences are JSON."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
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
)

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
