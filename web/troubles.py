"""What a page says when something goes wrong: one sentence, in the user's language, and nothing lost."""

from __future__ import annotations

from flask import Flask, Response, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from broadcaster.errors import BroadcasterError, RefusedError, UsageError
from broadcaster.words import Sentence
from web.speech import chosen

_SENTENCES = {
    400: Sentence("This page is out of date. Go back, load it again, then send it once more: nothing was done."),
    401: Sentence("Your sign-in has ended: sign in again, then try once more. Nothing is lost."),
    403: Sentence("Your role does not allow that. An administrator can give you the right."),
    404: Sentence("There is no such page."),
    405: Sentence("There is no such page."),
    413: Sentence("That is too large: a sound file has at most 500 MB. Go back: what you typed is still there."),
}
_INSIDE = Sentence("Something failed inside the pages. The station itself goes on. Please try again.")


def install(app: Flask) -> None:
    """Answer every kind of error in words."""
    app.register_error_handler(BroadcasterError, _broadcaster_error)
    app.register_error_handler(OSError, _disk_error)
    app.register_error_handler(CSRFError, _http_error)
    app.register_error_handler(HTTPException, _http_error)


def answer(sentence: Sentence, status: int) -> tuple[str, int] | tuple[Response, int]:
    """Return the sentence as a page, or as JSON to a script that asked."""
    if request.headers.get("X-Requested-With") == "fetch" or request.path.startswith("/api/"):
        return jsonify(ok=False, error=sentence.to(chosen())), status
    return render_template("trouble.html", sentence=sentence), status


def _broadcaster_error(error: BroadcasterError) -> tuple[str, int] | tuple[Response, int]:
    status = 409 if isinstance(error, RefusedError) else 422 if error.exit_status == UsageError.exit_status else 503
    return answer(error.sentence, status)


def _disk_error(error: OSError) -> tuple[str, int] | tuple[Response, int]:
    return answer(Sentence("The disk cannot be written: {why}", why=error.strerror or str(error)), 507)


def _http_error(error: HTTPException) -> tuple[str, int] | tuple[Response, int]:
    status = error.code or 500
    return answer(_SENTENCES.get(status, _INSIDE), status)
