"""The station's own glossary: how hamlets, names and abbreviations are read, once for all bulletins."""

from __future__ import annotations

import threading
import unicodedata

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.config import readings
from broadcaster.errors import StorageError
from broadcaster.spelling.glossary import Glossary, parse
from broadcaster.storage import audit
from broadcaster.storage.database import transaction
from broadcaster.words import Sentence
from web.speech import tell
from web.station import station

pages = Blueprint("glossary", __name__)
LONGEST = 120
_MOST = 2000
_changing = threading.Lock()
Answer = str | Response | tuple[str, int]


@pages.get("/glossary")
def page() -> str:
    """List what the station reads in a way of its own."""
    return _show()


@pages.post("/glossary")
def add() -> Answer:
    """Take in, or change, how one word is read."""
    written, words = (_one_line(request.form.get(name, "")) for name in ("written", "words"))
    trouble = check(written, words)
    if trouble is not None:
        return _show(written, words, trouble), 422
    keep({written: words})
    tell(Sentence("“{written}” is read: {words}.", written=written, words=words))
    return redirect(url_for(".page"))


@pages.post("/glossary/remove")
def remove() -> Answer:
    """Forget one word; it can be taken in again with one press."""
    written = _one_line(request.form.get("written", ""))
    with _changing:
        known = _known()
        words = known.entries.get(written)
        if words is not None:
            _write(known, {one: said for one, said in known.entries.items() if one != written})
            tell(Sentence("“{written}” is no longer read in a way of its own.", written=written))
    return redirect(url_for(".page"))


def check(written: str, words: str) -> Sentence | None:
    """Return what is wrong with an entry."""
    if not written or not words:
        return Sentence("Give both: what is written, and how it is read.")
    if max(len(written), len(words)) > LONGEST:
        return Sentence("That is too long: at most {count} letters.", count=LONGEST)
    if not any(one.isalnum() for one in written) or parse([f"{written} = {words}"]).entries != {written: (words,)}:
        return Sentence("This cannot be kept: write a word or an abbreviation, without the signs = ? | #.")
    return None


def keep(meanings: dict[str, str]) -> None:
    """Take words in. Raises ``StorageError``."""
    sound = {written: words for written, words in meanings.items() if check(written, words) is None}
    with _changing:
        known = _known()
        entries = known.entries | {written: (words,) for written, words in sound.items()}
        if len(entries) > _MOST:
            raise StorageError(Sentence("The glossary is full: take words out that are not needed any more."))
        if entries != known.entries:
            _write(known, entries)


def _known() -> Glossary:
    """Return what is kept, for changing it: what cannot be read is not written over. Raises ``StorageError``."""
    try:
        return readings.load(station().home.glossary)
    except (OSError, ValueError) as error:
        raise StorageError(
            Sentence("The file glossary.txt of the station cannot be read: ask the technician to look at it.")
        ) from error


def _write(known: Glossary, entries: dict[str, tuple[str, ...]]) -> None:
    """Keep the entries, and who changed what. Raises ``StorageError``."""
    here = station()
    with transaction(here.log_book) as connection:
        for written in sorted(known.entries.keys() | entries.keys()):
            before, after = ({"reading": " | ".join(each.get(written, ()))} for each in (known.entries, entries))
            if before != after:
                audit.note(connection, here.clock.now(), g.user.name, "glossary", written, before=before, after=after)
        try:
            readings.write(here.home.glossary, Glossary(entries, known.doubtful & entries.keys()))
        except OSError as error:
            why = error.strerror or str(error)
            raise StorageError(
                Sentence("This cannot be kept ({why}): free some space on the disk.", why=why)
            ) from error


def _one_line(typed: str) -> str:
    return unicodedata.normalize("NFC", " ".join(typed.split()))


def _show(written: str = "", words: str = "", trouble: Sentence | None = None) -> str:
    known = readings.read(station().home.glossary)
    return render_template("glossary/page.html", known=known, written=written, words=words, trouble=trouble)
