"""What ``status`` and ``check`` say of the monitor receiver."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from broadcaster.config.settings import Settings
from broadcaster.devices.finding import Finding
from broadcaster.errors import InputError
from broadcaster.home import Home
from broadcaster.model import naming
from broadcaster.words import Sentence

_LISTENS_S = 1.5


def told(monitor: dict[str, Any]) -> list[Sentence]:
    """Return the lines of ``status``."""
    lines = [_state(monitor)]
    if (last := monitor["last"]) is not None:
        why = Sentence.from_json(last["why"]) if last["why"] else None
        said = naming.verdict(last["verdict"], why)
        lines.append(Sentence("Monitor receiver on “{title}”: {verdict}", title=last["title"], verdict=said))
    return lines


def found_by_daemon(monitor: dict[str, Any]) -> Finding:
    """Return what ``check`` says of it while the station runs and has it."""
    return Finding(monitor["alive"] if monitor["input"] else None, _state(monitor))


def listened(settings: Settings, home: Home) -> Iterable[Finding]:
    """Listen to it for a moment; the transmitter is off, so that it should hiss."""
    from broadcaster.sound.off_air.carrier import HALF, measured
    from broadcaster.sound.off_air.listening import Listening
    from broadcaster.sound.off_air.receivers import receiver

    ear, listening = receiver(settings, home), Listening(settings.monitor, None)
    if ear is None:
        yield Finding(None, _NONE)
        return
    try:
        give_up = time.monotonic() + _LISTENS_S
        while time.monotonic() < give_up:
            listening.hear(ear.take(), time.monotonic())
            time.sleep(0.1)
    except InputError as error:
        yield Finding(False, error.sentence)
        return
    finally:
        ear.close()
    halves = listening.halves(closed=True)
    yield _HEARD[halves[-1]] if halves else _HEARD["nothing"]
    if halves:
        level, ratio = measured(listening.heard.read(listening.heard.end - HALF, HALF))
        figures = {"level": f"{level:.0f}", "ratio": f"{ratio:.0f}", "limit": f"{settings.monitor.hiss_db:g}"}
        yield Finding(None, Sentence(_FIGURES.text, **figures))


def _state(monitor: dict[str, Any]) -> Sentence:
    if not monitor["input"]:
        return _NONE
    return _ALIVE[monitor["alive"]]


_NONE = Sentence("Monitor receiver: none; nobody hears whether it sounds.")
_FIGURES = Sentence(
    "Monitor receiver: level {level} dBFS, noise above 7 kHz {ratio} dB against speech; hiss is {limit} dB and more."
)
_ALIVE = {
    True: Sentence("Monitor receiver: hears."),
    False: Sentence("Monitor receiver: hears NOTHING AT ALL; nobody knows whether it sounds."),
    None: Sentence("Monitor receiver: not known yet."),
}
_HEARD = {
    "hiss": Finding(True, Sentence("Monitor receiver: it hisses, as it should without a carrier.")),
    "sound": Finding(None, Sentence("Monitor receiver: somebody sounds on our frequency, or it is tuned to another.")),
    "quiet": Finding(
        None,
        Sentence("Monitor receiver: no hiss; switch its squelch off, or somebody's carrier stands on our frequency."),
    ),
    "nothing": Finding(False, Sentence("Monitor receiver: silent; look at its power and its cable.")),
}
