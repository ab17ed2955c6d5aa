"""One look at the daemon for all open pages: a single thread asks, however many pages are open."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator

_ASK_EVERY_S = 0.5
_BEAT_S = 5.0
MOST_STREAMS = 220
"""Of the server's threads; the rest is for requests such as the emergency."""
_log = logging.getLogger(__name__)

Parts = dict[str, str]
"""Parts of a page as HTML, by the id of the element that holds them."""


class Live:
    """While pages listen, ``render`` is called twice a second; it returns the parts in each language."""

    def __init__(self, render: Callable[[], dict[str, Parts]]) -> None:
        self._render = render
        self._changed = threading.Condition()
        self._listeners = 0
        self._latest: dict[str, Parts] = {}
        self._version = 0
        self._thread: threading.Thread | None = None

    def join(self) -> bool:
        """Let one more page listen; false when too many do already. Who has joined must :meth:`leave`."""
        with self._changed:
            if self._listeners >= MOST_STREAMS:
                return False
            self._listeners += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="live", daemon=True)
                self._thread.start()
        return True

    def leave(self) -> None:
        """A page has gone."""
        with self._changed:
            self._listeners -= 1

    def listen(self, language: str) -> Iterator[Parts]:
        """Yield all parts, then those that change; an empty dict is a sign of life. Endless."""
        shown: Parts = {}
        seen = -1
        while True:
            with self._changed:
                if seen == self._version or not self._latest:
                    self._changed.wait(_BEAT_S)
                seen, latest = self._version, self._latest.get(language, shown)
            yield {part: html for part, html in latest.items() if shown.get(part) != html}
            shown = latest

    def _run(self) -> None:
        pause = threading.Event()
        while True:
            try:
                latest = self._render()
            except Exception:  # noqa: BLE001 - top of the thread: the pages say that they hear nothing, and it goes on
                _log.exception("what is live cannot be shown")
                latest = {}
            with self._changed:
                if latest and latest != self._latest:
                    self._latest = latest
                    self._version += 1
                    self._changed.notify_all()
                if not self._listeners:
                    self._thread, self._latest = None, {}
                    return
            pause.wait(_ASK_EVERY_S)
