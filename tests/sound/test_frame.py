from __future__ import annotations

import sys
from pathlib import Path

import pytest

from broadcaster.config.settings import AUDIO, SoundSettings
from broadcaster.errors import SoundError
from broadcaster.home import Home
from broadcaster.sound.composition import Recipe
from broadcaster.sound.frame import Frame
from broadcaster.sound.goal import Target
from broadcaster.sound.library import Asset, Library
from broadcaster.sound.mix import Mix
from broadcaster.sound.render import render_to_file
from broadcaster.words import Sentence
from tests.judges import ebur128, needs_ffmpeg
from tests.sound.media import BULLETIN, encoded
from tests.sound.sounds import noise, write

WORDS = "Đây là Đài truyền thanh xã, phát lúc 5h30."


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path).make()


@pytest.fixture
def library(home: Home) -> Library:
    return Library(home.library)


@pytest.fixture
def asset(library: Library) -> Asset:
    return library.ingest(BULLETIN, title="Họp thôn", longest_s=60)


def framed(library: Library, home: Home, asset: Asset, **settings: object) -> Mix:
    return Frame(SoundSettings(**settings), library, home).mix(asset.id)


def test_by_itself_a_bulletin_stands_between_two_chimes(library: Library, home: Home, asset: Asset) -> None:
    mix = framed(library, home, asset)
    assert mix.parts == (library.path(asset.id),)
    assert (mix.signature, mix.bed, mix.peak_dbtp) == (None, None, -1.5)


def test_what_the_configuration_asks_for_lies_around_it(library: Library, home: Home, asset: Asset) -> None:
    said = {"intro": WORDS, "outro": "chime-close.wav", "signature": "signature.wav", "true_peak_dbtp": -3.0}
    mix = framed(library, home, asset, **said)
    intro, first_pause, bulletin, second_pause, outro = mix.parts
    assert (mix.signature, bulletin, outro) == (
        AUDIO / "signature.wav",
        library.path(asset.id),
        AUDIO / "chime-close.wav",
    )
    assert first_pause == second_pause == 24_000
    assert mix.peak_dbtp == -3
    (spoken,) = (one for one in library.all() if one.id != asset.id)
    assert intro == library.path(spoken.id)
    assert (spoken.written, "năm giờ ba mươi" in spoken.spoken) == (WORDS, True)


def test_the_intro_is_spoken_once(library: Library, home: Home, asset: Asset) -> None:
    first = framed(library, home, asset, intro=WORDS)
    assert framed(library, home, asset, intro=WORDS) == first
    assert len(library.all()) == 2


def test_an_intro_that_was_changed_is_spoken_anew(library: Library, home: Home, asset: Asset) -> None:
    intro = framed(library, home, asset, intro=WORDS).parts[0]
    assert isinstance(intro, Path)
    before = intro.read_bytes()
    write(intro, noise(48_000))
    assert framed(library, home, asset, intro=WORDS).parts[0] == intro
    assert intro.read_bytes() == before


def test_a_voice_that_fails_is_tried_once_and_told_once(
    library: Library, home: Home, asset: Asset, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Sentence] = []
    settings = SoundSettings(voice="en_US-joe-medium", intro="Good morning.", outro="Thank you.")
    frame = Frame(settings, library, home, told.append)
    first = frame.mix(asset.id)
    assert {one.notes for one in library.all() if one.id != asset.id} == {"espeak-ng en"}
    (sentence,) = told
    assert "en_US-joe-medium did not speak" in str(sentence)
    intro = first.parts[0]
    assert isinstance(intro, Path)
    right = intro.read_bytes()
    write(intro, noise(48_000))
    assert frame.mix(asset.id) == first
    assert intro.read_bytes() == right
    monkeypatch.setattr(sys, "executable", "/nowhere/python")  # no voice can speak any more
    assert frame.mix(asset.id) == first
    assert len(told) == 1
    for suffix in ("", ".json"):  # what was amiss was seen to: it is tried again
        (home.voices / f"en_US-joe-medium.onnx{suffix}").touch()
    with pytest.raises(SoundError, match="Neither en_US-joe-medium nor espeak-ng"):
        frame.mix(asset.id)


@needs_ffmpeg
@pytest.mark.parametrize("bed", [False, True])
def test_a_whole_bulletin_is_at_its_loudness_below_the_limit(
    bed: bool, library: Library, home: Home, asset: Asset, tmp_path: Path
) -> None:
    """Tune, chime, intro, two items with a pause, twice, outro, chime: ffmpeg judges."""
    target = Target()
    second = library.ingest(BULLETIN, title="x", longest_s=60)
    bulletin = library.compose(Recipe((asset.id, 1.0, second.id), repeats=3, gap_s=1), title="x", longest_s=600)
    settings: dict[str, object] = {"intro": WORDS, "outro": "Xin cảm ơn bà con đã lắng nghe."}
    if bed:
        chord = encoded(tmp_path / "bed.wav", seconds=20, hertz=(233.0,))
        settings["bed"] = str(library.path(library.ingest(chord, title="bed", longest_s=60).id))
    render_to_file(framed(library, home, bulletin, **settings), tmp_path / "mix.wav")
    loudness, peak = ebur128(tmp_path / "mix.wav")
    assert peak <= target.peak_dbtp
    assert loudness == pytest.approx(target.lufs, abs=0.5)
