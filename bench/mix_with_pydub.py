"""The mix as pydub's own documentation would have it: whole files decoded into memory, an overlay for each item.

``python -m bench.mix_with_pydub OPENING CLOSING BED DUCK_DB LEAD_MS TARGET ITEM...``
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from pydub.effects import normalize

from broadcaster.model.pcm import RATE
from broadcaster.sound.segments import AudioSegment


def _loaded(path: str) -> AudioSegment:
    return AudioSegment.from_file(path).set_frame_rate(RATE)


def main(arguments: Sequence[str]) -> None:
    """Write the mix: each item laid over the ducked bed, one after the other, between the chimes."""
    opening, closing, bed, duck_db, lead_ms, target, *items = arguments
    first, last, music = map(_loaded, (opening, closing, bed))
    spoken = [_loaded(item) for item in items]
    lead, ramp, length = int(lead_ms), 400, sum(map(len, spoken))
    mix = (music * (length // len(music) + 1))[:length] - float(duck_db)
    place = 0
    for one in spoken:
        mix = mix.overlay(one.apply_gain(_LEVEL_DBFS - one.dBFS), position=place)
        place += len(one)
    before = music[:lead].fade_in(ramp).fade(to_gain=-float(duck_db), start=lead - ramp, end=lead)
    after = music[:lead].fade(from_gain=-float(duck_db), start=0, end=ramp).fade_out(ramp)
    whole = normalize(first + before + mix + after + last, headroom=_HEADROOM_DB)
    whole.set_channels(1).export(target, format="wav")


_LEVEL_DBFS, _HEADROOM_DB = -18.0, 1.5

if __name__ == "__main__":
    main(sys.argv[1:])
