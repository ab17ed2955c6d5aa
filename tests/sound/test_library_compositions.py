"""Bulletins of several items, as the library keeps them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from broadcaster.errors import SoundError
from broadcaster.model.pcm import RATE
from broadcaster.sound.composition import Recipe
from broadcaster.sound.library import Library
from broadcaster.sound.mix import length
from tests.sound.media import BULLETIN, encoded
from tests.sound.sounds import noise, write


@pytest.fixture
def library(tmp_path: Path) -> Library:
    (tmp_path / "library").mkdir()
    return Library(tmp_path / "library")


@pytest.fixture
def sounds(library: Library, tmp_path: Path) -> tuple[str, str]:
    first = library.ingest(BULLETIN, title="Họp thôn", longest_s=60)
    return first.id, library.ingest(encoded(tmp_path / "tone.wav"), title="Nhạc", longest_s=60).id


def test_its_parts_lie_in_their_order_and_its_length_is_known(library: Library, sounds: tuple[str, str]) -> None:
    one, two = sounds
    made = library.compose(Recipe((two, 1.5, one), repeats=2, gap_s=10), title="Bản tin", longest_s=600)
    first, second = library.path(one), library.path(two)
    assert library.parts(made.id) == (second, RATE * 3 // 2, first, 10 * RATE, second, RATE * 3 // 2, first)
    assert made.duration_s == length(library.parts(made.id)) / RATE
    assert Library(first.parent).get(made.id) == made == library.all()[0]
    assert library.compose(Recipe((two, 1.5, one), repeats=2, gap_s=10), title="anders", longest_s=600) == made
    assert library.whole(made.id) == made.id


def test_what_lasts_too_long_is_not_kept(library: Library, sounds: tuple[str, str]) -> None:
    with pytest.raises(SoundError, match="longer than is allowed"):
        library.compose(Recipe(sounds, repeats=10, gap_s=600), title="x", longest_s=3600)
    assert len(library.all()) == 2


def test_a_part_that_was_changed_is_not_whole(library: Library, sounds: tuple[str, str]) -> None:
    made = library.compose(Recipe(sounds), title="x", longest_s=600)
    write(library.path(sounds[1]), noise(RATE))
    with pytest.raises(SoundError, match="changed after it was approved"):
        library.whole(made.id)


@pytest.mark.parametrize("change", [{"repeats": 2}, {"gap_s": 3.0}, {"items": []}, {"items": ["reversed"]}])
def test_a_recipe_that_was_changed_is_not_whole(
    change: dict[str, object], library: Library, sounds: tuple[str, str], tmp_path: Path
) -> None:
    made = library.compose(Recipe(sounds), title="x", longest_s=600)
    kept = tmp_path / "library" / f"{made.id}.json"
    told = json.loads(kept.read_text())
    told["recipe"] |= {"items": list(reversed(sounds))} if change.get("items") else change
    kept.write_text(json.dumps(told))
    with pytest.raises(SoundError, match="changed after it was approved"):
        library.whole(made.id)


def test_a_sound_that_poses_as_a_composition_is_not_whole(
    library: Library, sounds: tuple[str, str], tmp_path: Path
) -> None:
    """Who may write into the library cannot have an approved sound replaced by others."""
    kept = tmp_path / "library" / f"{sounds[0]}.json"
    recipe = {"items": [sounds[1]], "repeats": 1, "gap_s": 0}
    kept.write_text(json.dumps({**json.loads(kept.read_text()), "recipe": recipe}))
    with pytest.raises(SoundError, match="changed after it was approved"):
        library.whole(sounds[0])


def test_a_sound_that_a_composition_needs_stays(library: Library, sounds: tuple[str, str]) -> None:
    made = library.compose(Recipe(sounds), title="Bản tin sáng", longest_s=600)
    with pytest.raises(SoundError, match=r"“Bản tin sáng” is made of this sound"):
        library.discard(sounds[0])
    assert library.path(sounds[0]).exists()
    library.discard(made.id)
    library.discard(sounds[0])
    assert [one.id for one in library.all()] == [sounds[1]]


@pytest.mark.parametrize("recipe", [[], {"items": 3, "repeats": 1, "gap_s": 0}, {"items": ["x"]}, "x"])
def test_a_spoilt_recipe_is_no_sound(recipe: object, library: Library, sounds: tuple[str, str], tmp_path: Path) -> None:
    made = library.compose(Recipe(sounds), title="x", longest_s=600)
    kept = tmp_path / "library" / f"{made.id}.json"
    kept.write_text(json.dumps({**json.loads(kept.read_text()), "recipe": recipe or [1]}))
    with pytest.raises(SoundError, match="no such sound"):
        library.parts(made.id)
