"""Somebody at the pages without a browser: signs in over HTTP, sends forms, keeps live pages open."""

from __future__ import annotations

import http.cookiejar
import json
import re
import selectors
import socket
import threading
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Visitor:
    """Signed in from construction on. With a one-time password another one is chosen."""

    CHOSEN = "nui-cao-song-dai"

    def __init__(self, port: int, password: str, name: str = "admin") -> None:
        self.port = port
        self._jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))
        self.send("/sign-in", {"name": name, "password": password})
        if password != self.CHOSEN:
            self.send("/password", {"chosen": self.CHOSEN, "again": self.CHOSEN})
        self.token = self._token("/")

    def get(self, path: str) -> str:
        with self._opener.open(self._address(path), timeout=20) as answer:
            return str(answer.read().decode())

    def size(self, path: str) -> int:
        """Return how many bytes an address sends."""
        with self._opener.open(self._address(path), timeout=20) as answer:
            return len(answer.read())

    def send(self, path: str, form: dict[str, str]) -> str:
        """Send a form with the token that stands on its page."""
        return self.post(path, form, self._token(path))

    def post(self, path: str, form: dict[str, str], token: str, **headers: str) -> str:
        data = urllib.parse.urlencode({**form, "csrf_token": token}).encode()
        request = urllib.request.Request(self._address(path), data, headers)  # noqa: S310 - our own address
        with self._opener.open(request, timeout=20) as answer:
            return str(answer.read().decode())

    def emergency(self) -> dict[str, Any]:
        """Press the button, as the page's script does."""
        answer = self.post("/emergency/start", {}, self.token, **{"X-Requested-With": "fetch"})
        told: dict[str, Any] = json.loads(answer)
        return told

    @property
    def cookie(self) -> str:
        """What a browser would send."""
        return "; ".join(f"{one.name}={one.value}" for one in self._jar)

    @contextmanager
    def live_pages(self, count: int) -> Iterator[list[int]]:
        """Keep so many live pages open; yield, for each, how many bytes have come."""
        request = f"GET /stream HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {self.cookie}\r\n\r\n".encode()
        lines = [socket.create_connection(("127.0.0.1", self.port)) for _ in range(count)]
        came, stop = [0] * count, threading.Event()
        for line in lines:
            line.sendall(request)
        reader = threading.Thread(target=_read, args=(lines, came, stop), daemon=True)
        reader.start()
        try:
            yield came
        finally:
            stop.set()
            reader.join()
            for line in lines:
                line.close()

    def _token(self, path: str) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(path))
        assert found is not None, path
        return found.group(1)

    def _address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


def _read(lines: list[socket.socket], came: list[int], stop: threading.Event) -> None:
    with selectors.DefaultSelector() as ready:
        for number, line in enumerate(lines):
            ready.register(line, selectors.EVENT_READ, number)
        while not stop.is_set():
            for key, _ in ready.select(0.2):
                came[key.data] += len(lines[key.data].recv(65536))
