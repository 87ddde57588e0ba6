"""The default name of a run."""

from seqviz.experiment.experiment import Experiment
from seqviz.experiment.feedforward import FeedforwardConfig
from seqviz.experiment.model import CELLS, MODELS, Seq2SeqConfig
from seqviz.experiment.task import TASKS, TranslationConfig


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
    size = f"{model.layers} × {model.hidden_size}" if model.layers > 1 else f"{model.hidden_size}"
    if isinstance(model, Seq2SeqConfig):
        on = subject_of(task) if isinstance(task, TranslationConfig) else _task(experiment)
        return f"{CELLS[model.cell]} {MODELS[model.name].title} {size}, {attention_of(model)}, {on}, seed {experiment.seed}"
    if isinstance(task, TranslationConfig):
        return f"{MODELS[model.name].title} {size}, {subject_of(task)}, seed {experiment.seed}"
    if isinstance(model, FeedforwardConfig):
        size = f"{model.depth} × {model.hidden_size}"
    return f"{MODELS[model.name].title} {size} on the {_task(experiment)}, seed {experiment.seed}"


def attention_of(model: Seq2SeqConfig) -> str:
    """Return how an encoder-decoder attends: ``scaled dot attention``, ``no attention``."""
    return {"none": "no attention", "scaled": "scaled dot attention"}.get(model.attention, f"{model.attention} attention")


def subject_of(task: TranslationConfig) -> str:
    """Return what is translated: ``French → English``."""
    return str((TranslationConfig.rules()["corpus"].options or {})[task.corpus])


def _task(experiment: Experiment) -> str:
    return TASKS[str(experiment.task.to_json()["name"])].title
