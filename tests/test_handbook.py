"""The handbook has two pages, and calls everything as the pages call it."""

from __future__ import annotations

import re

from tests.catalogues import vietnamese
from tests.handbook import SOURCE, TARGET

_NO_LABELS = {
    "đang phát gì",
    "bấm và giữ một giây rưỡi",
    "broadcaster emergency start",
    "một buổi",
    "4. Xem lại rồi lưu.",
    "1. Phát gì",
    "2. Phát ở đâu",
    "3. Phát khi nào",
}


def test_it_has_two_pages() -> None:
    assert len(re.findall(rb"/Type /Page\b", TARGET.read_bytes())) == 2


def test_what_it_names_is_called_so_on_the_pages() -> None:
    known = {str(message.string).strip("…").casefold() for message in vietnamese()}
    named = re.findall(r"<b>([^<]+)</b>", SOURCE.read_text(encoding="utf-8"))
    assert len(named) > 25
    for name in set(named) - _NO_LABELS:
        for part in name.split(" → "):
            assert part.strip("✓■↶… ").casefold() in known, part
