"""New bulletin, and changing one: what, where, when; then what will come of it, and only then it is saved."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import replace

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from broadcaster.errors import BroadcasterError, ControlError, RefusedError, SoundError, StorageError
from broadcaster.model.approval import Standing
from broadcaster.model.priority import Priority
from broadcaster.model.schedule import Schedule
from broadcaster.storage import drafts, schedules
from broadcaster.storage.approvals import State
from broadcaster.words import Sentence
from web import glossary, signing
from web.approvals import by_oneself
from web.compositions import asset_of, contents, listed, rearranged, unfolded
from web.drafts import keep_typed, kept
from web.form import NOW, BulletinForm
from web.overlap import overlap
from web.patterns import PATTERNS
from web.programme import known_of, revision_of
from web.reading import reading
from web.saving import Outcome, check_schedule, submit
from web.sounds import about, known_sound, lately, typed, yesterday
from web.speech import tell
from web.station import station
from web.summary import Summary, summary
from web.wording import clusters, rule

pages = Blueprint("bulletin", __name__)
_DELETED = Sentence("Somebody else has deleted this bulletin meanwhile: nothing was saved.")
_OF_ITEMS = frozenset(["more", "up", "down", "change", "drop"])
"""What the buttons of the list of items ask for."""
Answer = str | AnyResponse | tuple[str, int]


@pages.get("/bulletin")
def new() -> str:
    """Show an empty form, a draft, what was typed when the sign-in ran out, or a sound or a pattern that was chosen."""
    here, typed_before = station(), signing.take_kept()
    if typed_before:
        return _show(BulletinForm.typed(typed_before))
    draft = kept(drafts.NEW)
    form = draft[0] if draft else BulletinForm.blank(here.settings, here.clock.now())
    pattern = next((one for one in PATTERNS if one.key == request.args.get("pattern")), None)
    if pattern is not None:
        form = replace(form, kind="text", title=pattern.title, text=pattern.text)
    if sound := request.args.get("sound", ""):
        known = known_sound(sound)
        form = replace(form, kind="library", library=known.id, sound=known.id, title=form.title or known.title)
    return _show(
        form, drafted=draft[1] if draft and (form.title or form.text or form.sound or form.items.those) else None
    )


@pages.post("/bulletin")
def save() -> Answer:
    """Save, or only make the sound ready for listening, or say what will come of it; nothing is half saved."""
    return _take(typed(), None)


@pages.get("/programme/<schedule_id>")
def edit(schedule_id: str) -> str:
    """Show a schedule for changing it."""
    here, typed_before = station(), signing.take_kept()
    known = known_of(schedule_id)
    draft = kept(known.id)
    asset = about(known.sound)
    form = BulletinForm.of(known, here.settings, asset)
    if asset is not None and asset.recipe is not None:
        form = unfolded(form, asset.recipe)
    if typed_before or (draft and draft[0].revision == form.revision):
        form = BulletinForm.typed(typed_before) if typed_before else draft[0]  # type: ignore[index]
    return _show(form, known)


@pages.post("/programme/<schedule_id>")
def change(schedule_id: str) -> Answer:
    """Change a schedule, unless somebody else has meanwhile."""
    known, form = schedules.get(station().log_book, schedule_id), typed()
    if known is None:
        form.troubles["all"] = _DELETED
        return _show(form), 409
    known_of(schedule_id)
    return _take(form, known)


def _take(form: BulletinForm, known: Schedule | None) -> Answer:
    here, do = station(), request.form.get("do")
    with suppress(StorageError):  # it is told below, with the form as it was typed
        keep_typed(known.id if known else drafts.NEW)
    if do is not None and do.partition("-")[0] in _OF_ITEMS:
        return _rearrange(form, known, do)
    if do == "listen" or form.troubles:
        return _listen(form, known)
    form.check(here.settings, here.clock.now())
    if form.troubles:
        return _show(form, known), 422
    try:
        return _keep(form, known, only_say=do == "check")
    except (ControlError, StorageError) as error:
        form.troubles["all"] = error.sentence
        return _show(form, known), 503
    except SoundError as error:
        form.troubles["text" if form.kind == "text" else "file"] = error.sentence
    except BroadcasterError as error:
        form.troubles["when"] = error.sentence
    return _show(form, known), 422


def _rearrange(form: BulletinForm, known: Schedule | None, do: str) -> Answer:
    """What stands already changes; nothing is saved but the draft."""
    typed_before = form
    try:
        form = form if form.troubles else rearranged(form, do)
    except SoundError as error:
        form.troubles["text" if form.kind == "text" else "file"] = error.sentence
    if form.troubles:
        return _show(form, known), 422
    if form.text != typed_before.text:
        _remember(typed_before)
    fields = ("kind", "text", "sound", "sound_name", "library")
    changed = form.items.as_typed() | {name: [str(getattr(form, name))] for name in fields}
    with suppress(StorageError):  # the page holds it all the same
        keep_typed(known.id if known else drafts.NEW, changed)
    return _show(form, known, moved=True)


def _listen(form: BulletinForm, known: Schedule | None = None) -> str | tuple[str, int]:
    try:
        heard = "" if form.troubles else asset_of(form)
    except SoundError as error:
        form.troubles["text" if form.kind == "text" else "file"] = error.sentence
        heard = ""
    shown = _show(form, known, heard=heard)
    return (shown, 422) if form.troubles else shown


def _keep(form: BulletinForm, known: Schedule | None, *, only_say: bool) -> Answer:
    made, asked_at = check_schedule(_schedule(form, known))
    found = None if made.at_once else overlap(made)
    if found is not None and form.overlap_seen != found.key:
        form.troubles["overlap"] = found.sentence
        form.overlap_seen = found.key
        return _show(form, known, told=summary(made) if only_say else None), 409
    if only_say:
        return _show(form, known, heard=made.sound, told=summary(made))
    outcome = submit(made, known, asked_at)
    drafts.discard(station().log_book, g.user.id, known.id if known else drafts.NEW)
    _remember(form)
    said = _told(made, outcome)
    for notice in form.notices:
        said = Sentence("{said} {more}", said=said, more=notice)
    tell(said)
    if outcome is Outcome.NOT_HANDED_OVER:
        return redirect(url_for("approvals.page"))
    return redirect(url_for("today.page" if made.at_once and outcome is Outcome.APPROVED else "programme.page"))


def _remember(form: BulletinForm) -> None:
    """Keep readings for the next time; the bulletin is saved already, whatever comes of it."""
    try:
        glossary.keep({written: form.meanings[written] for written in form.remembered})
    except StorageError as error:
        tell(error.sentence)


def _told(made: Schedule, outcome: Outcome) -> Sentence:
    where = clusters(made.target.within(station().settings.network), station().settings)
    told = {"title": made.title, "when": rule(made.recurrence), "where": where}
    if outcome is Outcome.NOT_HANDED_OVER:
        return Sentence(
            "Saved. The controller did not say whether “{title}” sounds: look at Today, or let it sound here.", **told
        )
    if made.at_once and outcome is Outcome.APPROVED:
        return Sentence("“{title}” sounds as soon as the air is free.", title=made.title)
    if made.at_once:
        return Sentence("Saved. “{title}” sounds as soon as somebody approves it, in {where}.", **told)
    if outcome is Outcome.APPROVED:
        return Sentence("Saved. “{title}” sounds {when}, in {where}.", **told)
    return Sentence("Saved. “{title}” waits for approval; then it sounds {when}, in {where}.", **told)


def _schedule(form: BulletinForm, known: Schedule | None) -> Schedule:
    """Return the schedule that was asked for, not yet measured. Raises ``SoundError``."""
    here = station()
    if known is not None and form.when == NOW:
        raise RefusedError(Sentence("A bulletin of the programme keeps its time: make a new one for now."))
    sound = asset_of(form)
    several = contents(sound)
    return Schedule(
        id=known.id if known else f"s{secrets.token_hex(6)}",
        title=form.title.strip(),
        sound=sound,
        target=form.target(here.settings),
        recurrence=form.recurrence(here.local(here.clock.now())),
        priority=Priority.of(form.priority),
        text=several.words if several else form.text.strip() if form.kind == "text" else "",
        late_after=form.late_after_s,
        paused=known.paused if known else False,
        revision=revision_of(form.revision) if known else 0,
        at_once=form.when == NOW,
        moves=known.moves if known else None,
        item_class=form.item_class,
        requester=form.requester.strip(),
        language=form.language,
    )


def _returned(known: Schedule | None) -> State | None:
    """Return who has returned it, with which note, if somebody has."""
    state = station().planned.plan().states.get(known.id) if known else None
    return state if state is not None and state.standing is Standing.RETURNED else None


def _show(
    form: BulletinForm,
    known: Schedule | None = None,
    *,
    heard: str = "",
    told: Summary | None = None,
    drafted: float | None = None,
    moved: bool = False,
) -> str:
    network = station().settings.network
    return render_template(
        "bulletin/form.html",
        form=form,
        known=known,
        heard=heard or form.sound,
        asked=bool(heard) and told is None,
        summary=told,
        drafted=drafted,
        items=listed(form),
        moved=moved,
        mine=[one for one in station().settings.cluster if g.user.may_use([one.number], network)],
        lately=lately(),
        yesterday=yesterday(),
        places={one.number: one.position for one in station().settings.cluster if one.position},
        patterns=PATTERNS,
        reading=reading(form),
        by_oneself=by_oneself(g.user),
        returned=_returned(known),
    )
