"""Speaks a text with a Piper voice. Runs in a limited child.

``python -m broadcaster.sound.piper MODEL LANGUAGE SPEED TARGET LONGEST_S LUFS DBTP`` reads the text from its
input. It writes a canonical WAV file and prints what it measured as JSON or, when the target is ``-``, prints
canonical PCM.

Not the ``piper`` command: killed half way it leaves a file whose header is valid (Python's ``wave`` mends the header
after each write), each run of it sounds different, and it takes as many threads as there are cores.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import onnxruntime
from numpy.typing import NDArray
from piper import PiperVoice, SynthesisConfig
from piper.config import PhonemeType, PiperConfig

from broadcaster.sound.child import refuse
from broadcaster.sound.goal import Target
from broadcaster.sound.phrases import Phrase, phrases
from broadcaster.sound.plausible import plausible
from broadcaster.sound.preparing import in_memory, store
from broadcaster.words import Sentence

_SEED = 1
_OFFLINE = (PhonemeType.ESPEAK, PhonemeType.TEXT)  # others fetch models, or need packages that are not here
_KNOWN = 0.9  # share of phonemes that the voice must have learnt; Piper drops others without a word
_AFTER_SENTENCE_S, _AFTER_CUT_S = 0.3, 0.1
_TO_OUTPUT = "-"

Samples = NDArray[np.int16]


def main(model: str, language: str, speed: float, target: str, longest_s: float, goal: Target) -> None:
    """Speak the text of the standard input, or refuse with a sentence."""
    text = sys.stdin.buffer.read().decode()
    frames = _frames(_load(Path(model), language), phrases(text), speed)
    if target != _TO_OUTPUT:
        sys.stdout.write(json.dumps(store(frames, Path(target), longest_s, goal)))
        return
    for pcm in in_memory(frames, longest_s, goal):
        sys.stdout.buffer.write(pcm)


def _load(model: Path, language: str) -> PiperVoice:
    """Return the voice, ready to speak the same text always the same way.

    Piper's own ``PiperVoice.load`` lets nobody set threads. Without a seed the noise of VITS makes another sound
    of the same text each time, and the library's asset, which is its content, another asset.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    onnxruntime.set_seed(_SEED)
    try:
        config = PiperConfig.from_dict(json.loads(Path(f"{model}.json").read_text(encoding="utf-8")))
        session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # noqa: BLE001 - onnxruntime's errors have no class in common, a JSON can hold anything
        refuse(Sentence("The voice file is damaged, or not one of Piper's ({why}).", why=_kind(error)))
    if config.phoneme_type not in _OFFLINE or config.espeak_voice.split("-")[0] != language:
        refuse(Sentence("The voice file is not one of a voice for “{language}”.", language=language))
    return PiperVoice(session=session, config=config)


def _frames(voice: PiperVoice, said: list[Phrase], speed: float) -> Iterator[av.AudioFrame]:
    rate = voice.config.sample_rate
    config = SynthesisConfig(length_scale=voice.config.length_scale / speed)
    for phrase in said:
        try:
            sound = _spoken(voice, phrase, config)
        except Exception as error:  # noqa: BLE001 - as above; too little memory comes as one of onnxruntime's too
            refuse(Sentence("The voice broke down at “{text}” ({why}).", text=phrase.text[:60], why=_kind(error)))
        if not plausible(phrase.letters, len(sound) / rate, _peak_dbfs(sound), speed=speed):
            refuse(Sentence("The voice said nothing that could be “{text}”.", text=phrase.text[:60]))
        pause = np.zeros(int(rate * (_AFTER_SENTENCE_S if phrase.ends_sentence else _AFTER_CUT_S)), np.float32)
        yield _frame(np.concatenate((sound, pause)), rate)


def _spoken(voice: PiperVoice, phrase: Phrase, config: SynthesisConfig) -> NDArray[np.float32]:
    """Return the samples of one phrase, not evened out: Piper would bring each sentence to full scale."""
    parts = []
    for phonemes in voice.phonemize(phrase.text):
        known = [one for one in phonemes if one in voice.config.phoneme_id_map]
        if len(known) < _KNOWN * len(phonemes):
            refuse(Sentence("The voice never learnt the sounds of “{text}”.", text=phrase.text[:60]))
        if known:
            audio: Any = voice.phoneme_ids_to_audio(voice.phonemes_to_ids(known), config)
            parts.append(np.atleast_1d(audio))
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def _peak_dbfs(sound: NDArray[np.float32]) -> float | None:
    peak = float(np.max(np.abs(sound), initial=0.0))  # not a number if any sample is not
    return 20 * float(np.log10(peak)) if np.isfinite(peak) and peak > 0 else None


def _frame(sound: NDArray[np.float32], rate: int) -> av.AudioFrame:
    samples: Samples = np.rint(np.clip(sound, -1, 1) * 32767).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate = rate
    return frame


def _kind(error: Exception) -> str:
    return type(error).__name__


if __name__ == "__main__":
    goal = Target(float(sys.argv[6]), float(sys.argv[7]))
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), sys.argv[4], float(sys.argv[5]), goal)
