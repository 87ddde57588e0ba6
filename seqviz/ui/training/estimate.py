"""How long training would take, timed on a worker before it begins."""

import json

import streamlit as st

from seqviz.errors import SeqvizError
from seqviz.experiment import Experiment
from seqviz.experiment.subject import TimedSteps
from seqviz.figures.words import listed
from seqviz.ui.cached import lab
from seqviz.ui.page import Page, one_sentence, plain
from seqviz.ui.training.settings import asked_for
from seqviz.ui.training.words import duration, labels

_TOLD = "train.estimate_told"


def offer_estimate(page: Page) -> None:
    """Draw a button that times a few training steps, and what it found while the form still asks for the same."""
    pressed = st.button("How long will this take?", key="train.estimate", help="Times a few training steps on a worker.")
    try:
        wanted = asked_for(page, "")
        if pressed:
            with st.spinner("Timing a few training steps …", show_time=True):
                st.session_state[_TOLD] = ([one.run_id for one in wanted], estimate(wanted))
    except SeqvizError as error:
        if pressed:
            st.error(plain(one_sentence(error)))
        return
    asked, told = st.session_state.get(_TOLD, ([], ""))
    if asked == [one.run_id for one in wanted]:
        st.caption(told)


def estimate(wanted: list[Experiment]) -> str:
    """Return how long each of the runs would take alone, in words, and how that is known."""
    paces = [lab().trace("pace", TimedSteps(experiment=json.dumps(one.to_json()))) for one in wanted]
    parts = [
        f"{duration(pace.seconds_a_step * one.training.steps)} for the {label} ({1000 * pace.seconds_a_step:.0f} ms a step)"
        for label, one, pace in zip(labels(wanted), wanted, paces, strict=True)
    ]
    begins = duration(max(pace.seconds_to_begin for pace in paces))
    return (
        f"About {listed(parts)}, after {begins} for making the sentences ready: timed over {paces[0].steps} training steps on "
        "this server just now. Networks that share a processor take longer."
    )
