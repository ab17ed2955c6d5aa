"""How a typed text will be read: shown before it is saved, and what only a person can know is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request

from broadcaster.config import readings
from broadcaster.errors import SoundError
from broadcaster.sound.speech import LONGEST_TEXT, spell
from broadcaster.spelling import Part, Spelt
from broadcaster.words import Sentence
from web.form import BulletinForm
from web.station import station

pages = Blueprint("reading", __name__)


@dataclass(frozen=True)
class Reading:
    """The words that will be said, and what somebody must confirm, each with what was chosen so far."""

    spelt: Spelt
    doubts: tuple[tuple[Part, str | None], ...]


@pages.post("/bulletin/reading")
def fragment() -> str:
    """Return the reading of what is being typed, for the page's script."""
    form = BulletinForm.typed(request.form.to_dict(flat=False))
    return render_template("bulletin/reading.html", reading=reading(form), form=form)


def reading(form: BulletinForm) -> Reading | None:
    """Return how the text of a form will be read, if it has one."""
    text = form.text.strip()
    if form.kind != "text" or not text or len(text) > LONGEST_TEXT:
        return None
    glossary, sound = readings.read(station().home.glossary), station().settings.sound
    asked = spell(text, sound, glossary, language=form.language)
    chosen = {written: spell(words, sound, glossary).spoken for written, words in form.meanings.items()}
    said = spell(text, sound, glossary.knowing(chosen), language=form.language)
    return Reading(said, tuple((part, form.meanings.get(part.written)) for part in asked.unsure))


def spoken(form: BulletinForm) -> str:
    """Return the words for the voice. Raises ``SoundError`` while something has not been confirmed."""
    found = reading(form)
    if found is None:
        return form.text
    if missing := [part.written for part, chosen in found.doubts if chosen is None]:
        words = ", ".join(f"“{one}”" for one in missing[:6])
        raise SoundError(Sentence("Say how this is read: {words}. Choose below the text.", words=words))
    return found.spelt.spoken
