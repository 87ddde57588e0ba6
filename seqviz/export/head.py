"""The head of a script: what it trains, with which settings, and how it is called."""

from seqviz.experiment import (
    CLIPS,
    INITIALISATIONS,
    OPTIMIZERS,
    SCHEDULES,
    Experiment,
    FeedforwardConfig,
    ModelConfig,
    RecurrentConfig,
    TrainingConfig,
    TransformerConfig,
)
from seqviz.experiment.feedforward import WEIGHTS
from seqviz.experiment.model import DROPOUTS
from seqviz.experiment.task import CaptionsConfig, CharactersConfig
from seqviz.experiment.title import title_of
from seqviz.experiment.transformer import CELL_POSITIONS, NORMS, POSITIONS

HEAD = '''"""{title}, in plain PyTorch.

{settings}

    {usage}

trains the network again and writes metrics.csv: the loss, the task's metric and the gradient's norm at every training
step, the same numbers as run {run} recorded. It needs {needs} (2.13 for the very same numbers; another
version or another kind of processor may round differently) and computes on the CPU.
"""
'''


def script_head(line: tuple[Experiment, ...]) -> str:
    """Return the docstring of a script that trains the last experiment of ``line`` on from those before it."""
    experiment = line[-1]
    name = title_of(experiment)
    title = f"{name[:1].upper()}{name[1:]}, {experiment.training.steps} training steps"
    settings = "\n".join(f"- {word}" for word in [*network_settings(line[0].model), *map(_stage, line)])
    needs = "torch, and numpy to draw the pictures" if isinstance(experiment.task, CaptionsConfig) else "torch alone"
    return HEAD.format(title=title, run=experiment.run_id, settings=settings, usage=_usage(experiment), needs=needs)


def network_settings(model: ModelConfig) -> list[str]:
    """Return what the title leaves unsaid of a network.

    >>> network_settings(TransformerConfig(name="causal", positions="learned", learned_positions=64))[:2]
    ['2 layers, 4 heads, width 64, 256 within the feed-forward networks', 'positions: learned, at most 64']
    """
    if isinstance(model, RecurrentConfig):
        dropped = f"dropout {DROPOUTS[model.dropout]}, of {model.dropout_rate:g}"
        recurrent = f"initial recurrent weights: {INITIALISATIONS[model.initialisation]}"
        return [recurrent, *([] if model.dropout == "none" else [dropped]), *_cuts(model)]
    if isinstance(model, FeedforwardConfig):
        return [f"initial weights: {WEIGHTS[model.initialisation]}"]
    return _transformer_settings(model) if isinstance(model, TransformerConfig) else []


def _cuts(model: RecurrentConfig) -> list[str]:
    if model.backpropagation == "whole":
        return []
    state = "carried over" if model.carried else "set to zero"
    return [f"gradient cut every {model.cut_every} steps, in windows of {model.window}; the state is {state}"]


def _transformer_settings(model: TransformerConfig) -> list[str]:
    layers = f"{model.layers} layer{'s' if model.layers > 1 else ''}"
    if model.name == "transformer":
        layers += " of the encoder and as many of the decoder"
    heads = f"{model.heads} head{'s' if model.heads > 1 else ''}"
    most = f", at most {model.learned_positions}" if model.positions == "learned" else ""
    sizes = f"{layers}, {heads}, width {model.width}, {model.inner} within the feed-forward networks"
    cells = [f"positions of cells: {CELL_POSITIONS[model.cells]}"] if model.applies("cells") else []
    return [sizes, f"positions: {POSITIONS[model.positions]}{most}", *cells, f"layer normalisation {NORMS[model.norm]}"]


def _stage(one: Experiment) -> str:
    training = one.training
    clip = CLIPS[training.clip] if training.clip == "off" else f"{CLIPS[training.clip]} at {training.threshold:g}"
    return (
        f"steps {one.first_step} to {one.last_step}: {OPTIMIZERS[training.optimizer]}, "
        f"learning rate {_rate(training)}, gradients clipped: {clip}"
    )


def _rate(training: TrainingConfig) -> str:
    if training.schedule == "constant":
        return f"{training.learning_rate:g}"
    return f"{training.learning_rate:g} after {training.warmup} steps of warm-up ({SCHEDULES[training.schedule]})"


def _usage(experiment: Experiment) -> str:
    if not isinstance(experiment.task, CharactersConfig):
        return "python FILE"
    text = experiment.task.text
    if text.startswith("python"):
        return "python FILE                it reads the source of Python's own standard library"
    return "python FILE my_text.txt    with the text that the run learned from"
