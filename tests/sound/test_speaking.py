from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from broadcaster.errors import SoundError
from broadcaster.model.pcm import RATE
from broadcaster.sound import speaking, voices, wav
from broadcaster.sound.child import Limits
from broadcaster.sound.plausible import plausible
from broadcaster.sound.speaking import speak_to_file, speak_to_memory
from broadcaster.sound.voices import Voice, choose
from tests.sound.voice_files import JOE, NAN, SILENCE, TEXT, WHOLE, copied, with_last_layer


def _no_model(folder: Path) -> None:
    (folder / "en_US-joe-medium.onnx").unlink()


def _no_json(folder: Path) -> None:
    (folder / "en_US-joe-medium.onnx.json").unlink()


def _other_bytes(data: bytes) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / "en_US-joe-medium.onnx").unlink()
        (folder / "en_US-joe-medium.onnx").write_bytes(data)

    return write


def _truncated(folder: Path) -> None:
    _other_bytes(WHOLE.read_bytes()[:20_000_000])(folder)


def _last_layer(value: bytes) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        _no_model(folder)
        with_last_layer(WHOLE, folder / "en_US-joe-medium.onnx", value)

    return write


def _json(**changes: object) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        file = folder / "en_US-joe-medium.onnx.json"
        file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))

    return write


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (_no_model, "en_US-joe-medium.onnx is missing: put it into"),
        (_no_json, "en_US-joe-medium.onnx.json is missing: put it into"),
        (_truncated, "is damaged, or not one of Piper's"),
        (_other_bytes(b""), "is damaged, or not one of Piper's"),
        (_other_bytes(b"<html>404</html>"), "is damaged, or not one of Piper's"),
        (_last_layer(SILENCE), "said nothing that could be “Hello neighbours"),
        (_last_layer(NAN), "said nothing that could be “Hello neighbours"),
        (_json(num_symbols="x", audio={}), "is damaged, or not one of Piper's"),
        (_json(espeak={"voice": "de"}), "not one of a voice for “en”"),
        (_json(phoneme_type="pinyin"), "not one of a voice for “en”"),  # would fetch a model from the network
        (_json(phoneme_id_map={"_": [0], "^": [1], "$": [2], "h": [20]}), "never learnt the sounds of"),
    ],
)
def test_a_broken_voice_is_stood_in_for_and_named(spoil: Callable[[Path], None], why: str, tmp_path: Path) -> None:
    copied(tmp_path)
    spoil(tmp_path)
    said = speak_to_file(TEXT, tmp_path / "said.part", voice=choose("en_US-joe-medium", tmp_path), longest_s=60)
    assert (said.voice.model, said.voice.language) == (None, "en")
    assert said.notice is not None
    assert "espeak-ng did: listen before it airs" in str(said.notice)
    assert why in str(said.notice)
    assert sum(len(pcm) for pcm in wav.windows(tmp_path / "said.part", RATE)) / 2 / RATE == said.sound["duration_s"]
    assert plausible(38, said.sound["duration_s"] or 0, said.sound["peak_dbfs"])


def _kill_the_child_once_it_wrote(target: Path) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if target.exists() and target.stat().st_size > 5 * RATE * 2:
            for child in Path(f"/proc/{os.getpid()}/task").glob("*/children"):
                for pid in child.read_text().split():
                    if "broadcaster.sound.piper" in Path(f"/proc/{pid}/cmdline").read_text():
                        os.kill(int(pid), signal.SIGKILL)
                        return
        time.sleep(0.01)


def test_a_child_killed_half_way_leaves_nothing_of_what_it_said(tmp_path: Path) -> None:
    target = tmp_path / "said.part"
    killer = threading.Thread(target=_kill_the_child_once_it_wrote, args=(target,))
    killer.start()
    said = speak_to_file(f"{TEXT} " * 40, target, voice=JOE, longest_s=600)
    killer.join()
    assert said.voice.model is None
    assert "The voice en_US-joe-medium did not speak" in str(said.notice)
    by_espeak = b"".join(wav.windows(target, RATE))
    assert by_espeak == speak_to_memory(f"{TEXT} " * 40, voice=Voice("en", "en")).sound


@pytest.mark.parametrize("limits", [Limits(seconds=0.3), Limits(memory_bytes=200 << 20), Limits(file_bytes=1000)])
def test_a_limit_reached_is_stood_in_for(limits: Limits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speaking, "_limits", lambda voice, *_: limits if voice.model else Limits())
    said = speak_to_file(TEXT, tmp_path / "said.part", voice=JOE, longest_s=60)
    assert said.voice.model is None
    assert said.notice is not None


def test_when_no_voice_speaks_the_refusal_says_what_to_do(tmp_path: Path) -> None:
    mute = Voice("xx_XX-nobody-low", "xx", tmp_path / "nobody.onnx")
    with pytest.raises(SoundError, match=r"Neither xx_XX-nobody-low nor espeak-ng .* missing.* record it, or choose"):
        speak_to_file(TEXT, tmp_path / "said.part", voice=mute, longest_s=60)


def test_without_the_package_the_notice_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voices, "find_spec", lambda _: None)
    assert "make piper" in str(speak_to_memory(TEXT, voice=JOE).notice)
