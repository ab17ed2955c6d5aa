"""What the daemon listens to besides its sockets: a monitor receiver, and whoever speaks live.

Neither is needed for anything else to sound: what is wrong here is told, and stops nothing.
"""

from __future__ import annotations

from broadcaster.clock import Clock
from broadcaster.config.settings import AUDIO, Settings
from broadcaster.daemon.bus import Bus
from broadcaster.daemon.clips import Clips
from broadcaster.daemon.disk import Disk
from broadcaster.daemon.intake import Intake
from broadcaster.daemon.interruptions import Interruptions
from broadcaster.daemon.live_door import LiveDoor
from broadcaster.daemon.no_monitor import NoMonitor
from broadcaster.daemon.off_air import OffAir
from broadcaster.errors import SoundError
from broadcaster.home import Home
from broadcaster.playout.air import Air
from broadcaster.sound.off_air.receivers import receiver
from broadcaster.sound.source import FileSource
from broadcaster.sound.talk import LiveSource
from broadcaster.words import Sentence


def monitor(settings: Settings, home: Home, bus: Bus, air: Air, clock: Clock) -> OffAir | NoMonitor:
    """Return what hears what really went on air, where there is a receiver; it is told of everything from now on."""
    ear = receiver(settings, home)
    if ear is None:
        nobody = NoMonitor(bus)
        bus.attach_monitor(nobody.told)
        return nobody
    disk = Disk(settings.recordings, home, bus)
    clips = Clips(home.air, settings.monitor.clips, lambda: disk.scarce)
    heard = OffAir(settings, ear, clips, bus, clock)
    bus.attach_monitor(heard.told)
    air.monitor = heard.played
    return heard


def live_door(
    settings: Settings, home: Home, intake: Intake, interruptions: Interruptions, bus: Bus, clock: Clock
) -> LiveDoor | None:
    """Let somebody speak live, between the chimes that frame a bulletin; ``None`` when that cannot be."""
    sound = settings.sound
    try:
        chimes = [b"".join(FileSource(AUDIO / name)) for name in (sound.opening_chime, sound.closing_chime)]
        return LiveDoor(
            home.live_socket,
            settings.speaking,
            start=lambda request, talk, known: intake.speak(request, LiveSource(talk, *chimes), known),
            withdraw=interruptions.one,
            clock=clock,
        )
    except (SoundError, OSError) as error:
        why = error.sentence if isinstance(error, SoundError) else Sentence("{why}", why=str(error))
        bus.fault("live", Sentence("Nobody can speak live: {why}", why=why), momentary=True)
        return None
