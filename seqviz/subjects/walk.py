"""What a walk through a Transformer follows: one token of one sentence or text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from seqviz.experiment.experiment import Experiment
from seqviz.experiment.fields import choice, flag, integer, text
from seqviz.experiment.task import CharactersConfig, TranslationConfig, WordsConfig
from seqviz.experiment.transformer import TransformerConfig
from seqviz.subjects.run import AtStep

SIDES: Mapping[str, str] = {"encoder": "word read", "decoder": "word written before"}


@dataclass(frozen=True, kw_only=True)
class WalkedToken(AtStep):
    """A token on its way through a run's encoder or decoder, after ``step`` training steps.

    The decoder reads ``<sos>`` and then what is ``given``, or what it writes. A decoder without an encoder reads ``text``.
    """

    kind: ClassVar[str] = "walk"

    given: str = text("", r"(?s).{0,2000}", "the translation", note="words with blanks between")
    side: str = choice("decoder", SIDES, "side")
    placed: bool = flag(True, "positions", note="are added to the words")
    position: int = integer(0, 0, 999, "position", note="from 0")
    text: str = text("", r"(?s).{0,20000}", "text")


def can_be_walked(experiment: Experiment) -> bool:
    """Return whether a run of the experiment is a Transformer that reads a text, to translate it or to go on with it."""
    tasks = (TranslationConfig, CharactersConfig, WordsConfig)
    return isinstance(experiment.model, TransformerConfig) and isinstance(experiment.task, tasks)
