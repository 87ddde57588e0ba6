"""The default name of a run."""

from collections.abc import Callable, Mapping
from typing import Any

from seqviz.experiment.experiment import Experiment
from seqviz.experiment.feedforward import FeedforwardConfig
from seqviz.experiment.model import CELLS, MODELS, CaptionerConfig, ModelConfig, RecurrentConfig, Seq2SeqConfig
from seqviz.experiment.task import TASKS, TranslationConfig
from seqviz.experiment.transformer import TransformerConfig


def title_of(experiment: Experiment) -> str:
    """Return the default name of a run.

    >>> from seqviz.experiment import RecurrentConfig, TransformerConfig
    >>> from seqviz.experiment.task import AddingConfig
    >>> title_of(Experiment(task=AddingConfig(), model=RecurrentConfig(name="gru"), seed=3))
    'GRU 64 on the adding problem, seed 3'
    >>> title_of(Experiment(task=TranslationConfig(), model=Seq2SeqConfig()))
    'GRU encoder-decoder 128, additive attention, French → English, seed 0'
    >>> title_of(Experiment(task=TranslationConfig(), model=TransformerConfig()))
    'Transformer 2 × 64, French → English, seed 0'
    """
    model, task = experiment.model, experiment.task
    called = CALLED[MODELS[model.name].config](model)
    learned = f", {subject_of(task)}" if isinstance(task, TranslationConfig) else f" on the {_task(experiment)}"
    return f"{called}{learned}, seed {experiment.seed}"


def attention_of(model: Seq2SeqConfig) -> str:
    """Return how an encoder-decoder attends: ``scaled dot attention``, ``no attention``."""
    return {"none": "no attention", "scaled": "scaled dot attention"}.get(model.attention, f"{model.attention} attention")


def subject_of(task: TranslationConfig) -> str:
    """Return what is translated: ``French → English``."""
    return str((TranslationConfig.rules()["corpus"].options or {})[task.corpus])


def _of_layers(model: RecurrentConfig | Seq2SeqConfig | CaptionerConfig | TransformerConfig) -> str:
    size = f"{model.layers} × {model.hidden_size}" if model.layers > 1 else f"{model.hidden_size}"
    return f"{MODELS[model.name].title} {size}"


def _attending(model: Seq2SeqConfig) -> str:
    return f"{CELLS[model.cell]} {_of_layers(model)}, {attention_of(model)}"


def _deep(model: FeedforwardConfig) -> str:
    return f"{MODELS[model.name].title} {model.depth} × {model.hidden_size}"


# What a network is called, by the settings that it takes.
CALLED: Mapping[type[ModelConfig], Callable[[Any], str]] = {
    RecurrentConfig: _of_layers, CaptionerConfig: _of_layers, TransformerConfig: _of_layers,
    Seq2SeqConfig: _attending, FeedforwardConfig: _deep,
}  # fmt: skip


def _task(experiment: Experiment) -> str:
    return TASKS[str(experiment.task.to_json()["name"])].title
