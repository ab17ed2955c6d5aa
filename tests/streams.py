"""Streams to be relayed: a real Icecast server and a live HLS playlist, both fed by ffmpeg; a wire to hinder them."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

needs_icecast = pytest.mark.skipif(
    shutil.which("icecast2") is None or shutil.which("ffmpeg") is None,
    reason="icecast2 and ffmpeg are not installed (Debian: icecast2 ffmpeg)",
)
_CONFIG = """<icecast><limits><clients>20</clients><sources>4</sources><queue-size>524288</queue-size>
<burst-on-connect>1</burst-on-connect><burst-size>65535</burst-size></limits>
<authentication><source-password>secret</source-password><admin-user>admin</admin-user>
<admin-password>secret</admin-password></authentication><hostname>localhost</hostname>
<listen-socket><port>{port}</port><bind-address>127.0.0.1</bind-address></listen-socket>
<paths><basedir>{folder}</basedir><logdir>{folder}</logdir><webroot>/usr/share/icecast2/web</webroot>
<adminroot>/usr/share/icecast2/admin</adminroot></paths>
<logging><accesslog>access.log</accesslog><errorlog>error.log</errorlog></logging>
<security><chroot>0</chroot>{owner}</security></icecast>"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Icecast:
    """A server with one stream, a tone of ``hertz``."""

    folder: Path
    hertz: int
    port: int
    server: subprocess.Popen[bytes] | None = None
    feeder: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/live.mp3"

    def start(self, level_db: float = -14) -> None:
        """Start the server and its stream; return when it can be heard."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o777)
        owner = "<changeowner><user>nobody</user><group>nogroup</group></changeowner>" if os.getuid() == 0 else ""
        config = self.folder / "icecast.xml"
        config.write_text(_CONFIG.format(port=self.port, folder=self.folder, owner=owner))
        self.server = _quiet("icecast2", "-c", str(config))
        await_true(self._listens, "icecast does not listen")
        self.feed(level_db)

    def feed(self, level_db: float) -> None:
        """Send a tone this loud from now on, in place of what was sent."""
        if self.feeder is not None:
            _kill(self.feeder)
        tone = f"sine=frequency={self.hertz}:sample_rate=44100,volume={level_db + 18}dB"
        where = f"icecast://source:secret@127.0.0.1:{self.port}/live.mp3"
        sound = ("-re", "-f", "lavfi", "-i", tone, "-c:a", "libmp3lame", "-b:a", "128k")
        self.feeder = _quiet("ffmpeg", "-nostdin", *sound, "-content_type", "audio/mpeg", "-f", "mp3", where)
        await_true(self._is_heard, "the stream cannot be heard")

    def freeze(self) -> None:
        assert self.server is not None
        self.server.send_signal(signal.SIGSTOP)

    def kill(self) -> None:
        for one in (self.feeder, self.server):
            if one is not None:
                _kill(one)
        self.feeder = self.server = None

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def _is_heard(self) -> bool:
        try:
            with urllib.request.urlopen(self.address, timeout=1) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


@contextmanager
def icecast(hertz: int) -> Iterator[Icecast]:
    """Yield a running server; end it afterwards."""
    # as root it becomes nobody, who may not enter the folders of pytest
    with tempfile.TemporaryDirectory(prefix="icecast-") as folder:
        Path(folder).chmod(0o755)
        one = Icecast(Path(folder) / "logs", hertz, free_port())
        try:
            one.start()
            yield one
        finally:
            one.kill()


@dataclass
class Playlist:
    """A live playlist of segments of a second, a tone of ``hertz``, on a plain web server."""

    folder: Path
    hertz: int
    server: ThreadingHTTPServer | None = None
    feeder: subprocess.Popen[bytes] | None = None

    @property
    def port(self) -> int:
        assert self.server is not None
        return self.server.server_port

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/live.m3u8"

    def start(self, level_db: float = -14) -> None:
        self.server = _serve(self.folder)
        self.feed(level_db)
        await_true(lambda: len(list(self.folder.glob("*.ts"))) > 2, "no segment is written")

    def feed(self, level_db: float) -> None:
        """Send a tone this loud from now on, in place of what was sent."""
        if self.feeder is not None:
            _kill(self.feeder)
        tone = f"sine=frequency={self.hertz}:sample_rate=48000,volume={level_db + 18}dB"
        sound = ("-re", "-f", "lavfi", "-i", tone, "-c:a", "aac", "-b:a", "128k")
        live = ("-f", "hls", "-hls_time", "1", "-hls_list_size", "5")
        flags = ("-hls_flags", "append_list+delete_segments+omit_endlist")
        self.feeder = _quiet("ffmpeg", "-nostdin", *sound, *live, *flags, str(self.folder / "live.m3u8"))

    def freeze(self) -> None:
        """The playlist stands as it is."""
        assert self.feeder is not None
        self.feeder.send_signal(signal.SIGSTOP)

    def kill(self) -> None:
        if self.feeder is not None:
            _kill(self.feeder)
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
        self.feeder = self.server = None


@contextmanager
def playlist(hertz: int) -> Iterator[Playlist]:
    """Yield a live playlist; end it afterwards."""
    with tempfile.TemporaryDirectory(prefix="hls-") as folder:
        one = Playlist(Path(folder), hertz)
        try:
            one.start()
            yield one
        finally:
            one.kill()


class Wire:
    """A wire to a port, through which no more than ``pace`` bytes a second come back."""

    def __init__(self, port: int) -> None:
        self.pace = 1e9
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._run, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _run(self) -> None:
        with suppress(OSError):  # closed
            while True:
                caller, _ = self._listener.accept()
                threading.Thread(target=self._carry, args=(caller,), daemon=True).start()

    def _carry(self, caller: socket.socket) -> None:
        with caller, suppress(OSError), socket.create_connection(("127.0.0.1", self._port)) as called:
            called.sendall(caller.recv(65536))  # what is asked fits into one piece
            while piece := called.recv(2048):
                caller.sendall(piece)
                time.sleep(len(piece) / self.pace)


@contextmanager
def web_server(folder: Path) -> Iterator[str]:
    """Serve the files of a folder; yield the address."""
    server = _serve(folder)
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _serve(folder: Path) -> ThreadingHTTPServer:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quietly, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def hls(folder: Path, hertz: int, seconds: int) -> Path:
    """Write a playlist of a tone, in segments of two seconds; return it."""
    tone = f"sine=frequency={hertz}:duration={seconds}"
    command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", tone, "-c:a", "aac", "-f", "hls"]
    playlist = folder / "live.m3u8"
    subprocess.run([*command, "-hls_time", "2", "-hls_list_size", "0", str(playlist)], check=True)
    return playlist


def await_true(condition: Callable[[], bool], complaint: str, within_s: float = 10) -> None:
    give_up = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < give_up, complaint
        time.sleep(0.05)


class _Quietly(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def _quiet(*command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


def _kill(one: subprocess.Popen[bytes]) -> None:
    one.kill()
    one.wait()
