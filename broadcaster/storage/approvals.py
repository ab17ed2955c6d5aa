"""Approvals: who approved which version of a bulletin, and whether that holds.

A decision is bound to the fingerprint of what was approved, sealed with the station's key, and looked after by the
database: under the two-person rule nobody approves what they wrote (migration 0004).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, insert, select

from broadcaster.model.approval import Rule, Standing, fingerprint
from broadcaster.model.schedule import Schedule
from broadcaster.seal import fits
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


def rule(engine: Engine) -> Rule:
    """Return how the commune approves now. Raises ``StorageError``."""
    with reading(engine) as connection:
        return rule_of(connection)


def rule_of(connection: Connection) -> Rule:
    """The same within a transaction."""
    row = connection.execute(select(approval_rules).order_by(approval_rules.c.id.desc()).limit(1)).first()
    return Rule(row.persons, row.decision, row.at, row.by_name) if row else Rule()


def decide_rule(engine: Engine, persons: int, decision: str, by: str, now: float) -> None:
    """Write down what the commune has decided; the audit is told by the database. Raises ``StorageError``."""
    with transaction(engine) as connection:
        connection.execute(insert(approval_rules).values(persons=persons, decision=decision, at=now, by_name=by))


def state_of(connection: Connection, schedule: Schedule, key: bytes) -> State:
    """Return where the version that stands in the log book stands."""
    return _state(schedule, decision(connection, schedule), key, rule_of(connection).persons)


def states(engine: Engine, those: list[Schedule], key: bytes) -> dict[str, State]:
    """Return where each of some bulletins stands, by id. Raises ``StorageError``."""
    found: dict[tuple[str, int], Row[Any]] = {}
    ids = [one.id for one in those]
    with reading(engine) as connection:
        persons = rule_of(connection).persons
        for start in range(0, len(ids), 500):
            query = select(decisions).where(decisions.c.schedule_id.in_(ids[start : start + 500]))
            found |= {(row.schedule_id, row.version): row for row in connection.execute(query)}
    return {one.id: _state(one, found.get((one.id, one.version)), key, persons) for one in those}


def signature(engine: Engine) -> int:
    """Return what differs after every decision. Raises ``StorageError``."""
    with reading(engine) as connection:
        return int(connection.execute(select(func.coalesce(func.max(decisions.c.id), 0))).scalar_one())


def decision(connection: Connection, schedule: Schedule) -> Row[Any] | None:
    """Return the row of what was decided about this version."""
    query = select(decisions).where(decisions.c.schedule_id == schedule.id, decisions.c.version == schedule.version)
    return connection.execute(query).first()


def _state(schedule: Schedule, row: Row[Any] | None, key: bytes, persons: int) -> State:
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
