"""The families of networks that the form offers: what learns tasks of one kind, and how the form speaks of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from seqviz.experiment import (
    CaptionerConfig,
    FeedforwardConfig,
    ModelConfig,
    RecurrentConfig,
    Seq2SeqConfig,
    TrainingConfig,
    TransformerConfig,
    misfit,
)
from seqviz.experiment.fields import Config


@dataclass(frozen=True, kw_only=True)
class Family:
    """Networks of one kind; several, which differ in one setting, are trained side by side.

    What the names of its settings begin with in links is ``prefix``, and of those of its training ``trained``. A Transformer
    that learns the same tasks can be trained beside them; it has its own settings.
    """

    title: str
    member: str  # a model of this kind
    config: type[Config]
    varied: str  # the setting in which those side by side differ
    choice: str  # the control that chooses its values
    missing: str  # what is said where none is chosen
    transformer: str | None = None  # its name among the choices
    prefix: str = ""
    trained: str = ""
    folded: tuple[str, ...] = ()  # settings that are rarely changed
    prediction: str | None = None  # the control that asks for a guess
    empty: str = "empty"  # the section of the page's prose for an empty board
    explained: tuple[str, ...] = ()  # the sections about what is drawn

    def chosen_as(self, model: ModelConfig) -> str:
        """Return the choice that means ``model``."""
        return model.name if isinstance(model, TransformerConfig) else str(getattr(model, self.varied))

    def named(self, name: str) -> str:
        """Return the name of the control that holds the setting called ``name`` of the network or of its training."""
        if name in self.config.rules():
            return f"{self.prefix}{name}"
        return f"{self.trained}{name}" if name in TrainingConfig.rules() else name


RECURRENT = Family(
    title="A network that answers as it reads", member="lstm", config=RecurrentConfig, varied="name", choice="cells",
    missing="choose at least one network: RNN, LSTM, GRU or Transformer", prediction="prediction",
    explained=("what you see", "why"), transformer="causal",
    folded=(
        "layers", "activation", "initialisation", "scale", "forget_bias", "chrono", "dropout", "dropout_rate",
        "backpropagation", "window", "stride", "carried",
    ),
)  # fmt: skip
WRITING = Family(
    title="Encoder-decoder", member="seq2seq", config=Seq2SeqConfig, varied="attention", choice="attentions",
    missing="choose at least one kind of attention, or none, or the Transformer", transformer="transformer",
    prefix="seq2seq.", trained="seq2seq.",
    prediction="attention_prediction", empty="empty of translation", explained=("what you see of translation",),
    folded=("cell", "order", "bidirectional", "reverse_source", "layers", "embedding_size", "teacher_forcing"),
)  # fmt: skip
POINTING = Family(
    title="Feed-forward network", member="plain", config=FeedforwardConfig, varied="name", choice="kinds",
    missing="choose at least one way to join the layers", prefix="feedforward.", explained=("what you see of points",),
    folded=("depth", "activation", "normalisation", "initialisation", "scale", "gate_bias"),
)  # fmt: skip
SEEING = Family(
    title="Captioner", member="captioner", config=CaptionerConfig, varied="cell", choice="decoders",
    missing="choose at least one decoder: RNN, LSTM, GRU or Transformer", prefix="captioner.", trained="captioner.",
    transformer="transformer_captioner",
    empty="empty of captions", explained=("what you see of captions",), folded=("layers", "embedding_size", "channels"),
)  # fmt: skip

TRANSFORMER_PREFIX = "transformer."  # of the names of a Transformer's settings in links

FAMILIES: Mapping[str, Family] = {one.choice: one for one in (RECURRENT, WRITING, POINTING, SEEING)}


def family_of(task: str) -> Family:
    """Return the networks that learn ``task``."""
    return next(one for one in FAMILIES.values() if misfit(task, one.member) is None)
