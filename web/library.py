"""The library: every sound that was uploaded, recorded or spoken; to hear, to use again, to take out."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import RefusedError, SoundError
from broadcaster.storage import broadcasts
from broadcaster.words import Sentence
from web.asked import page_number, search_words
from web.sounds import known_sound
from web.speech import tell
from web.station import station

pages = Blueprint("library", __name__)
PAGE = 30


@pages.get("/library")
def page() -> str:
    """List the sounds, latest first; or those that a search finds."""
    search = search_words()
    number = page_number()
    wanted = search.casefold()
    found = [one for one in station().library.all() if wanted in f"{one.title} {one.source_name}".casefold()]
    shown = found[number * PAGE : (number + 1) * PAGE]
    used = {one.sound for one in station().planned.plan().schedules}
    used |= {part for one in station().library.all() if one.id in used and one.recipe for part in one.recipe.sounds}
    return render_template(
        "library/page.html",
        sounds=shown,
        used=used,
        search=search,
        number=number,
        more=len(found) > (number + 1) * PAGE,
    )


@pages.get("/library/<sound>.wav")
def sound(sound: str) -> Response:
    """Play the sound as it is, without chimes."""
    if known_sound(sound).recipe is not None:  # it has no sound of its own
        return redirect(url_for("sounds.mix", sound=sound))
    return send_file(station().library.path(sound), mimetype="audio/wav", conditional=True)


@pages.get("/library/<sound>/delete")
def ask_delete(sound: str) -> str:
    """Ask once more."""
    return render_template("library/delete.html", sound=known_sound(sound))


@pages.post("/library/<sound>/delete")
def delete(sound: str) -> Response:
    """Take a sound out that nothing in the programme uses."""
    here, known = station(), known_sound(sound)
    if any(one.sound == known.id for one in here.planned.plan().schedules):
        raise RefusedError(Sentence("A bulletin of the programme uses this sound: delete the bulletin first."))
    if broadcasts.is_wanted(here.log_book, known.id):
        raise RefusedError(Sentence("This sound is about to sound, or sounds just now: wait until it is over."))
    try:
        here.library.discard(known.id)
    except SoundError as error:
        raise RefusedError(error.sentence) from error
    tell(Sentence("Taken out of the library: “{title}”.", title=known.title))
    return redirect(url_for(".page"))
