"""Letters by their names, and what is a Vietnamese syllable.

Spelling follows the rules of the primary school's first book: an onset, a rime, at most one tone; a rime that
ends in a stop bears the acute or the dot. What does not fit is not Vietnamese: no voice for Vietnamese can be trusted
with it.
"""

from __future__ import annotations

import re
import unicodedata


def _table(text: str) -> list[str]:
    return text.split()


_LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyfjwz"
_SPOKEN = """a á ớ bê xê dê đê e ê giê hát i ca e-lờ em-mờ en-nờ o ô ơ pê quy e-rờ ét-xì tê u ư vê ích-xì i-cờ-rét
    ép gi vê-kép dét"""
NAMES = dict(zip(_LETTERS, _table(_SPOKEN), strict=True))
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_STOPPED_TONES = "\u0301\u0323"
_FRONT = "gh|k|ngh"
_BACK = "c|g|ng"
_ONSETS = "b|ch|d|đ|gi|h|kh|l|m|n|nh|p|ph|r|s|t|th|tr|v|x"
_FRONT_RIMES = _table("""
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ich im in inh ip it iu ia iêc iêm iên iêng iêp iêt iêu y
""")
_BACK_RIMES = _table("""
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    o oc oi om on ong op ot oa oac oach oai oam oan oang oanh oap oat oao oay oăc oăm oăn oăng oăt oe oen oet oeo
    oong ooc ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
    u uc ui um un ung up ut ua uê uêch uênh uêt uy uya uych uynh uyên uyêt uyt uyn uyp uyu uân uât uâng uây
    uôc uôi uôm uôn uông uôt uơ uơt ư ưc ưi ưm ưn ưng ưt ưu ưa ươc ươi ươm ươn ương ươp ươt ươu
""")
_QU_RIMES = _table("""
    a ac ach ai an ang anh ao at au ay ăc ăm ăn ăng ăp ăt âc ân âng ât ây âu e en eo et ê êch ên ênh êt êu i it in
    o ôc ơ ơi ơn ơt y ych ynh yên yêt yt yn
""")
_ALONE = _table("yêm yên yêng yêt yêu")


def _any(rimes: list[str]) -> str:
    return "(?:" + "|".join(sorted(rimes, key=len, reverse=True)) + ")"


_SYLLABLE = re.compile(
    f"(?:{_FRONT}){_any(_FRONT_RIMES)}|(?:{_BACK}){_any(_BACK_RIMES)}|(?:{_ONSETS})?{_any(_FRONT_RIMES + _BACK_RIMES)}"
    f"|qu{_any(_QU_RIMES)}|{_any(_ALONE)}|gin?|giêc|giêng?"
)


def is_syllable(word: str) -> bool:
    """Whether a word is spelt as a Vietnamese syllable, in any case of letters."""
    apart = unicodedata.normalize("NFD", word.lower())
    tones = [one for one in apart if one in _TONES]
    bare = unicodedata.normalize("NFC", "".join(one for one in apart if one not in _TONES))
    if len(tones) > 1 or not _SYLLABLE.fullmatch(bare):
        return False
    return not bare.endswith(("c", "ch", "p", "t")) or bool(tones and tones[0] in _STOPPED_TONES)


def has_marks(text: str) -> bool:
    """Whether any letter bears a Vietnamese mark."""
    return any(one in "đĐ" or unicodedata.combining(one) for one in unicodedata.normalize("NFD", text))


def named(letters: str) -> str:
    """Return letters said by their names; what has no name is passed over."""
    return " ".join(NAMES[one] for one in letters.lower() if one in NAMES)
