"""The form of a bulletin: what was typed, kept as it was typed, and what it comes to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from broadcaster.config.settings import Settings
from broadcaster.errors import UsageError
from broadcaster.model.recurrence import EVERY_DAY, Recurrence
from broadcaster.model.relay import Relay
from broadcaster.model.schedule import Schedule, Target
from broadcaster.sound.library import Asset
from broadcaster.words import Sentence
from web.form_items import Items
from web.items import ITEM_CLASSES, ITEM_LANGUAGES

NOW, ONCE, REPEATING = "now", "once", "repeating"
LONGEST_TITLE = 120
_MOST_DOUBTS = 200
_LATEST_MIN = 24 * 60

Typed = Mapping[str, list[str]]


@dataclass
class BulletinForm:
    """The fields as strings, for showing them again; ``troubles`` by field."""

    title: str = ""
    kind: str = "file"
    text: str = ""
    sound: str = ""
    sound_name: str = ""
    library: str = ""
    relay: str = ""
    relay_minutes: str = ""
    clusters: list[int] = field(default_factory=list)
    group: str = ""
    when: str = ONCE
    day: str = ""
    at: str = ""
    first: str = ""
    last: str = ""
    weekdays: list[int] = field(default_factory=lambda: sorted(EVERY_DAY))
    priority: str = "routine"
    late_after: str = "10"
    item_class: str = "own"
    requester: str = ""
    language: str = "vi"
    items: Items = field(default_factory=Items)
    revision: str = ""
    overlap_seen: str = ""
    meanings: dict[str, str] = field(default_factory=dict)
    """What a person said that words of the text mean, or how they are read."""
    remembered: frozenset[str] = frozenset()
    """Those of them that shall be read so from now on."""
    troubles: dict[str, Sentence] = field(default_factory=dict)
    notices: list[Sentence] = field(default_factory=list)
    """What is to be known of the sound that was made of it."""

    @classmethod
    def blank(cls, settings: Settings, now: float) -> BulletinForm:
        """Return the form as it is first shown."""
        today = datetime.fromtimestamp(now, settings.station.zone).date().isoformat()
        return cls(day=today, first=today, late_after=f"{settings.rules.late_after_min:g}")

    @classmethod
    def typed(cls, typed: Typed) -> BulletinForm:
        """Return what a browser sent."""

        def one(name: str) -> str:
            return (typed.get(name) or [""])[0]

        plain = ("title", "kind", "text", "sound", "sound_name", "library", "when", "day", "at", "first", "last")
        more = ("priority", "late_after", "revision", "overlap_seen", "requester", "relay", "relay_minutes")
        values: dict[str, Any] = {name: one(name) for name in (*plain, *more)}
        values |= {"item_class": one("item_class") or "own", "language": one("language") or "vi"}
        if values["kind"] == "library":
            values["sound"] = values["library"]
        elif values["kind"] == "relay":
            values["sound"] = f"relay:{values['relay']}:{values['relay_minutes'].strip()}"
        values["text"] = values["text"].replace("\r\n", "\n")
        values["meanings"], values["remembered"] = _meanings(typed)
        values["items"] = Items.typed(typed)
        return cls(**values, clusters=_numbers(typed, "clusters"), weekdays=_numbers(typed, "weekdays"))

    @classmethod
    def of(cls, schedule: Schedule, settings: Settings, asset: Asset | None) -> BulletinForm:
        """Return the form that would have made this schedule; ``asset`` is its sound, if that is still there."""
        rule, target, relayed = schedule.recurrence, schedule.target, Relay.of(schedule.sound)
        try:
            clusters = sorted(target.within(settings.network))
        except UsageError:  # the configuration has changed since
            clusters = list(target.clusters)
        return cls(
            title=schedule.title,
            kind="text" if schedule.text else "relay" if relayed else "library",
            library="" if schedule.text or relayed else schedule.sound,
            relay=relayed.name if relayed else "",
            relay_minutes=str(relayed.minutes) if relayed else "",
            text=schedule.text,
            sound="" if schedule.text else schedule.sound,
            sound_name=(asset.title or asset.source_name) if asset else "",
            clusters=clusters,
            when=ONCE if rule.is_once else REPEATING,
            day=rule.first.isoformat(),
            at=f"{rule.at:%H:%M}",
            first=rule.first.isoformat(),
            last=rule.last.isoformat() if rule.last else "",
            weekdays=sorted(rule.weekdays),
            priority=schedule.priority.word,
            late_after=f"{schedule.late_after / 60:g}",
            item_class=schedule.item_class,
            requester=schedule.requester,
            language=schedule.language,
            revision=str(schedule.revision),
            meanings=dict(asset.meanings) if asset else {},
        )

    def check(self, settings: Settings, now: float) -> None:
        """Note what is missing or wrong by itself."""
        if not self.title.strip():
            self.troubles["title"] = Sentence("Give the bulletin a name, such as: Vaccination.")
        elif len(self.title) > LONGEST_TITLE:
            self.troubles["title"] = Sentence("The name is too long: at most {count} letters.", count=LONGEST_TITLE)
        if self.kind == "relay":
            self._check_relay(settings)
        elif self.has_content or not self.items.those:
            self.check_sound()
        if (trouble := self.items.trouble()) is not None:
            self.troubles["repeats"] = trouble
        if not self.clusters:
            self.troubles["clusters"] = Sentence("Choose where it shall sound: tick at least one cluster.")
        if self.priority not in ("routine", "priority"):
            self.troubles["priority"] = Sentence("Choose how urgent it is.")
        if self.item_class not in ITEM_CLASSES or self.language not in ITEM_LANGUAGES:
            self.troubles["item_class"] = Sentence("Choose one of the list.")
        elif self.item_class == "outside" and not self.requester.strip():
            self.troubles["requester"] = Sentence("Give who asked for it: name, office, telephone.")
        elif len(self.requester) > LONGEST_TITLE:
            self.troubles["requester"] = Sentence("That is too long: at most {count} letters.", count=LONGEST_TITLE)
        self._check_when(settings, now)

    @property
    def has_content(self) -> bool:
        """Whether something is typed or chosen just now, besides the items that stand already."""
        return bool(self.text.strip()) if self.kind == "text" else bool(self.sound)

    def check_sound(self) -> None:
        """Note what is missing of what shall be said."""
        if self.kind == "text" and not self.text.strip():
            self.troubles["text"] = Sentence("Type what shall be said.")
        elif self.kind == "text" and "…" in self.text:
            self.troubles["text"] = Sentence("There is still a … to be filled in: write what belongs there.")
        if self.kind != "text" and not self.sound:
            speak = Sentence("Record the bulletin: press “Begin recording”, speak, then “Finish recording”.")
            self.troubles["file"] = speak if self.kind == "record" else Sentence("Choose a sound file.")

    def _check_relay(self, settings: Settings) -> None:
        asked, longest = Relay.of(self.sound), settings.rules.longest_broadcast_min
        if asked is None or asked.minutes > longest:
            self.troubles["relay_minutes"] = Sentence("Give a number of minutes, at most {most}.", most=round(longest))
        elif asked.name not in {one.name for one in settings.relay}:
            self.troubles["relay"] = Sentence("Choose one of the list.")
        if self.items.those or self.items.repeats != "1":
            self.troubles["relay"] = Sentence("A relay stands alone: leave out the other items, and let it sound once.")

    def _check_when(self, settings: Settings, now: float) -> None:
        if self.when == NOW:
            return
        self._parsed("at", time.fromisoformat, Sentence("Give the time, such as 17:00."))
        minutes = self._parsed("late_after", float, Sentence("Give a number of minutes."))
        if minutes is not None and not 0 <= minutes <= _LATEST_MIN:
            self.troubles["late_after"] = Sentence("Give a number of minutes.")
        today = datetime.fromtimestamp(now, settings.station.zone).date()
        if self.when == ONCE:
            day = self._parsed("day", date.fromisoformat, Sentence("Give the day."))
            if day is not None and day < today:
                self.troubles["day"] = Sentence("That day has passed already: give a later one.")
            return
        first = self._parsed("first", date.fromisoformat, Sentence("Give the first day."))
        last = self._parsed("last", date.fromisoformat, Sentence("Give the last day, or leave it empty."), empty=True)
        if first is not None and last is not None and last < first:
            self.troubles["last"] = Sentence("The last day comes before the first: give a later one.")
        elif last is not None and last < today:
            self.troubles["last"] = Sentence("That day has passed already: give a later one.")
        if not self.weekdays:
            self.troubles["weekdays"] = Sentence("Tick at least one day of the week.")

    def _parsed(self, name: str, parse: Callable[[str], Any], trouble: Sentence, *, empty: bool = False) -> Any:
        text = str(getattr(self, name)).strip()
        if empty and not text:
            return None
        try:
            return parse(text)
        except ValueError:
            self.troubles[name] = trouble
            return None

    @property
    def late_after_s(self) -> float:
        """The lateness in seconds, once :meth:`check` has found nothing."""
        return 600.0 if self.when == NOW else float(self.late_after) * 60

    def recurrence(self, now: datetime) -> Recurrence:
        """Return the rule, once :meth:`check` has found nothing; ``now`` is the station's local time."""
        if self.when == NOW:
            return Recurrence.once(now.time().replace(second=0, microsecond=0), now.date())
        at = time.fromisoformat(self.at.strip())
        if self.when == ONCE:
            return Recurrence.once(at, date.fromisoformat(self.day.strip()))
        last = date.fromisoformat(self.last.strip()) if self.last.strip() else None
        return Recurrence(at, date.fromisoformat(self.first.strip()), last, frozenset(self.weekdays))

    def target(self, settings: Settings) -> Target:
        """Where: when all are ticked, "all" is meant, also of clusters that are added later."""
        if frozenset(self.clusters) == settings.network.numbers:
            return Target(everyone=True)
        return Target(clusters=tuple(sorted(self.clusters)))


def _meanings(typed: Typed) -> tuple[dict[str, str], frozenset[str]]:
    """Return what was chosen or typed for each doubtful word, and which of them shall be remembered."""
    meanings, remembered = {}, set()
    for number in range(_MOST_DOUBTS):
        written = (typed.get(f"written-{number}") or [""])[0].replace("\r\n", "\n")
        if not written:
            break
        words = " ".join((typed.get(f"own-{number}") or [""])[0].split())
        chosen = typed.get(f"meaning-{number}")
        if not words and not chosen:
            continue
        if len(words) > LONGEST_TITLE:
            continue
        words = words or str(chosen[0] if chosen else "")
        meanings[written] = words
        if typed.get(f"remember-{number}") and words:
            remembered.add(written)
    return meanings, frozenset(remembered)


def _numbers(typed: Typed, name: str) -> list[int]:
    return sorted({int(one) for one in typed.get(name, []) if one.isdecimal() and len(one) < 4})
