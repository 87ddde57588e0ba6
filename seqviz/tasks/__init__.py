"""Tasks: data whose right answers are known."""

from collections.abc import Callable, Mapping
from typing import Any

from seqviz.experiment.fields import Config
from seqviz.registry import look_up
from seqviz.tasks.adding import build_adding
from seqviz.tasks.captions import build_captions
from seqviz.tasks.characters import build_characters
from seqviz.tasks.copying import build_copying
from seqviz.tasks.lag import build_lag
from seqviz.tasks.spirals import build_spirals
from seqviz.tasks.task import Batch as Batch
from seqviz.tasks.task import Task as Task
from seqviz.tasks.temporal_order import build_temporal_order
from seqviz.tasks.translation import build_translation
from seqviz.tasks.words import build_words

BUILDERS: Mapping[str, Callable[[Any, str | None], Task]] = {
    "adding": lambda config, text: build_adding(config),
    "copying": lambda config, text: build_copying(config),
    "temporal_order": lambda config, text: build_temporal_order(config),
    "lag": lambda config, text: build_lag(config),
    "characters": build_characters,
    "words": lambda config, text: build_words(config),
    "captions": lambda config, text: build_captions(config),
    "spirals": lambda config, text: build_spirals(config),
    "translation": build_translation,
}


def build_task(config: Config, *, text: str | None = None) -> Task:
    """Return the task that ``config`` describes.

    Args:
        config: one of the configs of :data:`seqviz.experiment.TASKS`.
        text: what a character language model learns from; no other task reads it.

    Raises:
        UnknownNameError: there is no such task.
        TextError: the text is missing, or nothing can be learned from it.
    """
    return look_up(BUILDERS, getattr(config, "name", None), "task")(config, text)
