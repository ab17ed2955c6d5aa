"""How pages speak: Vietnamese unless English was chosen; sentences, times, lengths and places in words."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from flask import Flask, flash, g, get_flashed_messages, request
from flask_wtf.csrf import generate_csrf
from jinja2 import pass_context
from jinja2.runtime import Context

from broadcaster.model.approval import APPROVAL_BY
from broadcaster.model.naming import OUTCOMES, VERDICTS, outcome
from broadcaster.model.roles import Right
from broadcaster.words import LANGUAGES, Sentence
from web import wording
from web.items import ITEM_CLASSES, ITEM_LANGUAGES
from web.station import station


def install(app: Flask) -> None:
    """Give templates their words."""
    app.context_processor(_common)
    app.jinja_env.globals["_"] = _say
    app.jinja_env.globals["csrf_token"] = generate_csrf
    for name, filter_ in (("say", _filter), ("at", _at), ("day", _day), ("clock", _clock)):
        app.jinja_env.filters[name] = filter_
    app.jinja_env.globals.update(
        words=wording,
        outcomes=OUTCOMES,
        outcome=outcome,
        verdicts=VERDICTS,
        approval_by=APPROVAL_BY,
        item_classes=ITEM_CLASSES,
        item_languages=ITEM_LANGUAGES,
    )


def chosen() -> str:
    """Return the language of this browser."""
    asked = request.cookies.get("language", "vi")
    return asked if asked in LANGUAGES else "vi"


def tell(sentence: Sentence, *, undo: str = "", trouble: bool = False) -> None:
    """Have the next page say this; ``undo`` is the address that takes it back, ``trouble``: it is no success."""
    flash(json.dumps({"said": sentence.as_json(), "undo": undo, "trouble": trouble}))


def _common() -> dict[str, Any]:
    settings = station().settings
    return {
        "language": chosen(),
        "settings": settings,
        "user": g.get("user"),
        "may": lambda right: g.get("user") is not None and not g.user.must_change and g.user.may(Right(right)),
        "told": [json.loads(str(one)) for one in get_flashed_messages()],
        "to_decide": lambda: station().board.to_decide(g.user),
        "alarm": lambda: station().board.alarm(chosen()),
        "here": request.full_path.rstrip("?") if request.method == "GET" else "/",
    }


@pass_context
def _say(context: Context, text: str, /, **values: object) -> str:
    return Sentence(text, **values).to(context["language"])


@pass_context
def _filter(context: Context, sentence: Sentence | dict[str, Any]) -> str:
    if isinstance(sentence, dict):
        sentence = Sentence.from_json(sentence)
    return sentence.to(context["language"])


@pass_context
def _at(context: Context, moment: float) -> str:
    return f"{_local(context, moment):%H:%M %d/%m/%Y}"


@pass_context
def _day(context: Context, moment: float) -> str:
    return f"{_local(context, moment):%d/%m/%Y}"


@pass_context
def _clock(context: Context, moment: float) -> str:
    return f"{_local(context, moment):%H:%M}"


def _local(context: Context, moment: float) -> datetime:
    return datetime.fromtimestamp(moment, context["settings"].station.zone)
