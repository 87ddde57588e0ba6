"""The views of the page "Influence of the past": one function each, from settings to figures."""

from collections.abc import Callable, Mapping

import numpy as np
import streamlit as st

from seqviz.experiment import CELLS
from seqviz.experiment.baseline import guessed_share
from seqviz.experiment.task import LagConfig
from seqviz.figures.influence import WITH, Panel, jacobian_ratio, lag_figure
from seqviz.figures.nudge import checks, nudge_error_figure, nudge_figure
from seqviz.language.words import change, fate
from seqviz.questions import INPUT_INFLUENCE, NUDGE
from seqviz.records import InputInfluence, Nudge
from seqviz.subjects.influence import DistantInputs
from seqviz.subjects.nudge import SIZES, NudgedNetwork
from seqviz.ui.components.figure import show
from seqviz.ui.lessons.gradient.influence.sentences import words
from seqviz.ui.lessons.gradient.influence.settings import GUESSES, NAME
from seqviz.ui.runs.sharing import BETWEEN_RUNS, write_run
from seqviz.ui.runs.shipped import shipped, shipped_experiment
from seqviz.ui.shell.cache import traced_many
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import Page
from seqviz.ui.shell.prediction import question

FRESH = ("length", "initialisation", "scale", "hidden_size")
DATA = {"with": "lag", "without": "noise"}


def nudge(page: Page) -> None:
    """Nudge an input, and hold what it changes later against the gradient."""
    page.control("size")
    picture, beside = st.columns([2.5, 1], gap="medium")
    with beside:
        page.control("cells")
        fresh = page.control("network") == "fresh"
        for name in FRESH if fresh else ():
            if page.applies(NudgedNetwork, name):
                page.control(name)
        records = _nudged(page, fresh)
        page.control("seed")
    with picture:
        one = next(iter(records.values()))
        at = int(np.abs(np.log(one.sizes / page["size"])).argmin())
        show(nudge_figure(records, at), key=f"{NAME}.nudge", name="nudge")
        later = page.control("later", high=len(one.predicted) - 1)
        show(nudge_error_figure(records, at, later), key=f"{NAME}.nudge_error", name="nudge-error")
        st.markdown(f":small[J·d at the last step, checked: {checks(records)}.]")


def _nudged(page: Page, fresh: bool) -> dict[str, Nudge]:
    cells, size = page["cells"], page["size"]
    runs = [""] * len(cells) if fresh else [shipped(f"adding-{cell}").run for cell in cells]
    length = page["length"] if fresh else _length(f"adding-{cells[0]}")
    at = page.control("nudged", high=length - 1)
    other = {} if size in SIZES else {"size": size}  # those of SIZES are in every record
    subjects = [
        page.config(NudgedNetwork, name=cell, run=run, nudged=at, **({"size": 0.1} | other))
        for cell, run in zip(cells, runs, strict=True)
    ]
    return dict(zip(cells, traced_many(tuple((NUDGE, subject) for subject in subjects)), strict=True))


def _length(name: str) -> int:
    return int(shipped_experiment(name).task.to_json()["length"] or 0)


def lag(page: Page) -> None:
    """The lag task with and without a dependency, before training and after; then a question about another network."""
    cell = page.control("cell")
    st.markdown(prose(NAME, "task").format(lag=_task(cell).lag))
    _drawn(cell, "lag")
    other = "rnn" if page["cell"] != "rnn" else "lstm"
    with question(page, prose(NAME, "predict").format(cell=CELLS[other])) as guess:
        if guess is None:
            return
        st.markdown(f"**{_drawn(other, 'predicted', guess)}** {prose(NAME, 'answer')}")


def _task(cell: str) -> LagConfig:
    task = shipped_experiment(f"lag-{cell}").task
    assert isinstance(task, LagConfig), "this is what its recipe trains it on"
    return task


def _drawn(cell: str, key: str, guess: str = "none") -> str:
    """Draw both runs of one cell, and return what became of the answer's Jacobian at the lag, with a dependency."""
    cards = {which: shipped(f"{data}-{cell}") for which, data in DATA.items()}
    panels = [(which, when) for when in ("before", "after") for which in DATA]
    asked = [DistantInputs(run=cards[which].run, trained=when == "after") for which, when in panels]
    records = dict(zip(panels, traced_many(tuple((INPUT_INFLUENCE, one) for one in asked)), strict=True))
    experiments = [shipped_experiment(f"{data}-{cell}") for data in DATA.values()]
    task = _task(cell)
    show(lag_figure(records, task.lag), key=f"{NAME}.{key}", name=f"lag-{cell}")
    right = " and ".join(
        f"{100 * card.metric:.0f} % {words}" for words, card in zip(WITH.values(), cards.values(), strict=True)
    )
    guessed = f"guessing gets {100 * guessed_share('lag'):.0f} %"
    anew = f"[See both runs](train?runs={BETWEEN_RUNS.join(map(write_run, experiments))})"
    st.markdown(f":small[{CELLS[cell]}: right on sequences drawn afresh: {right}; {guessed}. {_checked(records)} {anew}]")
    grown = jacobian_ratio(records, task.lag)
    became = f"It {change(grown)}."
    if guess == "none":
        return became
    return f"{became} {'You saw that.' if guess == fate(grown) else f'Your guess, “{GUESSES[guess]}”, is wrong.'}"


def _checked(records: Mapping[Panel, InputInfluence]) -> str:
    return f"∂L/∂x after training, with a dependency, checked: it {records['with', 'after'].agreement.sentence}."


VIEWS: Mapping[str, Callable[[Page], None]] = {"nudge": nudge, "lag": lag, "words": words}
