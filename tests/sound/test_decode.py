from __future__ import annotations

import os
import random
import shutil
import socket
import struct
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from broadcaster.errors import SoundError
from broadcaster.model.pcm import RATE
from broadcaster.sound.library import Asset, Library
from tests.judges import needs_ffmpeg
from tests.sound.media import BULLETIN, CODECS, encoded, pitch_of
from tests.sound.sounds import tone, write

DAMAGED = "damaged or cut short"
NO_SOUND = "not a sound file"
ELF = b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 40
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f6"
    "45400000000049454e44ae426082"
)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """The library's folder; nothing half-done may lie in it after a test."""
    folder = tmp_path / "library"
    folder.mkdir()
    yield folder
    assert {path.suffix for path in folder.iterdir()} <= {".wav", ".json", ".npy"}
    assert not list(folder.glob(".*"))


@pytest.fixture
def library(folder: Path) -> Library:
    return Library(folder)


def ingest(library: Library, source: Path, longest_s: float = 60) -> Asset:
    return library.ingest(source, title="Tiêm chủng", longest_s=longest_s)


def refusal(library: Library, source: Path, longest_s: float = 60) -> str:
    with pytest.raises(SoundError) as caught:
        ingest(library, source, longest_s)
    return str(caught.value)


@pytest.mark.parametrize("kind", CODECS)
def test_every_usual_kind_of_file_is_heard_as_it_was(kind: str, library: Library, tmp_path: Path) -> None:
    asset = ingest(library, encoded(tmp_path / f"sound.{kind}", hertz=(523,)))
    assert asset.duration_s == pytest.approx(2, abs=0.05)
    assert pitch_of(library.path(asset.id)) == pytest.approx(523, abs=1)
    assert asset.loudness_lufs == pytest.approx(-15.9, abs=0.5)


@pytest.mark.parametrize(
    ("name", "codec", "rate", "layout"),
    [
        ("telephone.wav", "pcm_alaw", 8000, "mono"),
        ("studio.wav", "pcm_s24le", 96000, "7.1"),
        ("cinema.flac", "flac", 96000, "5.1"),
        ("slow.mp3", "libmp3lame", 8000, "stereo"),
        ("music.mp3", "libmp3lame", 44100, "stereo"),
        ("apple.aiff", "pcm_s16be", 44100, "stereo"),
    ],
)
def test_every_rate_and_form_becomes_canonical(
    name: str, codec: str, rate: int, layout: str, library: Library, tmp_path: Path
) -> None:
    asset = ingest(library, encoded(tmp_path / name, codec, rate=rate, layout=layout))
    assert asset.duration_s == pytest.approx(2, abs=0.05)
    assert pitch_of(library.path(asset.id)) == pytest.approx(440, abs=1)


def test_a_file_of_a_foreign_encoder(library: Library) -> None:
    asset = ingest(library, BULLETIN)
    assert asset.duration_s == pytest.approx(3.799, abs=0.01)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("streamed.mp3", {"write_xing": "0"}),
        ("first.m4a", {"movflags": "faststart"}),
        ("pieces.m4a", {"movflags": "frag_keyframe+empty_moov"}),
        ("live.webm", {"live": "1"}),
    ],
)
def test_files_that_state_their_length_otherwise_are_whole_too(
    name: str, options: dict[str, str], library: Library, tmp_path: Path
) -> None:
    assert ingest(library, encoded(tmp_path / name, options=options)).duration_s == pytest.approx(2, abs=0.05)


@pytest.mark.parametrize("tail", [b"TAG" + bytes(125), bytes(3000), b"LYRICSBEGIN" + b"la " * 300 + b"LYRICS200"])
def test_what_players_append_to_an_mp3_does_no_harm(tail: bytes, library: Library, tmp_path: Path) -> None:
    tagged = tmp_path / "tagged.mp3"
    tagged.write_bytes(encoded(tmp_path / "plain.mp3", options={"write_xing": "0"}).read_bytes() + tail)
    assert ingest(library, tagged).duration_s == pytest.approx(2, abs=0.05)


@pytest.mark.parametrize("name", ["two.m4a", "two.mka"])
def test_of_several_streams_the_first_is_taken(name: str, library: Library, tmp_path: Path) -> None:
    asset = ingest(library, encoded(tmp_path / name, "aac", hertz=(330, 880)))
    assert pitch_of(library.path(asset.id)) == pytest.approx(330, abs=1)


def test_rate_and_form_may_change_on_the_way(library: Library, tmp_path: Path) -> None:
    joined = tmp_path / "joined.mp3"
    plain = {"write_xing": "0"}
    first = encoded(tmp_path / "a.mp3", options=plain).read_bytes()
    joined.write_bytes(first + encoded(tmp_path / "b.mp3", rate=16000, options=plain).read_bytes())
    assert ingest(library, joined).duration_s == pytest.approx(4, abs=0.3)


@needs_ffmpeg
@pytest.mark.parametrize("name", ["cover.mp3", "cover.m4a", "cover.flac"])
def test_the_picture_of_a_sleeve_is_no_video(name: str, library: Library, tmp_path: Path) -> None:
    picture = tmp_path / "cover.png"
    picture.write_bytes(PNG)
    inputs = ["-i", str(BULLETIN), "-i", str(picture), "-map", "0", "-map", "1"]
    made = ["-c:v", "png", "-disposition:v", "attached_pic", str(tmp_path / name)]
    subprocess.run(["ffmpeg", "-v", "error", *inputs, *made], check=True)
    assert ingest(library, tmp_path / name).duration_s == pytest.approx(3.8, abs=0.05)


@pytest.mark.parametrize(
    ("name", "codec", "video"), [("v.mp4", "aac", "mpeg4"), ("v.webm", "libopus", "libvpx"), ("v.mov", "aac", "mjpeg")]
)
def test_a_video_is_refused(name: str, codec: str, video: str, library: Library, tmp_path: Path) -> None:
    assert "This is a video" in refusal(library, encoded(tmp_path / name, codec, video=video))


@pytest.mark.parametrize("share", [0.3, 0.62, 0.95])
@pytest.mark.parametrize("kind", CODECS)
def test_a_file_that_was_cut_short_is_refused(kind: str, share: float, library: Library, tmp_path: Path) -> None:
    whole = encoded(tmp_path / f"sound.{kind}").read_bytes()
    cut = tmp_path / f"cut.{kind}"
    cut.write_bytes(whole[: int(len(whole) * share)])
    assert DAMAGED in refusal(library, cut)


@pytest.mark.parametrize("share", [0.3, 0.5, 0.9, 0.995])
def test_a_bulletin_that_was_cut_short_is_refused(share: float, library: Library, tmp_path: Path) -> None:
    cut = tmp_path / "bulletin.mp3"
    cut.write_bytes(BULLETIN.read_bytes()[: int(BULLETIN.stat().st_size * share)])
    assert DAMAGED in refusal(library, cut)


@pytest.mark.skipif(shutil.which("lame") is None, reason="lame is not installed (Debian: lame)")
@pytest.mark.parametrize("options", [["-t"], ["-V5"], ["-t", "-b", "32"]])
def test_a_plain_mp3_cut_within_a_frame_is_refused(options: list[str], library: Library, tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole.mp3", tmp_path / "cut.mp3"
    source = write(tmp_path / "tone.wav", tone(2 * RATE))
    subprocess.run(["lame", "--quiet", *options, source, whole], check=True)
    cut.write_bytes(whole.read_bytes()[:-50])
    assert ingest(library, whole).duration_s == pytest.approx(2, abs=0.1)
    assert DAMAGED in refusal(library, cut)


PLAYLISTS = {
    "list.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{good}\n#EXT-X-ENDLIST\n",
    "list.m3u": "{good}\nhttp://127.0.0.1:9/a.mp3\n",
    "list.pls": "[playlist]\nFile1={good}\nNumberOfEntries=1\nVersion=2\n",
    "list.txt": "ffconcat version 1.0\nfile '{good}'\n",
    "list.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n",
    "list.asx": '<asx version="3.0"><entry><ref href="file://{good}"/></entry></asx>',
    "list.xspf": '<playlist version="1"><trackList><track><location>{good}</location></track></trackList></playlist>',
    "list.mpd": '<?xml version="1.0"?><MPD><Period><BaseURL>{good}</BaseURL></Period></MPD>',
}


@pytest.mark.parametrize("name", PLAYLISTS)
@pytest.mark.parametrize("suffix", ["", ".mp3"])
def test_a_list_that_points_elsewhere_is_not_followed(name: str, suffix: str, library: Library, tmp_path: Path) -> None:
    good = encoded(tmp_path / "good.wav")
    playlist = tmp_path / (name + suffix)
    playlist.write_text(PLAYLISTS[name].format(good=good))
    assert NO_SOUND in refusal(library, playlist)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"x", NO_SOUND),
        ("Kính thưa bà con. ".encode() * 500, NO_SOUND),
        (PNG, NO_SOUND),
        (ELF, NO_SOUND),
        (b"PK\x03\x04" + bytes(5000), NO_SOUND),
        (bytes(100_000), NO_SOUND),
        (b"RIFF", NO_SOUND),
        (b"ID3\x04\0\0\x7f\x7f\x7f\x7f", NO_SOUND),
        (b"OggS" + bytes(100), NO_SOUND),
    ],
)
def test_what_is_no_sound_is_refused_whatever_its_name(
    content: bytes, words: str, library: Library, tmp_path: Path
) -> None:
    for name in ("file", "file.mp3", "file.wav"):
        (tmp_path / name).write_bytes(content)
        assert words in refusal(library, tmp_path / name)


def wave(rate: int = 8000, channels: int = 1, bits: int = 8, data: bytes = bytes(8000), form: int = 1) -> bytes:
    fields = (form, channels, rate & 0xFFFFFFFF, rate * channels * bits // 8 & 0xFFFFFFFF, channels * bits // 8, bits)
    head = b"WAVEfmt " + struct.pack("<IHHIIHH", 16, *fields[:4], fields[4] & 0xFFFF, fields[5])
    return b"RIFF" + struct.pack("<I", len(head) + 8 + len(data)) + head + b"data" + struct.pack("<I", len(data)) + data


@pytest.mark.parametrize(
    "content",
    [
        wave(data=b""),
        wave(rate=0),
        wave(rate=0xFFFFFFFF),
        wave(channels=0),
        wave(channels=65535, bits=32),
        wave(bits=0),
        wave(bits=65535),
        wave(form=0x7777),
        wave(rate=1),
    ],
)
def test_absurd_headers_are_one_sentence(content: bytes, library: Library, tmp_path: Path) -> None:
    (tmp_path / "absurd.wav").write_bytes(content)
    assert refusal(library, tmp_path / "absurd.wav").count(".") == 1


def test_what_is_no_ordinary_file_is_refused_at_once(library: Library, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "endless").symlink_to("/dev/zero")
    (tmp_path / "pointer").symlink_to(encoded(tmp_path / "good.wav"))
    for name in ("fifo", "endless", "."):
        assert "no ordinary file" in refusal(library, tmp_path / name)
    assert ingest(library, tmp_path / "pointer").source_name == "pointer"


def test_what_cannot_be_opened_is_said(library: Library, tmp_path: Path) -> None:
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "ring").symlink_to(tmp_path / "ring")
    assert refusal(library, tmp_path / "missing.mp3") == "There is no file missing.mp3."
    assert "There is no file" in refusal(library, tmp_path / "dangling")
    assert "cannot be read" in refusal(library, tmp_path / "ring")
    assert "There is no file" in refusal(library, tmp_path / "a\0b.mp3")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        assert "cannot be read" in refusal(library, tmp_path / "socket")


@pytest.mark.parametrize("name", ["sound.wav", "sound.mp3", "sound.aac", "sound.webm"])
def test_a_sound_that_is_too_long_is_refused(name: str, library: Library, tmp_path: Path) -> None:
    source = encoded(tmp_path / name, seconds=8)
    assert refusal(library, source, 6) == "This sound is too long: at most 0.1 minutes."
    assert ingest(library, source, 8).duration_s == pytest.approx(8, abs=0.1)


def test_three_hours_are_refused_by_what_the_file_says_of_itself(library: Library, tmp_path: Path) -> None:
    source = tmp_path / "long.wav"
    source.write_bytes(wave(data=b"")[:-4] + struct.pack("<I", 3 * 3600 * 8000))
    os.truncate(source, 3 * 3600 * 8000 + 44)
    assert refusal(library, source, 3600) == "This sound is too long: at most 60 minutes."


def test_a_file_of_more_than_two_gigabytes_is_refused(library: Library, tmp_path: Path) -> None:
    source = encoded(tmp_path / "huge.wav")
    os.truncate(source, (2 << 30) + 1)
    assert "larger than 2 GB" in refusal(library, source)


@pytest.mark.parametrize("name", ["Bản tin số 7.mp3", "two\nlines.mp3", "-i.mp3", "100%{x}.mp3", " .mp3", "file:a.mp3"])
def test_a_name_is_only_a_name(name: str, library: Library, tmp_path: Path) -> None:
    shutil.copy(BULLETIN, tmp_path / name)
    assert ingest(library, tmp_path / name).source_name == name
    assert name in refusal(library, tmp_path / f"no{name}")


def test_a_name_that_is_no_text_is_kept_as_well_as_can_be(library: Library, tmp_path: Path) -> None:
    name = os.fsdecode(b"\xffbulletin.mp3")
    shutil.copy(BULLETIN, tmp_path / name)
    asset = ingest(library, tmp_path / name)
    assert asset.source_name == "\ufffdbulletin.mp3"
    assert library.get(asset.id) == asset


@pytest.mark.parametrize("kind", CODECS)
@pytest.mark.parametrize("seed", range(5))
def test_no_mutation_gets_out_of_the_child(kind: str, seed: int, library: Library, tmp_path: Path) -> None:
    dice = random.Random(f"{kind} {seed}")
    data = bytearray(encoded(tmp_path / f"sound.{kind}", seconds=0.5).read_bytes())
    for _ in range(dice.choice([1, 4, 40])):
        data[dice.randrange(min(len(data), dice.choice([60, 600, 60_000])))] = dice.randrange(256)
    mutant = tmp_path / f"mutant.{kind}"
    mutant.write_bytes(data)
    with suppress(SoundError):
        asset = ingest(library, mutant)
        assert 0 < asset.duration_s < 61
    assert not children()


def children() -> list[str]:
    """Return the command lines of our own child processes that decode."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if parent == os.getpid() and b"broadcaster.sound" in command:
            found.append(command.decode())
    return found
