"""Bulletins of several items: what is typed becomes one of them, they are moved and taken out, and told in words."""

from __future__ import annotations

from dataclasses import dataclass, replace

from broadcaster.errors import SoundError
from broadcaster.sound.composition import Recipe
from broadcaster.sound.library import SPEECH, Asset
from broadcaster.words import Sentence
from web.form import BulletinForm
from web.form_items import Items, pause_of
from web.sounds import about, sound_of
from web.station import station
from web.wording import length

_NAME = 60


@dataclass(frozen=True)
class Contents:
    """What a bulletin of several items is made of."""

    sounds: list[Asset]
    repeats: int

    @property
    def sentence(self) -> Sentence:
        """Its items in one line."""
        names = " · ".join(name_of(one) for one in self.sounds)
        if self.repeats == 1:
            return Sentence("{text}", text=names)
        return Sentence("{items} – {count} times in a row", items=names, count=self.repeats)

    @property
    def words(self) -> str:
        """All that was typed for it."""
        return "\n\n".join(one.written or one.spoken for one in self.sounds if one.origin == SPEECH)


def contents(sound: str) -> Contents | None:
    """Return the items of a bulletin of several; of any other sound there is nothing to tell."""
    known = about(sound)
    if known is None or known.recipe is None:
        return None
    sounds = [one for one in map(about, known.recipe.sounds) if one is not None]
    return Contents(sounds, known.recipe.repeats)


def name_of(asset: Asset) -> str:
    """Return what people know an item by: a text by its beginning."""
    if asset.origin == SPEECH:
        words = " ".join((asset.written or asset.spoken).split())
        return words if len(words) <= _NAME else f"{words[:_NAME].rstrip()}…"
    return asset.title or asset.source_name


def listed(form: BulletinForm) -> list[tuple[str, str, Sentence]]:
    """Return key, name and length of each item that stands already."""
    found = []
    for key in form.items.those:
        pause, asset = pause_of(key), about(key)
        if pause is not None:
            found.append((key, "…", Sentence("a pause of {seconds} s", seconds=f"{pause:g}")))
        else:
            found.append((key, name_of(asset) if asset else "?", length(asset.duration_s if asset else 0)))
    return found


def asset_of(form: BulletinForm) -> str:
    """Return the asset of all that the form holds; the same content gives the same asset. Raises ``SoundError``."""
    here = station()
    if form.kind == "relay":
        return sound_of(form)
    if (trouble := form.items.trouble()) is not None:
        raise SoundError(trouble)
    made = form.items.recipe(sound_of(form) if form.has_content or not form.items.those else None)
    if not isinstance(made, Recipe):
        return here.library.get(made).id
    longest_s = here.settings.rules.longest_broadcast_min * 60
    return here.library.compose(made, title=form.title.strip(), longest_s=longest_s).id


def rearranged(form: BulletinForm, do: str) -> BulletinForm:
    """Do what a button of the list asks for: ``more``, or ``up-3``, ``down-3``, ``change-3``, ``drop-3``.

    Raises ``SoundError`` when what is typed cannot become an item.
    """
    if do == "more":
        if form.kind == "relay":
            raise SoundError(Sentence("A relay stands alone: leave out the other items, and let it sound once."))
        form.check_sound()
        return form if form.troubles else _put(form)
    what, _, text = do.partition("-")
    number = int(text) if text.isdecimal() else -1
    if not 0 <= number < len(form.items.those):
        return form
    if what in ("up", "down"):
        form.items.move(number, -1 if what == "up" else 1)
    elif what == "drop":
        form.items.take(number)
        form.items.at = None
    elif what == "change":
        return _change(form, number)
    return form


def unfolded(form: BulletinForm, recipe: Recipe) -> BulletinForm:
    """Return the form of a bulletin of several items for changing it."""
    form = replace(_empty(form), items=Items.of(recipe))
    return _change(form, 0) if len(form.items.those) == 1 else form


def _put(form: BulletinForm) -> BulletinForm:
    form.items.put(sound_of(form))
    return _empty(form)


def _change(form: BulletinForm, number: int) -> BulletinForm:
    if form.has_content:
        place = form.items.place
        form = _put(form)
        number += place <= number
    sound = form.items.take(number)
    asset = about(sound)
    if asset is not None and asset.origin == SPEECH:
        words = asset.written or asset.spoken
        return replace(form, kind="text", text=words, meanings={**form.meanings, **asset.meanings})
    return replace(form, kind="library", library=sound, sound=sound, sound_name=name_of(asset) if asset else "")


def _empty(form: BulletinForm) -> BulletinForm:
    """What is chosen from the library would be chosen once more, as a list has always something chosen."""
    kind = "file" if form.kind == "library" else form.kind
    return replace(form, kind=kind, text="", sound="", sound_name="", library="")
