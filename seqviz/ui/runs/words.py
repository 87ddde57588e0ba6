"""A run's state in words: its name, its progress, the time it needs, and what to do when it went wrong."""

import re
from collections.abc import Mapping, Sequence

from seqviz.errors import CONSEQUENCE
from seqviz.experiment import (
    CELLS,
    CLIPS,
    MODELS,
    OPTIMIZERS,
    TASKS,
    CaptionerConfig,
    Experiment,
    Seq2SeqConfig,
    TrainingConfig,
    TransformerConfig,
)
from seqviz.experiment.fields import Rule
from seqviz.experiment.task import TranslationConfig
from seqviz.experiment.title import attention_of, subject_of
from seqviz.lab import RunView
from seqviz.language.words import number, setting

QUIET_SECONDS = 4.0
SENSIBLE_RATE = 0.1  # no higher learning rate is advised

CHIPS = {  # state → what it is called, Streamlit's colour
    "queued": ("waiting", "gray"),
    "running": ("training", "blue"),
    "paused": ("paused", "orange"),
    "stopped": ("cancelled", "orange"),
    "interrupted": ("interrupted", "orange"),
    "done": ("done", "green"),
    "diverged": ("diverged", "red"),
    "failed": ("failed", "red"),
}

Settings = dict[str, str]  # of one run, by name, as a link writes them

_LAYERED = {"linears": "", "norms": "the normalisation of ", "gates": "the gate of "}  # parts of a feed-forward network


def step_shown(view: RunView, at: int | None) -> int:
    """Return which of a run's training steps is shown when the page shows step ``at`` (None: the newest)."""
    newest = view.steps_done
    return newest if at is None or view.live else min(max(at, view.experiment.first_step), newest)


def chip(view: RunView, at: int | None = None) -> tuple[str, str]:
    """Return what the run's state is called, with the place in the queue, and the colour it has.

    Args:
        view: the run.
        at: the training step shown, None for the newest; a run that rests is called by a step of its past.
    """
    shown = step_shown(view, at)
    if not view.live and shown < view.steps_done:
        return (f"back at step {shown:,}", "violet")
    word, colour = CHIPS[view.state]
    if view.state == "queued" and view.position is not None:
        word = "next in line" if view.position == 0 else f"waiting, {view.position} before it"
    return word, colour


def share_done(view: RunView, at: int | None = None) -> float:
    """Return how much of the run is trained at the training step shown, from 0 to 1."""
    length = view.steps - view.experiment.first_step
    return min(1.0, max(0.0, (step_shown(view, at) - view.experiment.first_step) / length))


def progress(view: RunView, quiet: float = 0.0, at: int | None = None) -> str:
    """Return the run's progress, speed and remaining time, in words.

    Args:
        view: the run.
        quiet: seconds since its last report; beyond a few, no time is predicted.
        at: the training step shown, None for the newest.
    """
    shown, first = step_shown(view, at), view.experiment.first_step
    begins = "" if shown > first or view.live else ": the initial weights" if first == 0 else ": its parent's weights"
    parts = [f"step {shown:,} of {view.steps:,}{begins}"]
    if shown < view.steps_done:
        parts.append(f"trained to step {view.steps_done:,}")
    elif view.state == "running" and quiet > QUIET_SECONDS:
        parts.append(f"no news for {duration(quiet)}")
    elif view.state == "running" and view.remaining:
        parts += [f"{_pace((view.steps - view.steps_done) / view.remaining)}", f"{duration(view.remaining)} to go"]
    elif view.seconds > 0 and view.steps_done > view.experiment.first_step:
        parts.append(f"trained in {duration(view.seconds)}")
    return " · ".join(parts)


def duration(seconds: float) -> str:
    """Return ``seconds`` as one says it, no more exact than it can be known.

    >>> duration(0.4), duration(12.3), duration(200), duration(9000)
    ('1 s', '12 s', '3 min', '2 h 30 min')
    """
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


def advice(view: RunView) -> str:
    """Return why the run went wrong and what to do about it; an empty sentence where nothing did."""
    if view.state == "diverged":
        return f"{_tensors_in_words(view.message)}. {_remedy(view.experiment)}"
    if view.state in ("failed", "interrupted"):
        return f"{view.message or 'It was interrupted'}. What it has learned is kept; Go on trains from there."
    return view.message


def cause(view: RunView) -> str:
    """Return where and why a run diverged, as a part of a sentence; empty where it did not.

    ``step 25: the loss is infinite``, with the tensors by name.
    """
    if view.state != "diverged":
        return ""
    said = _tensors_in_words(view.message.removesuffix(CONSEQUENCE))
    return said[:1].lower() + said[1:]


def trained_with(training: TrainingConfig) -> str:
    """Return how a run is trained, as a part of a sentence.

    >>> trained_with(TrainingConfig(optimizer="sgd", learning_rate=0.1, clip="off"))
    'SGD at 0.1, gradients not clipped'
    """
    clipped = "not clipped" if training.clip == "off" else f"clipped {CLIPS[training.clip]} at {setting(training.threshold)}"
    return f"{OPTIMIZERS[training.optimizer]} at {setting(training.learning_rate)}, gradients {clipped}"


def made_with(experiment: Experiment) -> str:
    """Return a run's main settings in short: how long its sequences are, its hidden size, its training steps."""
    steps = f"{experiment.training.steps:,} training steps"
    before = f" (shown here) after {experiment.first_step:,} of an earlier stage" if experiment.first_step else ""
    size = "width" if isinstance(experiment.model, TransformerConfig) else "hidden size"
    return f"{length_of(experiment)}, {size} {experiment.model.hidden_size}, {steps}{before}"


def length_of(experiment: Experiment) -> str:
    """Return how long a run's sequences are: ``T = 100``, or what it translates: ``French → English, at most 12 words``."""
    task = experiment.task
    if isinstance(task, TranslationConfig):
        return f"{subject_of(task)}, at most {task.longest} words"
    written = task.to_json()
    return f"T = {written['length']}" if "length" in written else TASKS[str(written["name"])].title


def kind_of(experiment: Experiment) -> str:
    """Return what kind of network a run trains, its cell first: ``LSTM``, ``GRU with additive attention``."""
    model = experiment.model
    if isinstance(model, TransformerConfig):
        return "Transformer"
    if isinstance(model, CaptionerConfig):
        return f"{CELLS[model.cell]} captioner"
    if not isinstance(model, Seq2SeqConfig):
        return MODELS[model.name].title
    attention = attention_of(model)
    return f"{CELLS[model.cell]} {'without attention' if model.attention == 'none' else f'with {attention}'}"


def labels(experiments: Sequence[Experiment]) -> list[str]:
    """Return a short name for each of several runs: what kind of network it is, and what sets it apart from the others."""
    settings = [_settings(one) for one in experiments]
    names = dict.fromkeys(name for one in settings for name in one)
    kinds = [kind_of(one) for one in experiments]
    # Scores differ in when they look, and kinds of networks in the run they continue: that sets no two runs of a list apart.
    told = {"order", "run"} if len(set(kinds)) == len(kinds) else set()
    differing = [
        name
        for name in names
        if name not in told and any(_varies(name, group) for group in _compared(name, experiments, settings))
    ]
    found = [
        " ".join([kind, ", ".join(_said(_rules_of(one), name, own[name]) for name in differing if name in own)]).strip()
        for one, kind, own in zip(experiments, kinds, settings, strict=True)
    ]
    return [name if found.count(name) == 1 else f"{name} #{found[: at + 1].count(name)}" for at, name in enumerate(found)]


def _compared(name: str, experiments: Sequence[Experiment], settings: Sequence[Settings]) -> list[list[Settings]]:
    """Return the groups of settings compared in ``name``: for a setting of one family of networks, that family's runs."""
    families = {type(one.model) for one in experiments}
    if not any(name in family.rules() for family in families):
        return [list(settings)]
    return [[own for one, own in zip(experiments, settings, strict=True) if type(one.model) is family] for family in families]


def _varies(name: str, settings: Sequence[dict[str, str]]) -> bool:
    """Whether a setting differs among the runs that have it; going on from a run, or not, is a difference too."""
    held = [one[name] for one in settings if name in one]
    return len(set(held)) > 1 or (name in ("step", "dropout", "cells") and len(held) < len(settings))


def _settings(experiment: Experiment) -> dict[str, str]:
    query = {key.rpartition(".")[2] if key != "task.name" else "task": value for key, value in experiment.to_query().items()}
    for name in ("name", "attention", "cell"):  # which its kind already says
        query.pop(name, None)
    return query


def _rules_of(experiment: Experiment) -> dict[str, Rule]:
    """Return the rules of all that a run is set to, by their settings' short names."""
    parts = (experiment.task, experiment.model, experiment.training, experiment.parent)
    return {name: rule for part in parts if part is not None for name, rule in part.rules().items()}


def _said(rules: Mapping[str, Rule], name: str, value: str) -> str:
    return rules[name].told(name, value) if name in rules else f"{name} {value}"


def _pace(steps_a_second: float) -> str:
    return f"{steps_a_second:,.0f} steps/s" if steps_a_second >= 10 else f"{steps_a_second:.1f} steps/s"


def _tensors_in_words(message: str) -> str:
    """Name weights by what they are: ``rnn.weight_hh_l0`` → the recurrent weights of layer 1."""
    kinds = {
        "weight_hh": "recurrent weights",
        "weight_ih": "input weights",
        "bias_hh": "recurrent biases",
        "bias_ih": "input biases",
    }
    message = re.sub(
        r"(rnn|encoder|decoder)\.(weight|bias)_(hh|ih)_l(\d+)(_reverse)?",
        lambda found: (
            f"the {kinds[f'{found[2]}_{found[3]}']} of {_whose(found[1])}layer {int(found[4]) + 1}"
            + (", read backwards" if found[5] else "")
        ),
        message,
    )
    message = re.sub(
        r"(linears|norms|gates)\.(\d+)\.(weight|bias)",
        lambda found: (
            f"the {'biases' if found[3] == 'bias' else 'weights'} of {_LAYERED[found[1]]}layer "
            f"{int(found[2]) + (2 if found[1] == 'gates' else 1)}"
        ),
        message,
    )
    message = re.sub(
        r"readout\.(weight|bias)",
        lambda found: {"weight": "the readout's weights", "bias": "the readout's biases"}[found[1]],
        message,
    )
    return message[:1].upper() + message[1:].rstrip(".")


def _whose(stack: str) -> str:
    return "" if stack == "rnn" else f"the {stack}'s "


def _remedy(experiment: Experiment) -> str:
    lower = f"a lower learning rate, such as {number(min(experiment.training.learning_rate / 10, SENSIBLE_RATE))}"
    if experiment.training.clip == "off":
        return f"Gradients were not clipped: try clipping by norm, or {lower}."
    return f"Try {lower}, a smaller clipping threshold, or recurrent weights that start smaller."
