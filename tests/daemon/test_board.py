from __future__ import annotations

from pathlib import Path

from broadcaster.config.loading import load
from broadcaster.daemon.board import Board
from broadcaster.model.broadcast import Broadcast, State
from broadcaster.model.evidence import Evidence
from broadcaster.playout.events import BroadcastMoved, CarrierMoved, ClustersMoved, FaultRaised
from broadcaster.words import Sentence

SETTINGS = load(Path(__file__).parents[2] / "config" / "clusters.toml")
ONE = Broadcast("one", "Một", frozenset([2]))


def test_at_first_everything_is_unknown() -> None:
    status = Board(SETTINGS).status([])
    assert status["transmitter"]["on"] is None
    assert {cluster["state"] for cluster in status["clusters"]} == {"unknown"}
    assert {cluster["evidence"] for cluster in status["clusters"]} == {None}
    assert status["simulated"] is True


def test_a_cluster_is_never_more_than_commanded() -> None:
    board = Board(SETTINGS)
    board.apply(ClustersMoved(frozenset([2]), "open", 5.0))
    shown = {c["number"]: (c["state"], c["evidence"]) for c in board.status([])["clusters"]}
    assert shown[2] == ("open", Evidence.COMMANDED)
    assert shown[3] == ("unknown", None)


def test_current_and_last() -> None:
    board = Board(SETTINGS)
    current = []
    for state, reason in ((State.PREPARING, None), (State.KEYING, None), (State.FAILED, Sentence("because"))):
        board.apply(BroadcastMoved(ONE, state, 1.0, reason))
        current.append(board.current)
    assert current == [None, ONE, None]
    assert board.status([])["last"]["reason"]["text"] == "because"


def test_a_carrier_known_to_be_off_ends_the_alarm_but_not_the_latch() -> None:
    board = Board(SETTINGS)
    board.apply(FaultRaised("unkey", Sentence("stuck"), 1.0, latched=True))
    assert board.apply(CarrierMoved(False, Evidence.ACKNOWLEDGED, 2.0))
    assert not board.apply(CarrierMoved(False, Evidence.ACKNOWLEDGED, 3.0))
    assert board.latched() is not None
    assert [fault.kind for fault in board.acknowledge()] == ["unkey"]
