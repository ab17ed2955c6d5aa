from __future__ import annotations

from broadcaster.devices.port import SerialPort


def test_opening_raises_neither_dtr_nor_rts() -> None:
    """On many adapters either line keys a transmitter."""
    port = SerialPort("loop://", 9600)
    assert port.exchange(b"x", lambda reply: reply == b"x") == b"x"
    assert port._serial is not None
    assert (port._serial.dtr, port._serial.rts, port._serial.exclusive) == (False, False, True)
    port.close()
    port.close()
