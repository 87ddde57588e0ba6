"""What pages say about the small shipped translators holds for their weights and records."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from seqviz.cards import read_cards
from seqviz.figures.learning import smoothed
from seqviz.recipes.bottleneck import MEMBERS, bottleneck_recipes
from seqviz.store import Store
from seqviz.subjects.examination import Examined

SHIPPED = Path(__file__).parents[3] / "pretrained"
CARDS = read_cards(SHIPPED)
SMALL = [f"translation-member-{seed}" for seed in range(MEMBERS)]


def size(name):
    return sum(file.stat().st_size for file in (SHIPPED / "runs" / CARDS[name].run).rglob("*"))


@cache
def examined(name, others=()):
    from seqviz.answers.examination import answer_examination

    runs = [CARDS[one].run for one in (name, *others)]
    return answer_examination(Examined(run=runs[0], others=",".join(runs[1:]), sentences=400))


def test_they_are_small():
    assert all(size(name) <= 250_000 for name in SMALL)
    assert all(size(f"translation-{order}") <= 400_000 for order in ("forwards", "backwards"))


def test_readers_differ_in_the_order_and_members_in_the_seed_alone():
    made = {name: recipe.experiment.to_json() for name, recipe in bottleneck_recipes().items()}
    readers = [made[f"translation-{order}"] for order in ("forwards", "backwards")]
    assert [each["model"].pop("reverse_source") for each in readers] == [False, True]
    assert readers[0] == readers[1]
    assert [made[name].pop("seed") for name in SMALL] == list(range(MEMBERS))
    assert all(made[name] == made[SMALL[0]] for name in SMALL)


def test_fed_back_to_front_it_learns_sooner():
    curves = [
        smoothed(Store(str(SHIPPED)).open(CARDS[f"translation-{order}"].run).metrics)[1] for order in ("forwards", "backwards")
    ]
    assert (curves[1][10:] > curves[0][10:]).all()  # from step 500 on
    assert CARDS["translation-backwards"].exact > CARDS["translation-forwards"].exact


def test_what_one_member_gets_wrong_others_often_get_right():
    alone = np.array([examined(name).exact for name in SMALL])
    assert 0.75 < alone.mean(axis=1).min() < alone.mean(axis=1).max() < 0.95
    for member, exact in enumerate(alone):
        others = np.delete(alone, member, axis=0)
        assert others[:, ~exact].any(axis=0).mean() > 0.5
    together = examined(SMALL[0], tuple(SMALL[1:])).exact_share
    assert together > alone.mean(axis=1).max()


@pytest.mark.parametrize("name", [*SMALL, "translation-forwards", "translation-backwards"])
def test_an_examination_agrees_with_the_card(name):
    # A card's share is of 1,000 sentences, of which these are the first 400: three standard errors are 0.06.
    assert examined(name).exact_share == pytest.approx(CARDS[name].exact, abs=0.06)
