"""Predict, then see: which network learns the task first."""

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from seqviz.experiment import Seq2SeqConfig, TransformerConfig
from seqviz.experiment.title import attention_of
from seqviz.figures.probes import shares
from seqviz.lab import RunView
from seqviz.language.words import listed, raised
from seqviz.ui.lessons.train.train.charts import BETTER, Board, baseline_of
from seqviz.ui.lessons.train.train.families import WRITING, family_of
from seqviz.ui.lessons.train.train.settings import PREDICTIONS, READING, TRANSLATING, WRITING_PREDICTIONS
from seqviz.ui.shell.page import Page

WINDOW = 20  # training steps over which a loss is averaged before it counts as learned


def draw_question(page: Page) -> None:
    """Ask for a prediction."""
    prediction = family_of(page["task"]).prediction
    if prediction is not None:
        page.control(prediction)


def draw_answer(page: Page, views: Sequence[RunView]) -> None:
    """Hold the prediction against the runs, once they have ended."""
    family = family_of(page["task"])
    if family.prediction is None or any(view.live for view in views):
        return
    if family is WRITING:
        said = written_answer(page["attention_prediction"], views)
        if said:
            st.success(said)
        return
    guess = page["prediction"]
    board = Board(views=views)
    baseline = baseline_of(board)
    if guess == "open" or baseline is None:
        return
    st.success(answer(guess, {name: learned_at(view, baseline) for name, view in board.named.items()}))


def answer(guess: str, learned: Mapping[str, int | None]) -> str:
    """Return in words which network learned first, and whether that was predicted.

    >>> answer("lstm", {"RNN": None, "LSTM": 300, "GRU": 90})
    'You predicted the LSTM; the GRU was first, at training step 90, then the LSTM at 300. The RNN has not learned it.'
    """
    order = sorted((step, name) for name, step in learned.items() if step is not None)
    never = [f"the {name}" for name, step in learned.items() if step is None]
    tail = f" {raised(listed(never))} {'has' if len(never) == 1 else 'have'} not learned it." if never else ""
    if not order:
        return f"You predicted the {PREDICTIONS[guess]}. Nobody has learned it yet: no loss fell clearly below the line."
    first = order[0][1]
    right = first.split()[0] == READING.get(guess)
    said = "As you predicted, the" if right else f"You predicted the {PREDICTIONS[guess]}; the"
    later = "".join(f", then the {name} at {step}" for step, name in order[1:])
    return f"{said} {first} was first, at training step {order[0][0]}{later}.{tail}"


def written_answer(guess: str, views: Sequence[RunView]) -> str:
    """Return in words which attention has the most held-out sentences exactly right, and whether that was predicted.

    Empty where nothing was predicted, or where fewer than two runs can be compared.
    """
    found: dict[str, tuple[float, str]] = {}
    for view in views:
        model, probes = view.experiment.model, view.probes
        if isinstance(model, Seq2SeqConfig | TransformerConfig) and probes is not None and probes.exact is not None:
            share, chosen = float(probes.exact[-1]), WRITING.chosen_as(model)
            title = attention_of(model) if isinstance(model, Seq2SeqConfig) else f"the {TRANSLATING[chosen]}"
            found[chosen] = max((share, f"{title} {shares(probes)}"), found.get(chosen, (-1.0, "")))
    if guess == "open" or len(found) < 2:
        return ""
    told = listed([said for _, said in sorted(found.values(), reverse=True)])
    best = max(share for share, _ in found.values())
    firsts = [attention for attention, (share, _) in found.items() if share == best]
    right = "As you predicted" if firsts == [guess] else f"You predicted {WRITING_PREDICTIONS[guess]}"
    return f"{right}; exactly right: {told}."


def learned_at(view: RunView, baseline: float) -> int | None:
    """Return the first training step at which the mean loss of the last steps is clearly below the baseline."""
    loss = np.asarray(view.metrics.loss)
    if len(loss) < WINDOW:
        return None
    means = np.convolve(loss, np.full(WINDOW, 1 / WINDOW), mode="valid")
    below = np.flatnonzero(means < BETTER * baseline)
    return int(view.metrics.step[below[0] + WINDOW - 1]) if below.size else None
