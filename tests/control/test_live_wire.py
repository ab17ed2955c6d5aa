from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.control.live_wire import END, LARGEST, SOUND, Messages, end, sound


@given(st.lists(st.binary(min_size=240, max_size=300).map(lambda one: one * 2), max_size=5), st.integers(1, 900))
def test_messages_come_whole_however_they_are_cut(sounds: list[bytes], step: int) -> None:
    data = b"".join(map(sound, sounds)) + end()
    messages, found = Messages(), []
    for at in range(0, len(data), step):
        found += messages.feed(data[at : at + step])
    assert found == [*((SOUND, one) for one in sounds), (END, b"")]


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n",
        b"A\xff\xff",
        sound(bytes(481)),
        b"A" + (LARGEST + 2).to_bytes(2, "little"),
        b"A\x02\x00ab" * 1000,
        b"A\x00\x00",
        b"E\x02\x00ab",
    ],
)
def test_what_is_no_message_is_noticed(data: bytes) -> None:
    with pytest.raises(ValueError, match="no message"):
        Messages().feed(data)


def test_a_crumb_of_sound_is_not_sent() -> None:
    assert sound(bytes(478)) == b""
