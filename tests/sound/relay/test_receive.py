"""What the child may open: the web alone, whatever a playlist says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.judges import needs_ffmpeg
from tests.streams import hls, web_server

pytestmark = needs_ffmpeg
SECONDS = 6


def received(address: str) -> bytes:
    command = [sys.executable, "-m", "broadcaster.sound.relay.receive", address]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        return child.stdout.read()


def test_an_hls_playlist_is_received_whole(tmp_path: Path) -> None:
    playlist = hls(tmp_path, 440, SECONDS)
    with web_server(tmp_path) as address:
        assert len(received(f"{address}/{playlist.name}")) / 96000 == pytest.approx(SECONDS, abs=0.2)


def test_a_playlist_cannot_open_a_file_of_ours(tmp_path: Path) -> None:
    playlist = hls(tmp_path, 440, SECONDS)
    there = [f"file://{tmp_path}/{line}" if line.endswith(".ts") else line for line in playlist.read_text().split("\n")]
    (tmp_path / "evil.m3u8").write_text("\n".join(there))
    with web_server(tmp_path) as address:
        assert received(f"{address}/evil.m3u8") == b""


def test_an_address_is_of_the_web(tmp_path: Path) -> None:
    assert received(str(hls(tmp_path, 440, SECONDS))) == b""
