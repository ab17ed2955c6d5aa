"""Approvals: what waits, heard and read by the one who approves it; emergencies, countersigned afterwards."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import BroadcasterError, RefusedError, UsageError
from broadcaster.model.approval import Standing, fingerprint
from broadcaster.model.schedule import Schedule
from broadcaster.storage import approvals, countersigning, deciding, schedules
from broadcaster.words import Sentence
from web.asked import page_number
from web.compositions import contents
from web.programme import unless_it_sounds
from web.relays import is_as_it_was, relay_of
from web.sounds import about, name_of, relayed
from web.speech import tell
from web.station import station

pages = Blueprint("approvals", __name__)
PAGE = 20
_CHANGED = Sentence("It has been changed or deleted meanwhile: look at it again.")


@pages.get("/approvals")
def page() -> str:
    """Show what waits for approval, what was returned, and which emergencies want a second name."""
    here, number, undecided = station(), page_number(), station().planned.undecided()
    returned = [pair for pair in undecided if pair[1].standing is Standing.RETURNED]
    waiting = [pair for pair in undecided if pair[1].standing is not Standing.RETURNED]
    waiting.sort(key=lambda pair: not pair[0].at_once)  # what is to sound at once waits for nothing else
    part = slice(number * PAGE, (number + 1) * PAGE)
    return render_template(
        "approvals/page.html",
        waiting=[_shown(*pair) for pair in waiting[part]],
        returned=[_shown(*pair) for pair in returned[part]],
        counts=(len(waiting), len(returned)),
        number=number,
        more=max(len(waiting), len(returned)) > (number + 1) * PAGE,
        emergencies=countersigning.waiting(here.log_book),
        rule=approvals.rule(here.log_book, here.key),
        names=here.names(),
    )


@pages.post("/approvals/<schedule_id>/approve")
def approve(schedule_id: str) -> Response:
    """Approve the version that was on the page, and no other."""
    here, seen = station(), _seen(schedule_id)
    if approvals.states(here.log_book, [seen], here.key)[seen.id].standing is not Standing.APPROVED:
        told = request.form.get("heard", "")
        deciding.approve(here.log_book, seen, g.user, here.ground, heard=told == "yes" if told else None)
    elif not seen.at_once:
        raise RefusedError(Sentence("It is approved already."))
    here.tell_changed()
    if seen.at_once:
        try:
            sound_now(seen)
        except BroadcasterError as error:
            tell(
                Sentence("Approved, but “{title}” does not sound: {why}", title=seen.title, why=error.sentence),
                trouble=True,
            )
            return redirect(url_for(".page"))
        finally:
            here.tell_changed()
    back = "" if seen.at_once or seen.moves else url_for(".take_back", schedule_id=seen.id)
    tell(Sentence("Approved: “{title}”.", title=seen.title), undo=back)
    return redirect(url_for(".page"))


@pages.post("/approvals/<schedule_id>/take-back")
def take_back(schedule_id: str) -> Response:
    """Take back that it was approved: it waits again."""
    here, known = station(), _mine(schedules.get(station().log_book, schedule_id))
    if approvals.states(here.log_book, [known], here.key)[known.id].standing is not Standing.APPROVED:
        raise RefusedError(_CHANGED)
    schedules.take_approval_back(here.log_book, known, g.user, here.ground)
    here.tell_changed()
    said = Sentence("“{title}” waits for approval again, and does not sound until then.", title=known.title)
    if known.recurrence.next(here.clock.now(), here.settings.station.zone) is None:
        said = Sentence("“{title}” is not approved any more; it has nothing more to sound.", title=known.title)
    tell(unless_it_sounds(known, said))
    return redirect(url_for(".page"))


@pages.post("/approvals/<schedule_id>/return")
def give_back(schedule_id: str) -> Response:
    """Return it to its author with a note."""
    here, seen, note = station(), _seen(schedule_id), request.form.get("note", "").strip()[:500]
    if not note:
        raise UsageError(Sentence("Say in a few words what is to be changed: go back, and write it into the field."))
    deciding.give_back(here.log_book, seen, g.user, note, here.ground)
    here.tell_changed()
    tell(Sentence("Returned: “{title}”.", title=seen.title))
    return redirect(url_for(".page"))


@pages.post("/approvals/emergency/<broadcast_id>")
def countersign(broadcast_id: str) -> Response:
    """Put a second name under an emergency that sounded."""
    here, note = station(), request.form.get("note", "").strip()[:500]
    countersigning.sign(here.log_book, broadcast_id, g.user, note, here.ground)
    tell(Sentence("Countersigned."))
    return redirect(url_for(".page"))


@pages.get("/approvals/rule")
def rule() -> str:
    """Show how the commune approves, for changing it."""
    return render_template(
        "approvals/rule.html", rule=approvals.rule(station().log_book, station().key), trouble=None, typed=""
    )


@pages.post("/approvals/rule")
def decide_rule() -> Response | tuple[str, int]:
    """Write down what the commune has decided."""
    here, decision = station(), request.form.get("decision", "").strip()[:300]
    persons = {"1": 1, "2": 2}.get(request.form.get("persons", ""))
    if persons is None or not decision:
        trouble = Sentence("Choose one or two persons, and give the number and date of the decision.")
        known = approvals.rule(here.log_book, here.key)
        return render_template("approvals/rule.html", rule=known, trouble=trouble, typed=decision), 422
    approvals.decide_rule(here.log_book, persons, decision, g.user.name, here.clock.now(), here.key)
    tell(Sentence("Saved."))
    return redirect(url_for(".page"))


def by_oneself(user: Any) -> bool:
    """Return whether what this user saves is approved with it. Raises ``StorageError``."""
    return user.may("approve") and approvals.rule(station().log_book, station().key).persons == 1


def sound_now(schedule: Schedule) -> None:
    """Hand over what was to sound as soon as it was approved; only once, whoever presses at the same time.

    Raises as the controller refuses: then it stays, approved, and can be handed over later.
    """
    here, names = station(), station().names()
    if schedule.paused:
        raise RefusedError(Sentence("It is paused: press “Resume” in the programme first."))
    approved = approvals.states(here.log_book, [schedule], here.key)[schedule.id]
    schedules.remove(here.log_book, schedule.id, schedule.revision, g.user, here.ground, handed_over=True)
    about = {"title": schedule.title, "priority": schedule.priority.word, "origin": "page", "asked": schedule.id}
    people = {"by": names.get(schedule.author, ""), "approved_by": approved.by}
    try:
        here.daemon.ask("announce", sound=schedule.sound, **about, **people, **schedule.target.as_request())
    except BroadcasterError:
        schedules.restore(here.log_book, schedule.id, g.user, here.ground)
        raise


def _seen(schedule_id: str) -> Schedule:
    here = station()
    known = schedules.get(here.log_book, schedule_id)
    if known is None or fingerprint(known) != request.form.get("fingerprint"):
        raise RefusedError(_CHANGED)
    return _mine(known)


def _mine(known: Schedule | None) -> Schedule:
    here = station()
    if known is None:
        raise RefusedError(_CHANGED)
    try:
        clusters = known.target.within(here.settings.network)
    except BroadcasterError:
        clusters = frozenset()
    if not g.user.may_use(clusters, here.settings.network):
        raise RefusedError(Sentence("Some of these clusters are not yours to decide about."))
    return known


def _shown(schedule: Schedule, state: approvals.State) -> dict[str, Any]:
    known, several = about(schedule.sound), contents(schedule.sound)
    said = several.sounds if several else [known] if schedule.text and known else []
    return {
        "schedule": schedule,
        "state": state,
        "fingerprint": fingerprint(schedule),
        "sound_name": name_of(schedule.sound),
        "several": several,
        "spoken": known.spoken if schedule.text and known else "",
        "voice": next((one.notes for one in said if one.notes), ""),
        "waveform": known.waveform if known else [],
        "relayed": relayed(schedule.sound),
        "relay": relay_of(schedule.sound) if is_as_it_was(schedule.sound) else None,
        "mine": schedule.author == g.user.id,
    }
