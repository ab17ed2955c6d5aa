"""One test over every kind of device and every fault: our own error in time, never a hang, never a false success."""

from __future__ import annotations

import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from broadcaster.errors import DeviceError
from broadcaster.model.evidence import Evidence
from broadcaster.simulation.faults import FAULTS
from tests.devices.plant import CALL, KINDS, Plant, plant

NO_ANSWER = {"silent", "slow", "wrong-baud", "power-loss"}
LIE = {"stuck", "lying"}
LINES = {"rts", "rts-low", "dtr"}
MUTE = {"lcus-mute", "kmtronic-mute", "uecp", "ascii-mute"}
"""Kinds that answer nothing: only the port can be found at fault, and what they did is called *commanded*."""
BLIND = MUTE | {"modbus-blind", "rts", "rts-low", "dtr", "uecp-acknowledged", "uecp-42", "uecp-46", "ascii"}
"""Kinds that confirm what they were told but cannot be asked what they did."""
_OPEN_NETWORK_S = 2.0
"""What the driver gives a device server that says nothing: the owner's own patience."""
_WELL_WITHIN_S = 5.0
AT_A_TIME = 5


def _must_fail(kind: str, fault: str) -> bool:
    if fault in ("unplugged", "second-owner"):
        return True
    if fault == "slow" and kind in LINES:
        return False  # a network port waits longer than that
    return (fault in NO_ANSWER and kind not in MUTE) or (fault in LIE and kind not in BLIND)


def _limit_s(one: Plant, kind: str) -> float:
    """Two tries of two exchanges, and for an encoder the codes' time: what the ports are set to, and a fifth more."""
    if kind in LINES:
        return _OPEN_NETWORK_S * 1.2
    tries_s = 4 * one.patience_s
    codes_s = 0.0 if one.settings.encoder.kind == "dtmf" else one.hardware.encoder().seconds([CALL])
    return (tries_s + codes_s) * 1.2


# pyserial's network ports leave a socket or a thread behind when the far end goes while they open
@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning",
    "ignore::pytest.PytestUnhandledThreadExceptionWarning",
    "ignore::ResourceWarning",
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_is_told_in_time_and_never_a_false_success(kind: str, tmp_path: Path) -> None:
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        wrong = dict(zip(FAULTS, pool.map(lambda fault: _tried(kind, fault, tmp_path / fault), FAULTS), strict=True))
    assert {fault: trouble for fault, trouble in wrong.items() if trouble} == {}


def _tried(kind: str, fault: str, folder: Path) -> str:
    """Return what went wrong, if anything did."""
    try:
        _try(kind, fault, folder)
    except Exception:  # noqa: BLE001 - each fault's own story is told
        return traceback.format_exc()
    return ""


def _try(kind: str, fault: str, folder: Path) -> None:
    with plant(kind, folder) as one:
        one.rest()
        limit_s = _limit_s(one, kind)
        if fault == "second-owner":
            one.let_go()
        one.line.set_faults([fault])
        if fault == "second-owner":
            one.plug_in()
        error, result, began = None, None, time.monotonic()
        try:
            result = one.act()
        except DeviceError as found:
            error = found
        took = time.monotonic() - began
        assert took <= limit_s
        assert bool(error) or not _must_fail(kind, fault)
        assert error or kind in BLIND or one.comes_to(True), "a false success"
        assert result is not Evidence.ACKNOWLEDGED or kind not in BLIND
        _well_again(one)


def _well_again(one: Plant) -> None:
    """Without any restart; and letting go, or closing, twice is as good as once."""
    one.line.set_faults(["none"])
    give_up = time.monotonic() + _WELL_WITHIN_S
    while True:
        try:
            one.rest()
            break
        except DeviceError:  # what was on its way while the fault lasted may still spoil a try
            assert time.monotonic() < give_up
            time.sleep(0.05)
    one.act()
    assert one.comes_to(True)
    one.rest()
    one.rest()
    assert one.comes_to(False)
