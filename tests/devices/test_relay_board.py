from __future__ import annotations

import pytest

from broadcaster.devices.port import SerialPort
from broadcaster.errors import BadReplyError, DeviceError, NoReplyError, PortError, ReadBackError
from tests.devices.conftest import Bench


def test_every_switch_is_read_back(bench: Bench) -> None:
    bench.board.switch(1, True)
    assert bench.model.coils[0]
    frames = [line.split(" ", 1)[1] for line in bench.wire.read_text().splitlines()]
    assert frames[:4] == [
        "> 01 05 00 00 FF 00 8C 3A",
        "< 01 05 00 00 FF 00 8C 3A",
        "> 01 01 00 00 00 08 3D CC",
        "< 01 01 01 01 90 48",
    ]
    bench.board.switch(1, False)
    bench.board.switch(1, False)
    assert bench.board.read(1) is False


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("silent", NoReplyError),
        ("slow", NoReplyError),
        ("garbled", BadReplyError),
        ("partial", BadReplyError),
        ("stuck", ReadBackError),
        ("unplugged", PortError),
        ("power-loss", NoReplyError),
    ],
)
def test_a_fault_is_one_of_our_errors_and_never_a_success(fault: str, error: type[DeviceError], bench: Bench) -> None:
    bench.board.switch(2, False)
    bench.line.set_faults([fault])
    with pytest.raises(error):
        bench.board.switch(1, True)
    bench.line.set_faults(["none"])
    bench.board.switch(1, True)  # well again without a restart
    assert bench.board.read(1) is True


def test_a_late_answer_does_not_answer_the_next_command(bench: Bench) -> None:
    bench.line.set_faults(["slow"])
    with pytest.raises(NoReplyError):
        bench.board.switch(1, True)
    bench.line.set_faults([])
    bench.board.switch(3, True)
    assert bench.board.read(3) is True


def test_a_second_program_is_told_so(bench: Bench) -> None:
    bench.board.read(1)
    second = SerialPort(str(bench.link), 9600)
    with pytest.raises(PortError, match="in use by another program"):
        second.exchange(b"x", bool)


def test_a_missing_port_is_told_so() -> None:
    with pytest.raises(PortError, match="is not there"):
        SerialPort("/dev/no-such-port", 9600).exchange(b"x", bool)


@pytest.mark.parametrize("name", ["", "nonsense://x"])
def test_a_nonsensical_port_is_one_of_our_errors(name: str) -> None:
    with pytest.raises(PortError):
        SerialPort(name, 9600).exchange(b"x", bool)
