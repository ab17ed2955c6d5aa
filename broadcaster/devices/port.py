"""The only module that opens serial ports.

DTR and RTS are low before the port opens (opening would otherwise raise them, and on many adapters that
keys a transmitter); the open is exclusive; every wait ends. What pyserial, the operating system and termios
throw becomes one of our own errors here.
"""

from __future__ import annotations

import errno
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import serial

from broadcaster.errors import BadReplyError, NoReplyError, PortError
from broadcaster.words import Sentence

_TAKEN = {errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK}


class SerialPort:
    """A port that opens itself when needed, and again after it was pulled out and put back."""

    def __init__(self, name: str, baud: int, reply_within_s: float = 0.15) -> None:
        self.name = name
        self._baud = baud
        self._reply_within_s = reply_within_s
        self._serial: serial.Serial | None = None

    def exchange(self, request: bytes, complete: Callable[[bytes], bool]) -> bytes:
        """Send ``request``; return the reply once ``complete(reply so far)`` is true.

        Raises ``PortError`` (missing, taken, pulled out), ``NoReplyError`` (silence) or ``BadReplyError``
        (something came, but never a whole reply).
        """
        with self._translated():
            line = self._opened()
            line.reset_input_buffer()  # a late answer to the last command must not answer this one
            line.write(request)
            reply = self._collect(line, complete)
        if complete(reply):
            return reply
        if reply:
            raise BadReplyError(Sentence("The device on {port} answers garbled.", port=self.name))
        raise NoReplyError(
            Sentence("The device on {port} does not answer: check its power and its cable.", port=self.name)
        )

    def close(self) -> None:
        """Close the port; harmless when it is closed."""
        line, self._serial = self._serial, None
        if line is not None:
            # a port that was pulled out cannot be closed properly, and need not be
            with suppress(serial.SerialException, OSError, termios.error):
                line.close()

    def _collect(self, line: serial.Serial, complete: Callable[[bytes], bool]) -> bytes:
        deadline = time.monotonic() + self._reply_within_s
        reply = b""
        while not complete(reply) and (left := deadline - time.monotonic()) > 0:
            line.timeout = left
            reply += line.read(max(1, line.in_waiting))
        return reply

    def _opened(self) -> serial.Serial:
        if self._serial is None:
            line: serial.Serial = serial.serial_for_url(self.name, do_not_open=True)
            line.baudrate = self._baud
            line.timeout = line.write_timeout = self._reply_within_s
            line.dtr = line.rts = False
            line.exclusive = True
            line.open()
            self._serial = line
        return self._serial

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except serial.SerialTimeoutException:
            raise NoReplyError(
                Sentence("The device on {port} takes nothing in: check its cable.", port=self.name)
            ) from None
        except (serial.SerialException, OSError, termios.error, ValueError) as error:
            was_open = self._serial is not None
            self.close()
            raise PortError(self._why(error, was_open)) from error

    def _why(self, error: BaseException, was_open: bool) -> Sentence:
        code = getattr(error, "errno", None)
        if code in _TAKEN or "exclusively lock" in str(error):
            return Sentence("Port {port} is in use by another program.", port=self.name)
        if code == errno.EACCES:
            return Sentence("This user may not open port {port}: add the user to the group dialout.", port=self.name)
        if was_open:
            return Sentence("The cable of {port} was pulled out: put it back.", port=self.name)
        return Sentence("Port {port} is not there: is the cable plugged in?", port=self.name)
