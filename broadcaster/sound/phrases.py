"""Cuts a text into phrases that a neural voice can say one at a time.

VITS holds a whole sentence in memory at once: measured with piper-tts 1.8.0 and a medium voice, 8 s of speech take
0.5 GB of address space, 33 s take 1.3 GB and 128 s take 4.6 GB, at a growing share of processor time. Piper itself
cuts only at the end of a sentence, and an announcement in one long sentence is what offices write.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 200
"""Characters: about ten seconds."""
_END = re.compile(r"(?<=[.!?…])\s+|\n+")
_PLACES = (re.compile(r"[;:]\s"), re.compile(r",\s"), re.compile(r"\s"))
"""Where to cut a long sentence, best first."""
_RAW = re.compile(r"\[\[|\]\]")
"""What Piper takes for phonemes when a text holds it (``_PHONEME_BLOCK_PATTERN`` of piper/voice.py)."""


@dataclass(frozen=True)
class Phrase:
    """What is said in one go."""

    text: str
    ends_sentence: bool

    @property
    def letters(self) -> int:
        """How much there is to say."""
        return sum(c.isalnum() for c in self.text)


def phrases(text: str) -> list[Phrase]:
    """Return what there is to say, in order; what holds no letter or digit is left out."""
    found: list[Phrase] = []
    for sentence in _END.split(_RAW.sub(" ", text)):
        parts = _parts(" ".join(sentence.split()))
        found += [Phrase(part, part is parts[-1]) for part in parts]
    return [phrase for phrase in found if phrase.letters]


def _parts(sentence: str) -> list[str]:
    parts = []
    while len(sentence) > LONGEST:
        at = _cut(sentence)
        parts.append(sentence[:at].strip())
        sentence = sentence[at:].strip()
    return [*parts, sentence]


def _cut(sentence: str) -> int:
    """Return where to cut: at the last good place in the second half of what fits."""
    for place in _PLACES:
        ends = [match.end() for match in place.finditer(sentence, LONGEST // 2, LONGEST)]
        if ends:
            return ends[-1]
    return LONGEST
