"""The mix as pydub's own documentation would have it: whole files decoded into memory, one overlay.

``python -m bench.mix_with_pydub OPENING BULLETIN CLOSING BED DUCK_DB LEAD_MS TARGET``
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from broadcaster.model.pcm import RATE
from broadcaster.sound.segments import AudioSegment


def _loaded(path: str) -> AudioSegment:
    return AudioSegment.from_file(path).set_frame_rate(RATE).set_channels(1)


def main(arguments: Sequence[str]) -> None:
    """Write the mix: bed alone, ducked under the speech, alone again, between the chimes."""
    opening, bulletin, closing, bed, duck_db, lead_ms, target = arguments
    first, speech, last, music = map(_loaded, (opening, bulletin, closing, bed))
    lead, ramp = int(lead_ms), 400
    under = (music * (len(speech) // len(music) + 1))[: len(speech)] - float(duck_db)
    before = music[:lead].fade_in(ramp).fade(to_gain=-float(duck_db), start=lead - ramp, end=lead)
    after = music[:lead].fade(from_gain=-float(duck_db), start=0, end=ramp).fade_out(ramp)
    mix = first + before + speech.overlay(under) + after + last
    mix.export(target, format="wav")


if __name__ == "__main__":
    main(sys.argv[1:])
