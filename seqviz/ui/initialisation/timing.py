"""How long a race would take, timed on a worker before it begins."""

import json

import streamlit as st

from seqviz.experiment import CELLS
from seqviz.experiment.subject import TimedSteps
from seqviz.figures.words import listed
from seqviz.ui.cached import lab
from seqviz.ui.initialisation.settings import NAME, Race, asked_for
from seqviz.ui.page import Page, shown_errors
from seqviz.ui.training.words import duration

_TOLD = f"{NAME}.estimate_told"


def offer_estimate(page: Page) -> None:
    """Draw a button that times a few training steps, and what it found while the settings still ask for the same."""
    pressed = st.button("How long will this take?", key=f"{NAME}.estimate", help="Times a few training steps on a worker.")
    wanted = asked_for(page)
    if pressed:
        with shown_errors(), st.spinner("Timing a few training steps …", show_time=True):
            st.session_state[_TOLD] = (wanted.written, estimate(wanted))
    asked, told = st.session_state.get(_TOLD, ("", ""))
    if asked == wanted.written:
        st.caption(told)


def estimate(race: Race) -> str:
    """Return how long one run of each kind of network takes alone, and all runs one after another, in words.

    How a network begins does not change its pace, so one of each kind is timed.

    Raises:
        SeqvizError: this server does not take the race.
    """
    runs = list(race.experiments.values())
    kinds = {one.model.name: one for one in runs}
    paces = {kind: lab().trace("pace", TimedSteps(experiment=json.dumps(one.to_json()))) for kind, one in kinds.items()}
    seconds = {kind: pace.seconds_a_step * race.steps for kind, pace in paces.items()}
    told = listed([f"{duration(each)} for {'an' if kind != 'gru' else 'a'} {CELLS[kind]}" for kind, each in seconds.items()])
    whole = f"; all {len(runs)} one after another {duration(sum(seconds[one.model.name] for one in runs))}"
    timed = next(iter(paces.values())).steps
    return f"About {told}{whole if len(runs) > 1 else ''}: timed over {timed} training steps on this server just now."
