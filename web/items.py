"""What a bulletin is: whose, and in which language (Decree 49/2024 asks for those of the people who live there)."""

from __future__ import annotations

from broadcaster.words import Sentence

ITEM_CLASSES = {
    "own": Sentence("Our own bulletin"),
    "government": Sentence("Notice of the Party or the government"),
    "relay": Sentence("Relay of another station"),
    "outside": Sentence("Notice for somebody else"),
}
ITEM_LANGUAGES = {
    "vi": Sentence("in Vietnamese"),
    "tay": Sentence("Tày"),
    "hmong": Sentence("Hmong"),
    "khmer": Sentence("Khmer"),
    "thai": Sentence("Thái"),
    "muong": Sentence("Mường"),
    "nung": Sentence("Nùng"),
    "other": Sentence("another language"),
}
