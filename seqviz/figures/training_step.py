"""One training step taken apart, in words and as norms weight by weight."""

import numpy as np
import plotly.graph_objects as go

from seqviz.experiment.training import OPTIMIZERS, TrainingConfig
from seqviz.figures.look import figure, hue, log_axis
from seqviz.language.words import number
from seqviz.records.training_step import StepTrace

PHASES = ("before", "forward", "loss", "backward", "clip", "update", "after")
RULES = {
    "sgd": "each number moves by −{rate} times its gradient",
    "momentum": "a velocity becomes {momentum} times itself plus the gradient; each number moves by −{rate} times its velocity",
    "rmsprop": "each number moves by −{rate} times its gradient over the root of a running mean of its square",
    "adam": "each number moves by −{rate} times a running mean of its gradient over the root of one of its square",
    "adadelta": "each number moves by −{rate} times its gradient, times the root of past updates' squares over past gradients'",
}
LOSS_DIGITS = 4  # a step changes little
SAME = 0.02  # a loss that changes by a smaller share of itself is about the same


def step_finding(record: StepTrace) -> str:
    """Return in words what the step did to the loss of its own batch."""
    if record.diverged:
        return f"{record.diverged[:1].upper()}{record.diverged[1:]}."
    before, after = (number(loss, LOSS_DIGITS) for loss in (record.loss, record.loss_after))
    if before == after:
        return f"Step {record.step:,} leaves the loss on its own batch at {before}."
    about = ", about the same" if went(record) == "same" else ""
    up = " It rises: the step was too long for what the gradient knows." if went(record) == "rises" else ""
    return f"Step {record.step:,} takes the loss on its own batch from {before} to {after}{about}.{up}"


def went(record: StepTrace) -> str:
    """Return whether the loss of the step's own batch ``falls``, ``rises`` or stays the ``same``; empty where it diverged."""
    if record.diverged:
        return ""
    return "same" if abs(record.change) < SAME else "falls" if record.change < 0 else "rises"


def step_sentences(record: StepTrace, training: TrainingConfig, sequences: str) -> dict[str, str]:
    """Return what happens in each phase, in the order of PHASES.

    Args:
        record: the step.
        training: how it is trained.
        sequences: what it reads, in words: ``4 sequences of 6 steps``.
    """
    shape = " × ".join(map(str, record.weight.shape))
    return {
        "before": f"{_after(record.step - 1)}, {weight_title(record.weight.name)} are these {shape} numbers.",
        "forward": f"Forward: the network reads {sequences}. To the first it answers {_answer(record)}.",
        "loss": f"Loss: the mean over the batch is {number(record.loss, LOSS_DIGITS)}.",
        "backward": _backward(record),
        "clip": _clip(record, training),
        "update": _update(record, training),
        "after": step_finding(record),
    }


def step_norms_figure(record: StepTrace) -> go.Figure:
    """Draw, weight by weight, the norm of the gradient before and after clipping, and of the update."""
    names = [weight_title(name) for name in record.names]
    sets = (
        ("gradient", record.gradient_norms, "before clipping", "circle-open"),
        ("after clipping", record.applied_norms, "after clipping", "circle"),
        ("update", record.update_norms, "update", "diamond"),
    )
    traces = [
        go.Scatter(
            x=np.where(values > 0, values, np.nan), y=names, mode="markers", name=title,
            marker={"color": hue(role), "size": 10, "symbol": symbol, "line": {"width": 2, "color": hue(role)}},
            hovertemplate="%{fullData.name}, %{y}: %{x:.4g}<extra></extra>",
        )
        for title, values, role, symbol in sets
    ]  # fmt: skip
    return figure(
        traces, _norms_finding(record), x="norm (L2)", y="", height=110 + 34 * len(names),
        xaxis=log_axis([values for _, values, _, _ in sets]), yaxis={"autorange": "reversed"},
        margin={"l": 150, "r": 16, "t": 36, "b": 52},
    )  # fmt: skip


def weight_title(name: str) -> str:
    """Return what a weight is, by its PyTorch name.

    >>> weight_title("rnn.weight_hh_l0"), weight_title("readout.bias"), weight_title("rnn.bias_ih_l1_reverse")
    ('recurrent weights, layer 1', 'readout biases', 'input biases, layer 2, backward')
    """
    if name.startswith("readout."):
        return "readout weights" if name.endswith("weight") else "readout biases"
    kind, _, place = name.removeprefix("rnn.").rpartition("_l")
    layer, _, backward = place.partition("_")
    part = "recurrent" if kind.endswith("hh") else "input"
    what = "weights" if kind.startswith("weight") else "biases"
    return f"{part} {what}, layer {int(layer) + 1}{', backward' if backward else ''}"


def _norms_finding(record: StepTrace) -> str:
    if not np.isfinite(record.gradient_norms).all():
        return "Some gradients are not finite: nothing is applied."
    if not record.update_norms.any():
        return "No weight moves."
    at = int(np.argmax(record.update_norms))
    return f"The {weight_title(record.names[at])} move the furthest, by {number(float(record.update_norms[at]))} (L2 norm)."


def _backward(record: StepTrace) -> str:
    reach = record.reach
    far = f"‖∂L/∂h‖ is {number(float(reach[-1]))} at the last time step, {number(float(reach[0]))} at the first."
    own = number(float(np.linalg.norm(record.weight.gradient)))
    if max(record.weight.shape) > max(record.weight.gradient.shape):
        own = number(float(record.gradient_norms[record.names.index(record.weight.name)]))
    return f"Backward: the gradient of all weights together has norm {number(record.gradient_norm)}; of these, {own}. {far}"


def _clip(record: StepTrace, training: TrainingConfig) -> str:
    norm = number(record.gradient_norm)
    if training.clip == "off":
        return f"Clip: clipping is off, so the gradient stays as it is, with norm {norm}."
    at = number(training.threshold)
    if not record.clipped:
        what = f"its norm, {norm}, is not above {at}" if training.clip == "norm" else f"none of its numbers is beyond ±{at}"
        return f"Clip: the gradient stays as it is, since {what}."
    if training.clip == "norm":
        factor = number(training.threshold / record.gradient_norm)
        return (
            f"Clip by norm: {norm} is above {at}, so every number is multiplied by {at}/{norm} = {factor}. The direction stays."
        )
    turned = float(np.degrees(np.arccos(np.clip(record.cosine, -1, 1))))
    left = f"The norm falls from {norm} to {number(record.applied_norm)}, the direction turns by {number(turned)}°."
    return f"Clip by value: numbers beyond ±{at} are cut. {left}"


def _update(record: StepTrace, training: TrainingConfig) -> str:
    if record.diverged:
        return "Update: it would not be finite, so it is not applied."
    how = RULES[training.optimizer].format(rate=number(training.learning_rate), momentum=number(training.momentum))
    return f"Update ({OPTIMIZERS[training.optimizer]}): {how}. All together, a step of length {number(record.update_norm)}."


def _answer(record: StepTrace) -> str:
    answers, targets = record.answers, record.targets
    if answers.shape[1] == 1:
        return f"{number(float(answers[-1, 0]), LOSS_DIGITS)}; right is {number(float(targets[-1, 0]), LOSS_DIGITS)}"
    asked = np.flatnonzero(targets[:, 0] >= 0)
    if not asked.size:
        return "nothing, since nothing is asked"
    likely, right = answers[asked].argmax(axis=1), targets[asked, 0].astype(int)
    if len(asked) == 1:
        return f"class {int(likely[0])}; right is class {int(right[0])}"
    return f"{int((likely == right).sum())} of {len(asked)} symbols right"


def _after(count: int) -> str:
    if count == 0:
        return "Before any training"
    return "After 1 training step" if count == 1 else f"After {count:,} training steps"
