"""Everything that can go wrong, as one tree; each error carries one sentence for the user.

::

    BroadcasterError            exit status 1
    ├── UsageError              2  the command or request itself is wrong
    ├── ConfigurationError      2  clusters.toml has faults (all of them, see ``findings``)
    ├── RefusedError            1  asked for properly, but the rules or the state of the station forbid it
    ├── SoundError              1  not a sound we can use
    ├── OutputError             1  the sound output is gone
    ├── InputError              1  the monitor's sound input is gone
    ├── StorageError            1  the log book cannot be read or written
    ├── ControlError            1  the daemon does not answer
    └── DeviceError             1  hardware
        ├── PortError              the port is missing, taken or was pulled out
        ├── NoReplyError           nothing came back in time
        ├── BadReplyError          what came back fails its check
        └── ReadBackError          the device says OK but its state is not what was commanded
"""

from __future__ import annotations

from collections.abc import Sequence

from broadcaster.words import Sentence


class BroadcasterError(Exception):
    """Root of the tree. ``sentence`` says in one sentence what is wrong and what to do."""

    exit_status = 1

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


class UsageError(BroadcasterError):
    """The command, or a request to the daemon, is itself wrong."""

    exit_status = 2


class ConfigurationError(BroadcasterError):
    """The configuration has faults: ``findings`` holds every one of them."""

    exit_status = 2

    def __init__(self, findings: Sequence[Sentence]) -> None:
        super().__init__(Sentence("The configuration has {count} fault(s).", count=len(findings)))
        self.findings = tuple(findings)


class RefusedError(BroadcasterError):
    """A proper request that the rules, or the state of the station, forbid just now."""


class SoundError(BroadcasterError):
    """Not a sound that the station can use."""


class OutputError(BroadcasterError):
    """The sound output cannot be reached or went away."""


class InputError(BroadcasterError):
    """The sound input of the monitor receiver cannot be reached or went away."""


class StorageError(BroadcasterError):
    """The log book cannot be read or written."""


class ControlError(BroadcasterError):
    """The daemon cannot be reached, or does not answer in time."""


class DeviceError(BroadcasterError):
    """Hardware did not do what was asked."""


class PortError(DeviceError):
    """The port is missing, taken by another program, or was pulled out."""


class NoReplyError(DeviceError):
    """Nothing came back in time."""


class BadReplyError(DeviceError):
    """What came back fails its check, or answers another question."""


class ReadBackError(DeviceError):
    """The device said OK, but reading back shows another state."""
