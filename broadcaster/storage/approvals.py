"""Approvals: who approved which version of a bulletin, and whether that holds.

A decision is bound to the fingerprint of what was approved, sealed with the station's key, and looked after by the
database: under the two-person rule nobody approves what they wrote (migration 0004).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, insert, select

from broadcaster.model.approval import Rule, Standing, fingerprint
from broadcaster.model.schedule import Schedule
from broadcaster.seal import fits, sealed
from broadcaster.storage.database import reading, transaction
from broadcaster.storage.tables import approval_rules, decisions
from broadcaster.words import Sentence

NOBODY = Sentence("Nobody has approved it.")
NOT_WHOLE = Sentence("It is not what was approved: it was changed behind the station's back.")


@dataclass(frozen=True)
class State:
    """Where a version stands, who said so, when, and with which note."""

    standing: Standing
    by: str = ""
    at: float = 0.0
    note: str = ""
    whole: bool = True
    """False: there is an approval, but not of what stands there now."""

    @property
    def refusal(self) -> Sentence | None:
        """Why it must not sound, if it must not."""
        if self.standing is Standing.APPROVED:
            return None
        if not self.whole:
            return NOT_WHOLE
        if self.standing is Standing.RETURNED:
            return Sentence("{by} has returned it: {note}", by=self.by, note=self.note)
        return NOBODY


def rule(engine: Engine, key: bytes) -> Rule:
    """Return how the commune approves now. Raises ``StorageError``."""
    with reading(engine) as connection:
        return rule_of(connection, key)


def rule_of(connection: Connection, key: bytes) -> Rule:
    """The same within a transaction. What the station has not written down itself is no decision: it takes two."""
    row = connection.execute(select(approval_rules).order_by(approval_rules.c.id.desc()).limit(1)).first()
    if row is None or not fits(row.seal, key, row.persons, row.decision, row.at, row.by_name):
        return Rule()
    return Rule(row.persons, row.decision, row.at, row.by_name)


def decide_rule(engine: Engine, persons: int, decision: str, by: str, now: float, key: bytes) -> None:
    """Write down what the commune has decided; the audit is told by the database. Raises ``StorageError``."""
    values = {"persons": persons, "decision": decision, "at": float(now), "by_name": by}
    with transaction(engine) as connection:
        connection.execute(insert(approval_rules).values(**values, seal=sealed(key, *values.values())))


def state_of(connection: Connection, schedule: Schedule, key: bytes) -> State:
    """Return where the version that stands in the log book stands."""
    known = connection.execute(select(decisions).where(decisions.c.schedule_id == schedule.id)).all()
    return _state(schedule, {row.version: row for row in known}, key, rule_of(connection, key).persons)


def states(engine: Engine, those: list[Schedule], key: bytes) -> dict[str, State]:
    """Return where each of some bulletins stands, by id. Raises ``StorageError``."""
    found: dict[str, dict[int, Row[Any]]] = {one.id: {} for one in those}
    ids = list(found)
    with reading(engine) as connection:
        persons = rule_of(connection, key).persons
        for start in range(0, len(ids), 500):
            query = select(decisions).where(decisions.c.schedule_id.in_(ids[start : start + 500]))
            for row in connection.execute(query):
                found[row.schedule_id][row.version] = row
    return {one.id: _state(one, found[one.id], key, persons) for one in those}


def signature(engine: Engine) -> tuple[int, int]:
    """Return what differs after every decision, about a bulletin or about the rule. Raises ``StorageError``."""
    with reading(engine) as connection:
        last, rules = (
            connection.execute(select(func.coalesce(func.max(column), 0))).scalar_one()
            for column in (decisions.c.id, approval_rules.c.id)
        )
    return int(last), int(rules)


def decision(connection: Connection, schedule: Schedule) -> Row[Any] | None:
    """Return the row of what was decided about this version."""
    query = select(decisions).where(decisions.c.schedule_id == schedule.id, decisions.c.version == schedule.version)
    return connection.execute(query).first()


def _state(schedule: Schedule, decided: Mapping[int, Row[Any]], key: bytes, persons: int) -> State:
    row = decided.get(schedule.version)
    if any(version > schedule.version for version in decided):  # an earlier version was put back by hand
        return State(Standing.WAITING, whole=False)
    if row is None:
        return State(Standing.WAITING)
    values = (row.schedule_id, row.version, row.fingerprint, row.approved, row.persons, row.author_id)
    genuine = fits(row.seal, key, *values, row.by_id, row.at)
    if not row.approved:
        return State(Standing.RETURNED, row.by_name, row.at, row.note)
    alone = persons == 2 and row.by_id == row.author_id  # approved while one person was enough
    if alone or not genuine or row.fingerprint != fingerprint(schedule):
        return State(Standing.WAITING, row.by_name, row.at, whole=False)
    return State(Standing.APPROVED, row.by_name, row.at)
