"""RDS encoders of the PIRA kind: lines of ASCII, answered by ``+``, ``-`` or ``!`` (P132/P164/P232 manuals).

``G=BBBBCCCCDDDD`` sends one group at the next chance; ``*R`` makes the encoder report each group that it sends.
"""

from __future__ import annotations

from broadcaster.config.encoders import AsciiSettings
from broadcaster.devices.lane import PortOwner, Question
from broadcaster.devices.rds import GROUP_S, RdsEncoder
from broadcaster.devices.rds_group import Group
from broadcaster.errors import BadReplyError
from broadcaster.words import Sentence

_ANSWERS = b"+-!"
_TA_PTY = 0x07E0  # bits of block 2 that are the encoder's own


def command(name: str, value: str) -> bytes:
    """Return one command line, ``PS=XA TAN A``."""
    return f"{name}={value}\r".encode("ascii")


def group_command(group: Group) -> bytes:
    """Return the command that sends one group, ``G=B00001012A00``."""
    return command("G", f"{group.second:04X}{group.third:04X}{group.fourth:04X}")


def is_answered(reply: bytes) -> bool:
    """Tell whether the encoder has said what it thinks of the command."""
    return any(byte in _ANSWERS for byte in reply)


def confirm(reply: bytes, request: bytes) -> None:
    """Raise ``BadReplyError`` unless the encoder took the command."""
    answer = next((byte for byte in reply if byte in _ANSWERS), None)
    if answer != ord("+"):
        shown = request.decode("ascii").strip()
        raise BadReplyError(Sentence("The RDS encoder refuses “{command}”.", command=shown))


def was_sent(reply: bytes, group: Group) -> bool:
    """Tell whether the encoder reported the group, whatever its programme type says, after ``*R``."""
    for line in reply.split(b"G:")[1:]:
        digits = b"".join(line.split())[:16]
        try:
            second, rest = int(digits[4:8], 16), digits[8:16]
        except ValueError:
            continue
        if second & ~_TA_PTY == group.second and rest == b"%04X%04X" % (group.third, group.fourth):
            return True
    return False


class PiraDialect:
    """With ``answers`` each command is confirmed, with ``echoes`` each group is seen to go on air."""

    def __init__(self, settings: AsciiSettings) -> None:
        self._s = settings

    def group(self, group: Group) -> Question[None]:
        """Return the question that sends one group."""
        if not self._s.echoes:
            return self._question(group_command(group))
        return Question(
            group_command(group),
            lambda reply: is_answered(reply) and was_sent(reply, group),
            confirm,
            within_s=2 * GROUP_S / self._s.share + 0.1,
        )

    def identity(self) -> list[Question[None]]:
        """Return PI, PS, radiotext, no traffic announcement; and the report of groups."""
        lines = [command("PI", f"{self._s.pi:04X}"), command("PS", self._s.ps), command("TA", "0")]
        if self._s.radiotext:
            lines.append(command("RT1", self._s.radiotext))
        questions = [self._question(line) for line in lines]
        return [*questions, Question(b"*R\r", None, lambda *_: None)] if self._s.echoes else questions

    def answers(self) -> bool:
        """As configured."""
        return self._s.answers

    def announces(self) -> bool:
        """It has to be told to send the 3A group."""
        return False

    def _question(self, line: bytes) -> Question[None]:
        if self._s.answers:
            return Question(line, is_answered, confirm)
        return Question(line, None, lambda *_: None)


class AsciiEncoder(RdsEncoder):
    """An RDS encoder that speaks PIRA's ASCII."""

    def __init__(self, settings: AsciiSettings, owner: PortOwner) -> None:
        super().__init__(settings, owner, PiraDialect(settings))
