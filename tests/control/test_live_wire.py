from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.control.live_wire import END, LARGEST, SOUND, Messages, end, sound


@given(st.lists(st.binary(max_size=200).map(lambda one: one[: len(one) // 2 * 2])), st.integers(1, 50))
def test_messages_come_whole_however_they_are_cut(sounds: list[bytes], step: int) -> None:
    data = b"".join(map(sound, sounds)) + end()
    messages, found = Messages(), []
    for at in range(0, len(data), step):
        found += messages.feed(data[at : at + step])
    assert found == [*((SOUND, one) for one in sounds), (END, b"")]


@pytest.mark.parametrize(
    "data", [b"GET / HTTP/1.1\r\n", b"A\xff\xff", sound(b"abc"), b"A" + (LARGEST + 2).to_bytes(2, "little")]
)
def test_what_is_no_message_is_noticed(data: bytes) -> None:
    with pytest.raises(ValueError, match="no message"):
        Messages().feed(data)
