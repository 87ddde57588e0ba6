"""What is read: which network, which text, and everything that happened inside."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from seqviz.errors import ConfigError, StoreError
from seqviz.experiment import CELLS, Experiment
from seqviz.experiment.task import CharactersConfig
from seqviz.experiment.vocabulary import Vocabulary
from seqviz.figures.gates import gate_values
from seqviz.records import GateTrace
from seqviz.subjects.recurrent import RunMoment
from seqviz.subjects.units import UnitSearch, arrays_of
from seqviz.ui.lessons.recurrent.gates.settings import SHOWN
from seqviz.ui.runs.networks import Network
from seqviz.ui.runs.sharing import write_run
from seqviz.ui.runs.shipped import shipped
from seqviz.ui.shell.cache import lab, traced_gates
from seqviz.ui.shell.page import Page

TRAIN = "pages/train/train.py"


@dataclass(frozen=True, kw_only=True)
class Reader(Network):
    """A network that has learned to predict the next character."""

    @property
    def cell(self) -> str:
        """Its kind: "rnn", "lstm" or "gru"."""
        return self.experiment.model.name

    @property
    def learned(self) -> str:
        """The name of the text that it learned from."""
        task = self.experiment.task
        assert isinstance(task, CharactersConfig)
        return task.text

    @property
    def shown(self) -> dict[str, str]:
        """What its units can be coloured by, by name, with titles."""
        held = arrays_of(self.cell)
        return {name: title for name, title in SHOWN.items() if name in held or (name == "tanh" and "cell" in held)}

    def search(self, array: str, layer: int, direction: int) -> UnitSearch:
        """Return the search through the units of an array."""
        return UnitSearch(
            run=self.run, step=self.step, array="cell" if array == "tanh" else array, layer=layer, direction=direction
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A network's reading of one text."""

    text: str
    trace: GateTrace
    known: np.ndarray  # whether the network knows each character
    array: str
    layer: int
    direction: int

    @property
    def values(self) -> np.ndarray:
        """What the units did, (time, unit)."""
        values: np.ndarray = gate_values(self.trace, self.array)[self.layer, self.direction, 0]
        return values


def chosen_reader(page: Page) -> Reader:
    """Draw the choice of a network and return it; a run that the link names comes first.

    Raises:
        ConfigError: the run learned another task.
        StoreError: the run is not here.
    """
    if not page["run"]:
        return pretrained(page.control("network"))
    experiment: Experiment = page["run"][0]
    if not isinstance(experiment.task, CharactersConfig):
        raise ConfigError("this page reads text, so it needs a character model; the run in the link learned another task")
    manifest = lab().store.manifest(experiment.run_id)
    if manifest is None:
        st.page_link(TRAIN, label="Train it", query_params={"runs": write_run(experiment)})
        raise StoreError(f"the run {experiment.run_id} is not trained here; train it, then open this link again")
    step, units = manifest.status.steps_done, experiment.recurrent.hidden_size
    st.caption(f"Your own run: {CELLS[experiment.model.name]}, {units} units, after {step:,} training steps.")
    return Reader(run=experiment.run_id, experiment=experiment, step=step)


def pretrained(cell: str) -> Reader:
    """Return the shipped character model of one kind.

    Raises:
        StoreError: it is not there.
    """
    card = shipped(f"characters-{cell}")
    experiment = lab().store.experiment(card.run)
    if experiment is None:
        raise StoreError(f"the {CELLS[cell]} that comes with the app is missing; `python -m seqviz pretrain` trains it again")
    return Reader(run=card.run, experiment=experiment, step=experiment.last_step)


def chosen_array(page: Page, reader: Reader) -> tuple[str, int, int]:
    """Draw the choice of what to colour by, and of layer and direction where there are several; return the three."""
    if page["array"] not in reader.shown:
        page["array"] = "hidden"
    array = page.control("array", titles=reader.shown)
    model = reader.experiment.model
    return array, _place(page, "layer", model.layers), _place(page, "direction", 2 if model.bidirectional else 1)


def _place(page: Page, name: str, count: int) -> int:
    if count == 1:
        return 0
    place: int = page.control(name, high=count - 1)
    return place


def read(reader: Reader, text: str, place: tuple[str, int, int]) -> Reading:
    """Let the network read ``text``.

    Raises:
        SeqvizError: the run or the text cannot be read.
    """
    array, layer, direction = place
    trace = traced_gates(RunMoment(run=reader.run, step=reader.step, text=text, loss="every"))
    vocabulary = Vocabulary(lab().store.vocabulary(reader.run) or "")
    known = vocabulary.encode(text) != vocabulary.unknown
    return Reading(text=text, trace=trace, known=known, array=array, layer=layer, direction=direction)
