"""The sound of a bulletin: taken from an upload or spoken from a text, and played as it will sound."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import cast

from flask import Blueprint, Response, abort, jsonify, request, send_file
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from broadcaster.config.relays import bound
from broadcaster.config.settings import AUDIO
from broadcaster.errors import SoundError
from broadcaster.model.relay import Relay
from broadcaster.sound.library import Asset
from broadcaster.sound.voices import choose
from broadcaster.storage import broadcasts
from broadcaster.words import Sentence
from web.form import BulletinForm
from web.reading import spoken
from web.ribbon import bounds
from web.speech import chosen
from web.station import station
from web.wording import length

pages = Blueprint("sounds", __name__)
_LATELY = 40


@pages.post("/bulletin/sound")
def upload() -> Response | tuple[Response, int]:
    """Take a sound file from the page's script, which shows how far it is."""
    form = typed()
    if "file" in form.troubles or not form.sound:
        trouble = form.troubles.get("file", Sentence("Choose a sound file."))
        return jsonify(ok=False, error=trouble.to(chosen())), 422
    asset = station().library.get(form.sound)
    said = length(asset.duration_s).to(chosen())
    note = asset.notice.to(chosen()) if asset.notice else ""
    return jsonify(ok=True, sound=form.sound, name=form.sound_name, length=said, note=note)


@pages.get("/bulletin/mix/<sound>")
def mix(sound: str) -> AnyResponse:
    """Play the finished mix of an asset, chimes and bed included: what will sound."""
    here = station()
    known_sound(sound)
    return send_file(here.mixes.to_hear(here.frame.mix(sound)), mimetype="audio/wav", conditional=True)


def known_sound(sound: str) -> Asset:
    """Return what is known of a sound, or end the request."""
    try:
        return station().library.get(sound)
    except SoundError:
        abort(404)


def typed() -> BulletinForm:
    """Return the form; a file that came with it is in the library already, or its trouble is noted."""
    form = BulletinForm.typed(request.form.to_dict(flat=False))
    file = request.files.get("file")
    if file is not None and file.filename and form.kind in ("file", "record"):
        try:
            asset = _ingest(file)
        except SoundError as error:
            form.troubles["file"] = error.sentence
        else:
            form.sound, form.sound_name = asset.id, file.filename[:200]
            form.title = form.title or Path(file.filename).stem[:100]
    return form


def sound_of(form: BulletinForm) -> str:
    """Return the asset of what is typed or chosen; the same text gives the same asset. Raises ``SoundError``."""
    here = station()
    if form.kind == "relay":
        relay = Relay.of(form.sound)
        return bound(relay, here.settings.relay, AUDIO).sound if relay else form.sound
    if form.kind != "text":
        return here.library.get(form.sound).id
    said = here.library.speak(
        spoken(form),
        title=form.title,
        voice=choose(here.settings.sound.voice, here.home.voices),
        longest_s=here.settings.rules.longest_broadcast_min * 60,
        speed=here.settings.sound.speed,
        meanings=form.meanings,
        written=form.text.strip(),
    )
    if said.notice is not None:
        form.notices.append(said.notice)
    return said.asset.id


def lately() -> list[Asset]:
    """Return what came into the library lately, latest first."""
    return station().library.all()[:_LATELY]


def yesterday() -> list[Asset]:
    """Return what sounded yesterday, in its order: for letting it sound once more."""
    here = station()
    today, _ = bounds(here.settings.station.zone, here.clock.now())
    rows = broadcasts.between(here.log_book, today - 86400, today)
    sounds = dict.fromkeys(str(row["sound"]) for row in rows if row["state"] == "completed" and row["sound"])
    known = {one.id: one for one in here.library.all()}
    return [known[sound] for sound in sounds if sound in known]


def about(sound: str) -> Asset | None:
    """Return what is known of a sound that may be gone."""
    try:
        return station().library.get(sound)
    except SoundError:
        return None


def name_of(sound: str) -> str:
    """Return what an asset was called when it came, ``""`` when it is gone."""
    known = about(sound)
    return (known.title or known.source_name) if known else relayed(sound)


def relayed(sound: str) -> str:
    """Return what a relay is called, ``""`` when it is none."""
    if (asked := Relay.of(sound)) is None:
        return ""
    return next((one.title for one in station().settings.relay if one.name == asked.name), asked.name)


def _ingest(file: FileStorage) -> Asset:
    """The upload lies on disk already, in a file without a name of its own: the decoder is given that."""
    here = station()
    upload = cast("tempfile._TemporaryFileWrapper[bytes]", file.stream)
    upload.flush()
    title = Path(file.filename or "").stem[:100]
    return here.library.ingest(Path(upload.name), title=title, longest_s=here.settings.rules.longest_broadcast_min * 60)
