"""What a relay comes from, for whoever decides about it; its file in reserve can be heard."""

from __future__ import annotations

from flask import Blueprint, abort, send_file
from werkzeug.wrappers import Response

from broadcaster.config.relays import RelaySettings, bound
from broadcaster.config.settings import AUDIO
from broadcaster.model.relay import Relay
from web.station import station

pages = Blueprint("relays", __name__)


def relay_of(sound: str) -> RelaySettings | None:
    """Return what the configuration says of a relay; ``None`` when it is none, or gone."""
    relay = Relay.of(sound)
    return next((one for one in station().settings.relay if relay and one.name == relay.name), None)


def is_as_it_was(sound: str) -> bool:
    """Whether a relay still comes from where it came from when it was saved."""
    relay = Relay.of(sound)
    return relay is not None and bound(relay, station().settings.relay, AUDIO) == relay


@pages.get("/relays/<name>/reserve")
def reserve(name: str) -> Response:
    """Play the file that sounds when nothing comes."""
    found = next((one.fallback for one in station().settings.relay if one.name == name), "")
    if not found:
        abort(404)
    return send_file(AUDIO / found, conditional=True)
