from __future__ import annotations

from broadcaster.sound.phrases import LONGEST, phrases


def test_phrases_lose_no_word_and_are_short() -> None:
    text = "Kính thưa bà con, " * 30 + "hết. Câu hai! [[abc]]\n…\n" + "x" * 500
    said = phrases(text)
    assert all(0 < len(one.text) <= LONGEST for one in said)
    words = "".join(text.replace("[[", "").replace("]]", "").replace("…", "").split())
    assert "".join("".join(one.text.split()) for one in said) == words
