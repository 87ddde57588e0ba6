"""What is shipped with the app: runs by the names on their cards, and the results of studies."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

from seqviz.cards import Card, read_cards
from seqviz.errors import StoreError
from seqviz.experiment import Experiment
from seqviz.experiment.clipping import CLIPPING
from seqviz.figures.sweep import Errors
from seqviz.records import Metrics
from seqviz.settings import settings
from seqviz.studies import STUDIES, StudyResult, read_study
from seqviz.ui.shell.cache import lab

Read = TypeVar("Read")

SWEEP = "temporal-order"  # the study of clipping over lengths


def shipped_cards() -> dict[str, Card]:
    """Return the cards of the shipped runs, by name.

    Raises:
        StoreError: a card is damaged.
    """
    return read_cards(Path(settings().store.pretrained))


def shipped(name: str) -> Card:
    """Return the card of one shipped run.

    Raises:
        StoreError: it did not come, or its card is damaged.
    """
    card = shipped_cards().get(name)
    if card is None:
        raise StoreError(f"the network {name!r} that comes with the app is missing; {_again(name)}")
    return card


def shipped_experiment(name: str) -> Experiment:
    """Return the experiment of one shipped run.

    Raises:
        StoreError: it did not come, or its card or its files are damaged.
    """
    return _whole(name, lab().store.experiment)


def shipped_metrics(name: str) -> Metrics:
    """Return what one shipped run recorded in training.

    Raises:
        StoreError: it did not come, or its card or its files are damaged.
    """
    return _whole(name, lab().store.open).metrics


def _whole(name: str, read: Callable[[str], Read | None]) -> Read:
    """Return what ``read`` finds of one shipped run."""
    found = read(shipped(name).run)
    if found is None:
        raise StoreError(f"the files of the network {name!r} that comes with the app are missing or damaged; {_again(name)}")
    return found


def _again(name: str) -> str:
    return f"`python -m seqviz pretrain --only {name}` trains it again"


def shipped_studies() -> list[str]:
    """Return the names of the shipped studies."""
    return sorted(file.stem for file in (Path(settings().store.pretrained) / STUDIES).glob("*.json"))


def shipped_study(name: str) -> StudyResult:
    """Return the result of one shipped study.

    Raises:
        StoreError: it did not come, or is damaged.
    """
    return _study(Path(settings().store.pretrained), name)


def swept_errors(result: StudyResult) -> Errors:
    """Return what the sweep over lengths measured: the share of wrong answers by clipping and length, seed by seed."""
    found: dict[str, dict[int, dict[int, float]]] = {clip: {} for clip in CLIPPING}
    for arm in result.arms:
        clip, _, length = arm.partition("-")
        found[clip][int(length)] = {row.seed: row.measures["errors"] for row in result.of(arm)}
    return found


@cache
def _study(folder: Path, name: str) -> StudyResult:
    return read_study(folder, name)
