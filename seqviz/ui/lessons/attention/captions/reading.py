"""The picture shown, the things erased from it, and the network that describes it."""

from functools import cache

import streamlit as st

from seqviz.cards import Card
from seqviz.experiment import CaptionerConfig, Experiment
from seqviz.experiment.task import CaptionsConfig
from seqviz.questions import CAPTION, POINTING_GAME
from seqviz.records import Captioning, PointingGame
from seqviz.scenes import Description, Group, Scene, arranged, held_out
from seqviz.subjects.caption import HeldOutPictures, Picture
from seqviz.ui.components.picture import Thing
from seqviz.ui.lessons.attention.captions.settings import NETWORKS, PARTS, PICTURES, SAMPLES, SCENE
from seqviz.ui.runs.networks import Network, chosen_of, opened
from seqviz.ui.runs.shipped import shipped_cards
from seqviz.ui.shell.cache import traced
from seqviz.ui.shell.page import Page

REFUSAL = "only networks that caption can be shown a picture"
Shown = tuple[Description, int]  # what is to be seen, and the seed of how it is arranged


def chosen_captioner(page: Page) -> Network:
    """Draw the choice of a network and return it.

    Raises:
        StoreError: it is not here.
        ConfigError: it does not caption.
    """
    named = chosen_of(page, NETWORKS, captions_pictures, forgets=("given", "head"))
    return opened(named, captions_pictures, REFUSAL)


def captions_pictures(experiment: Experiment) -> bool:
    """Return whether a run of the experiment sees pictures and writes about them."""
    return isinstance(experiment.task, CaptionsConfig)


def is_recurrent(network: Network) -> bool:
    """Return whether a state is handed on from word to word, beside what attention finds."""
    return isinstance(network.experiment.model, CaptionerConfig)


def came_along() -> dict[str, Card]:
    """Return the cards of the shipped captioners, by their titles in the menu."""
    cards = shipped_cards()
    return {title: cards[name] for name, title in NETWORKS.items() if name in cards}


@cache
def samples() -> list[Shown]:
    """Return held-out scenes to choose from: two groups each, no two of which begin alike."""
    found: dict[str, Shown] = {}
    for description, seed in held_out(40 * SAMPLES):
        if description.second is not None and len(found) < SAMPLES:
            found.setdefault(f"{description.first.shape} {description.relation}", (description, seed))
    return list(found.values())


def chosen_scene(page: Page) -> Shown:
    """Draw the choice of a scene, and of its parts for a scene of your own.

    Raises:
        ConfigError: the parts do not go together.
    """
    titles = {f"s{i + 1}": " ".join(description.words) for i, (description, _) in enumerate(samples())} | {
        "own": "my own scene"
    }
    before = {each: page.values[each] for each in SCENE}
    shown = _scene(page, page.control("scene", titles=titles))
    if before != {each: page.values[each] for each in SCENE}:  # that was of another scene
        page["erased"] = page["given"] = ""
    return shown


def _scene(page: Page, name: str) -> Shown:
    if name != "own":
        return samples()[int(name[1:]) - 1]
    first = _group(page, "one")
    relation = page.control("relation")
    second = None if relation == "none" else _group(page, "two")
    return Description(first, None if second is None else relation, second), page.control("arrangement")


def _group(page: Page, which: str) -> Group:
    columns = st.columns(2, gap="small")
    chosen = {}
    for at, part in enumerate(PARTS):
        with columns[at % 2]:
            chosen[part] = page.control(f"{which}.{part}")
    return Group(int(chosen["count"]), chosen["size"], chosen["colour"], chosen["shape"])


def things_of(scene: Scene) -> list[Thing]:
    """Return what can be erased from ``scene``, numbered as it was drawn."""
    return [
        Thing(
            number=number, title=f"{number + 1}: {item.size} {item.colour} {item.shape}", x=item.x, y=item.y, radius=item.radius
        )
        for number, item in enumerate(scene.items)
    ]


def numbers_of(erased: str) -> list[int]:
    """Return the numbers that a link writes with commas."""
    return [int(number) for number in erased.split(",") if number]


def whole(shown: Shown) -> Scene:
    """Return the scene with nothing erased."""
    return arranged(*shown)


def looked_at(page: Page, network: Network, shown: Shown) -> Captioning:
    """Return what the network writes about the picture as the page is set.

    Raises:
        SeqvizError: the picture cannot be described so, or it has no such head.
    """
    subject = Picture(
        run=network.run, step=network.step, shows=" ".join(shown[0].words), arrangement=shown[1],
        erased=page["erased"], given=page["given"],
    )  # fmt: skip
    record = traced(CAPTION, subject)
    return record.through(page["head"])


def pointed(network: Network) -> PointingGame:
    """Return how often the network looks at what it writes about.

    Raises:
        StoreError: the network is missing.
    """
    return traced(POINTING_GAME, HeldOutPictures(run=network.run, step=network.step, pictures=PICTURES))
