from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.errors import SoundError
from broadcaster.sound.composition import MOST_ITEMS, MOST_REPEATS, Recipe

ONE, TWO = "1" * 32, "2" * 32
GOOD = Recipe((ONE, 1.0, TWO), repeats=2, gap_s=5.0)
items = st.lists(st.one_of(st.sampled_from([ONE, TWO]), st.floats(0, 600).filter(bool)), min_size=1, max_size=8)
recipes = st.builds(lambda those, *rest: Recipe(tuple(those), *rest), items, st.integers(1, 10), st.floats(0, 600))


def test_all_of_it_sounds_again_after_the_gap() -> None:
    assert GOOD.rounds == (ONE, 1.0, TWO, 5.0, ONE, 1.0, TWO)
    assert replace(GOOD, repeats=1).rounds == GOOD.items
    assert replace(GOOD, gap_s=0.0).rounds == GOOD.items * 2


@given(recipes)
def test_a_recipe_is_the_same_after_the_disk(recipe: Recipe) -> None:
    again = Recipe.from_json(json.loads(json.dumps(asdict(recipe))))
    assert (again, again.name) == (recipe, recipe.name)


@pytest.mark.parametrize(
    "other",
    [
        replace(GOOD, items=(TWO, 1.0, ONE)),
        replace(GOOD, items=(ONE, 2.0, TWO)),
        replace(GOOD, items=(ONE, TWO)),
        replace(GOOD, repeats=3),
        replace(GOOD, gap_s=6.0),
    ],
)
def test_whatever_is_heard_differently_has_another_name(other: Recipe) -> None:
    assert other.name != GOOD.name


def test_a_composition_among_the_items_is_laid_open() -> None:
    outer = Recipe(("b", TWO), repeats=2)
    assert outer.flat({"b": GOOD}.get).items == (*GOOD.rounds, TWO)


@pytest.mark.parametrize(
    "wrong",
    [
        Recipe(()),
        Recipe((3.0,)),
        Recipe((ONE,) * (MOST_ITEMS + 1)),
        Recipe((ONE,), repeats=0),
        Recipe((ONE,), repeats=MOST_REPEATS + 1),
        Recipe((ONE, -1.0)),
        Recipe((ONE,), gap_s=601),
        Recipe((ONE,), gap_s=float("nan")),
    ],
)
def test_what_nobody_can_mean_is_refused(wrong: Recipe) -> None:
    GOOD.check()
    with pytest.raises(SoundError):
        wrong.check()
