from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from broadcaster.errors import SoundError
from broadcaster.model.pcm import RATE
from broadcaster.sound import wav
from broadcaster.sound.goal import USUAL
from broadcaster.sound.speaking import speak_to_file, speak_to_memory
from broadcaster.sound.voices import Voice
from tests.sound.voice_files import JOE, TEXT, WHOLE


def test_a_whole_voice_speaks_without_notice_and_the_same_text_always_sounds_the_same(tmp_path: Path) -> None:
    said = speak_to_file(TEXT, tmp_path / "said.part", voice=JOE, longest_s=60)
    assert (said.voice, said.notice) == (JOE, None)
    assert 1.5 < (said.sound["duration_s"] or 0) < 5
    pcm = b"".join(wav.windows(tmp_path / "said.part", RATE))
    assert pcm == speak_to_memory(TEXT, voice=JOE).sound
    assert pcm != speak_to_memory(TEXT, voice=Voice("en", "en")).sound


def test_speed_shortens_and_lengthens() -> None:
    slow, fast = (len(speak_to_memory(TEXT, voice=JOE, speed=speed).sound) for speed in (0.7, 1.4))
    assert slow > 1.4 * fast


@pytest.mark.parametrize("text", ["", " \n", "… !", "\0"])
def test_nothing_to_say_is_refused_before_anything_is_started(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(SoundError, match="nothing to say"):
        speak_to_memory(text, voice=JOE)


def test_one_sentence_without_an_end_stays_within_memory() -> None:
    said = speak_to_memory("neighbours come to the meeting " * 60, voice=JOE)  # in one go: 2.5 GB
    assert said.notice is None
    assert len(said.sound) / 2 / RATE > 60


def test_it_asks_nothing_of_the_network(tmp_path: Path) -> None:
    watched = (
        "import os, runpy, sys\n"
        "sys.addaudithook(lambda event, _: os._exit(9) if event.startswith('socket.') else None)\n"
        "runpy.run_module('broadcaster.sound.piper', run_name='__main__', alter_sys=True)"
    )
    arguments = [str(WHOLE), "en", "1", str(tmp_path / "said.wav"), "60", *USUAL.words]
    command = [sys.executable, "-c", watched, *arguments]
    done = subprocess.run(command, input=TEXT.encode(), capture_output=True, timeout=60, check=True)
    assert json.loads(done.stdout)["duration_s"] > 1.5
