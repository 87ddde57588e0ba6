"""Which units of a character model follow the text they read."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from seqviz.errors import ConfigError, MissingTextError, TextError
from seqviz.experiment import Experiment, RecurrentConfig
from seqviz.experiment.task import CharactersConfig
from seqviz.experiment.vocabulary import Vocabulary
from seqviz.measures.properties import PROPERTIES, definition_from, property_values
from seqviz.measures.units import rank_units
from seqviz.models import trained_model
from seqviz.records import UnitRanking
from seqviz.settings import settings
from seqviz.store import Store, open_store
from seqviz.subjects.units import UNSEEN, UnitSearch, arrays_of
from seqviz.tasks.characters import split_text
from seqviz.tracing.gates import trace_gates

CHARACTERS = 20_000  # read at most
PIECE = 1000  # characters that are read in one go, side by side
BEFORE = 100  # characters read before each piece, so that the state is not a fresh one


def answer_units(subject: UnitSearch) -> UnitRanking:
    """Return how well each unit follows each property of text that the model has not learned from.

    The text is the held-out part of the run's own; where this server lacks it, source shipped with the app.

    Raises:
        StoreError: there is no such run, or its weights at that step were not kept.
        ConfigError: the run is no character model, or its network has no such state, gate, layer or direction.
        TextError: there is too little text.
    """
    store = open_store()
    experiment = store.run(subject.run).experiment
    if not isinstance(experiment.task, CharactersConfig):
        raise ConfigError(f"units are searched in character models only; run {subject.run} learned another task")
    _check_place(subject, experiment.recurrent)
    text = unlearned_text(experiment, store)
    model = trained_model(experiment.recurrent, store.weights(subject.run, subject.step), answer="every")
    symbols = Vocabulary(store.vocabulary(subject.run) or "").encode(text)
    values = _read(model.rnn, torch.from_numpy(symbols), subject)
    read = slice(BEFORE, BEFORE + len(values))
    return rank_units(values, property_values(text)[:, read], [one.yes_or_no for one in PROPERTIES.values()])


def unlearned_text(experiment: Experiment, store: Store) -> str:
    """Return text that the run has not learned from, beginning with a definition where it is Python.

    Raises:
        MissingTextError: neither the run's text nor the shipped source is here.
    """
    task = experiment.task
    assert isinstance(task, CharactersConfig)
    try:
        held_out = split_text(store.texts.read(task.text), task.length)[1]
    except MissingTextError:
        file = Path(settings().store.pretrained) / UNSEEN
        if not task.text.startswith("python") or not file.is_file():
            raise
        held_out = file.read_text(encoding="utf-8")
    first = definition_from(held_out, 0)
    return held_out[first : first + CHARACTERS]


def _check_place(subject: UnitSearch, model: RecurrentConfig) -> None:
    arrays = arrays_of(model.name)
    if subject.array not in arrays:
        raise ConfigError(f"this network has {', '.join(arrays)}; it has no {subject.array}")
    if subject.layer >= model.layers:
        layers = "1 layer" if model.layers == 1 else f"{model.layers} layers"
        raise ConfigError(f"this network has {layers}; there is no layer {subject.layer} here")
    if subject.direction > model.bidirectional:
        raise ConfigError(f"this network reads forward only; there is no direction {subject.direction} here")


def _read(rnn: nn.RNNBase, symbols: Tensor, subject: UnitSearch) -> np.ndarray:
    """Return what the array did (time, unit), from the character number ``BEFORE`` on, piece by piece."""
    piece = min(PIECE, len(symbols) - BEFORE)
    if piece < 2:
        raise TextError(f"a search for units needs at least {BEFORE + 2} characters of text, got {len(symbols)}")
    windows = symbols.unfold(0, BEFORE + piece, piece)
    trace = trace_gates(rnn, F.one_hot(windows, rnn.input_size).float())
    values = {"hidden": trace.hidden, "cell": trace.cell, **trace.gates}[subject.array]
    assert values is not None
    return values[subject.layer, subject.direction, :, BEFORE:].reshape(-1, rnn.hidden_size)
