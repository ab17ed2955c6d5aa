"""Byte models of RDS encoders: what they take on their line, and the groups that they put on the air.

11.42 groups leave in a second. Free groups wait in a buffer of four and get a share of them; the rest is 0A and
2A. Written from SPB 490 and from the manuals of the PIRA family, not from a driver.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

GROUP_S = 104 / 1187.5
BUFFER = 4
Blocks = tuple[int, int, int, int]
_OVERFLOW = -1


class RdsEncoder:
    """The radio side; ``on_group`` is told of each group with its four blocks of 16 bits."""

    def __init__(self, on_group: Callable[[Blocks], None], *, share: float) -> None:
        self.stuck = False
        self._on_group = on_group
        self._share = share
        self._next = 0.0
        self.power_off()

    @property
    def next_due(self) -> float | None:
        """When the next group leaves."""
        return self._next

    @property
    def pending(self) -> bool:
        """True while bytes wait that are no whole command yet."""
        return bool(self._buffer)

    def pause(self) -> None:
        """What came may go on later: a command has its own end."""
        self._buffer = b""

    def power_off(self) -> None:
        """As at the factory."""
        self.pi, self.ps, self.text, self.pty, self.tp, self.ta = 0x1000, " " * 8, "", 0, 0, 0
        self._buffer = b""
        self._free: deque[Blocks] = deque()
        self._announced: tuple[int, int, int] | None = None
        self._credit = 0.0
        self._turn = 0
        """Of the groups that are its own."""
        self._reports = False

    def tick(self, now: float) -> bytes:
        """Let every group leave whose time has come; return what the encoder reports of them."""
        if now - self._next > 1:
            self._next = now
        told = b""
        while self._next <= now:
            self._next += GROUP_S
            blocks = self._choose()
            self._on_group(blocks)
            if self._reports:
                told += b"G:\r\n" + b"%04X%04X%04X%04X\r\n" % blocks
        return told

    def _send(self, second: int, third: int, fourth: int) -> bool:
        """Take in a free group; False when the buffer is full."""
        if self.stuck:
            return True
        if len(self._free) >= BUFFER:
            return False
        self._free.append((0, second & 0xF81F, third, fourth))
        return True

    def _choose(self) -> Blocks:
        self._credit = min(self._credit + self._share, 1.0)
        if self._free and self._credit > 1 - 1e-9:
            self._credit = 0.0
            _, second, third, fourth = self._free.popleft()
            return self._whole(second, third, fourth)
        self._turn += 1
        if self._announced and self._turn % 16 == 0:
            group, message, aid = self._announced
            return self._whole(0x3000 | group, message, aid)
        return self._radiotext() if self.text and self._turn % 2 else self._name()

    def _name(self) -> Blocks:
        at = self._turn // 2 % 4
        return self._whole(self.ta << 4 | 1 << 3 | at, 0xE0E0, _word(self.ps, 2 * at))

    def _radiotext(self) -> Blocks:
        text = (self.text + "\r").ljust(64)
        at = self._turn // 2 % 16
        return self._whole(0x2000 | at, _word(text, 4 * at), _word(text, 4 * at + 2))

    def _whole(self, second: int, third: int, fourth: int) -> Blocks:
        return (self.pi, second | self.tp << 10 | self.pty << 5, third, fourth)


class AsciiRds(RdsEncoder):
    """PIRA's ASCII: a line a command, answered by ``+`` (taken), ``-`` (wrong value) or ``!`` (unknown)."""

    def __init__(self, on_group: Callable[[Blocks], None], *, share: float, answers: bool = True) -> None:
        super().__init__(on_group, share=share)
        self._answers = answers

    def feed(self, data: bytes) -> bytes:
        """Take in lines; return the answers."""
        *lines, self._buffer = (self._buffer + data).replace(b"\n", b"").split(b"\r")
        told = [self._obey(line.decode("ascii", "replace")) for line in lines]
        return b"".join(told) if self._answers else b""

    def _obey(self, line: str) -> bytes:
        name, _, value = line.partition("=")
        try:
            match name:
                case "G":
                    if len(value) != 12:
                        return b"-\r\n"
                    self._send(int(value[:4], 16), int(value[4:8], 16), int(value[8:], 16))
                case "PI":
                    self.pi = int(value, 16)
                case "PS":
                    self.ps = value.ljust(8)[:8]
                case "RT1":
                    self.text = value[:64]
                case "TA":
                    self.ta = int(value)
                case "*R" | "*r":
                    self._reports = name == "*R"
                case "":
                    return b""
                case _:
                    return b"!\r\n"
        except ValueError:
            return b"-\r\n"
        return b"+\r\n"


def _word(text: str, at: int) -> int:
    return ord(text[at]) << 8 | ord(text[at + 1])
