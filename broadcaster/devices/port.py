"""The only module that opens serial ports.

DTR and RTS are at rest before the port opens (opening would otherwise raise them, and on many adapters that
keys a transmitter); the open is exclusive; every wait ends. What pyserial, the operating system and termios
throw becomes one of our own errors here.
"""

from __future__ import annotations

import errno
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Literal, TypeVar

import serial
from serial import rfc2217

from broadcaster.devices.opening import Opening
from broadcaster.errors import BadReplyError, NoReplyError, PortError
from broadcaster.words import Sentence

_TAKEN = {errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK}
_LONGEST_FRAME = 20
_BITS_A_BYTE = 11
_T = TypeVar("_T")
ModemLine = Literal["rts", "dtr"]
_NETWORK_OPEN_S = 0.7
_NETWORK_S = 0.4
"""How long a device server may take for each step of RFC 2217; pyserial's own 3 s would hold up the carrier's end."""


class SerialPort:
    """A port that opens itself when needed, and again after it was pulled out and put back."""

    def __init__(
        self,
        name: str,
        baud: int,
        reply_within_s: float = 0.15,
        *,
        at_rest: dict[ModemLine, bool] | None = None,
        find: Callable[[], str] | None = None,
        label: Sentence | None = None,
    ) -> None:
        """``at_rest``: modem lines that rest high. ``find`` tells where a port that moves is now.

        ``label`` is what people call it; else its name.
        """
        self.name = name
        self.label: Sentence | str = label or name
        self.reply_within_s = reply_within_s + _LONGEST_FRAME * _BITS_A_BYTE / baud
        self._baud = baud
        self._at_rest = at_rest or {}
        self._find = find or (lambda: name)
        self._serial: serial.Serial | None = None
        self._opening: Opening | None = None
        self._pulled_out = False
        self.opened = 0
        """How often it was opened: whoever keyed through it before cannot know what became of the key."""

    def exchange(
        self, request: bytes, complete: Callable[[bytes], bool], within_s: float | None = None, length: int = 1
    ) -> bytes:
        """Send ``request``; return the reply once ``complete(reply so far)`` is true.

        ``length``: bytes that one read may wait for; a shorter reply is seen only when time is up.

        Raises ``PortError`` (missing, taken, pulled out), ``NoReplyError`` (silence) or ``BadReplyError``
        (something came, but never a whole reply).
        """

        def talk(line: serial.Serial) -> bytes:
            line.reset_input_buffer()  # a late answer to the last command must not answer this one
            line.write(request)
            return self._collect(line, complete, within_s or self.reply_within_s, length)

        reply = self._on_the_line(talk)
        if complete(reply):
            return reply
        if reply:
            raise BadReplyError(Sentence("The device on {port} answers garbled.", port=self.label))
        raise NoReplyError(
            Sentence("The device on {port} does not answer: check its power and its cable.", port=self.label)
        )

    def send(self, data: bytes) -> None:
        """Send ``data`` to a device that never answers. Raises ``PortError``, or ``NoReplyError`` when it is stuck."""

        def say(line: serial.Serial) -> None:
            line.write(data)
            line.flush()

        self._on_the_line(say)

    def drive(self, modem_line: ModemLine, high: bool) -> None:
        """Set RTS or DTR. Raises ``PortError``."""
        self._on_the_line(lambda line: setattr(line, modem_line, high))

    def feel(self) -> None:
        """Raise ``PortError`` unless the port can be opened and is still there."""
        self._on_the_line(_touch)

    def close(self) -> None:
        """Close the port; harmless when it is closed."""
        if self._opening is not None:
            self._opening.abandon()
            self._opening = None
        self._drop()

    def _drop(self) -> None:
        line, self._serial = self._serial, None
        if line is not None:
            # a port that was pulled out cannot be closed properly, and need not be
            with suppress(serial.SerialException, OSError, termios.error):
                line.close()

    def _on_the_line(self, act: Callable[[serial.Serial], _T]) -> _T:
        """Do something with the open line; one that was pulled out meanwhile, and may be back, is opened afresh."""
        if self._serial is not None:
            with suppress(PortError), self._translated():
                return act(self._serial)
        with self._translated():
            return act(self._opened())

    def _collect(self, line: serial.Serial, complete: Callable[[bytes], bool], within_s: float, length: int) -> bytes:
        deadline = time.monotonic() + within_s
        _set_timeout(line, within_s)
        reply = line.read(length)
        while not complete(reply) and (left := deadline - time.monotonic()) > 0:
            waiting = line.in_waiting
            if not waiting:
                _set_timeout(line, left)
            reply += line.read(max(1, waiting))
        return reply

    def _opened(self) -> serial.Serial:
        if self._serial is None:
            if self._opening is None:
                line = self._configured(name := self._find())
                if "://" not in name or name.startswith("loop:"):
                    line.open()
                    return self._adopt(line)
                self._opening = Opening(line)
            return self._await_opening(self._opening)
        return self._serial

    def _await_opening(self, opening: Opening) -> serial.Serial:
        try:
            line = opening.line(_NETWORK_OPEN_S)
        except BaseException:
            self._opening = None
            raise
        if line is None:
            raise serial.SerialException("the device server does not answer yet")
        self._opening = None
        return self._adopt(line)

    def _adopt(self, line: serial.Serial) -> serial.Serial:
        self._serial, self._pulled_out = line, False
        self.opened += 1
        return line

    def _configured(self, name: str) -> serial.Serial:
        line: serial.Serial = serial.serial_for_url(_with_patience(name), do_not_open=True)
        line.baudrate = self._baud
        line.timeout = self.reply_within_s
        if not name.startswith("rfc2217:"):  # that knows none: TCP takes in what it is given
            line.write_timeout = self.reply_within_s
        line.dtr, line.rts = self._at_rest.get("dtr", False), self._at_rest.get("rts", False)
        line.exclusive = True
        return line

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except serial.SerialTimeoutException:
            raise NoReplyError(
                Sentence("The device on {port} takes nothing in: check its cable.", port=self.label)
            ) from None
        # a network port whose far end is gone throws what its sockets throw, None among them
        except (
            serial.SerialException,
            OSError,
            termios.error,
            ValueError,
            AttributeError,
            TypeError,
        ) as error:
            self._pulled_out = self._pulled_out or self._serial is not None
            self._drop()
            raise PortError(self._why(error)) from error

    def _why(self, error: BaseException) -> Sentence:
        code = getattr(error, "errno", None)
        if code in _TAKEN or "exclusively lock" in str(error):
            return Sentence("Port {port} is in use by another program.", port=self.label)
        if code == errno.EACCES:
            return Sentence("This user may not open port {port}: add the user to the group dialout.", port=self.label)
        if self._pulled_out:
            return Sentence("The cable of {port} was pulled out: put it back.", port=self.label)
        return Sentence("Port {port} is not there: is the cable plugged in?", port=self.label)


def _touch(line: serial.Serial) -> None:
    """Ask something that only an adapter which is there can answer; of a network port nothing is asked by itself."""
    if isinstance(line, rfc2217.Serial):
        line.rts = line.rts  # acknowledged by the far end, and changes nothing
    else:
        line.in_waiting  # noqa: B018 - asking is all


def _set_timeout(line: serial.Serial, seconds: float) -> None:
    """pyserial configures the whole port anew with each setting, even the same one."""
    if line.timeout != seconds:
        line.timeout = seconds


def _with_patience(url: str) -> str:
    """Return ``url`` with our time limit where it names an RFC 2217 server without one of its own."""
    if not url.startswith("rfc2217:") or "timeout=" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}timeout={_NETWORK_S}"
