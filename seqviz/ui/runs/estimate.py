"""How long training would take, timed on a worker before it begins."""

import json
from collections.abc import Callable, Sequence

import streamlit as st

from seqviz.errors import SeqvizError
from seqviz.experiment import Experiment
from seqviz.experiment.cells import CELL_SPECS
from seqviz.language.words import listed
from seqviz.questions import PACE
from seqviz.records import Pace
from seqviz.subjects.pace import TimedSteps
from seqviz.ui.runs.words import duration, labels
from seqviz.ui.shell.cache import lab
from seqviz.ui.shell.page import one_sentence, plain

Experiments = Sequence[Experiment]


def offer_estimate(asked_for: Callable[[], Experiments], say: Callable[[Experiments], str], *, key: str) -> None:
    """Draw a button that times a few training steps, and what it found while the settings still ask for the same.

    Args:
        asked_for: gives the experiments that the page's settings ask for; may raise a SeqvizError where they do not go
            together.
        say: returns how long these take, in words: :func:`estimate` or :func:`estimate_by_kind`.
        key: of the page.
    """
    kept = f"{key}.estimate_told"
    pressed = st.button("How long will this take?", key=f"{key}.estimate", help="Times a few training steps on a worker.")
    try:
        wanted = asked_for()
        if pressed:
            with st.spinner("Timing a few training steps …", show_time=True):
                st.session_state[kept] = ([one.run_id for one in wanted], say(wanted))
    except SeqvizError as error:
        if pressed:
            st.error(plain(one_sentence(error)))
        return
    asked, told = st.session_state.get(kept, ([], ""))
    if asked == [one.run_id for one in wanted]:
        st.caption(told)


def estimate(wanted: Experiments) -> str:
    """Return how long each of the runs would take alone, in words, and how that is known."""
    paces = [_timed(one) for one in wanted]
    parts = [
        f"{duration(pace.seconds_a_step * one.training.steps)} for the {label} ({1000 * pace.seconds_a_step:.0f} ms a step)"
        for label, one, pace in zip(labels(wanted), wanted, paces, strict=True)
    ]
    begins = duration(max(pace.seconds_to_begin for pace in paces))
    return (
        f"About {listed(parts)}, after {begins} for making the sentences ready: timed over {paces[0].steps} training steps on "
        "this server just now. Networks that share a processor take longer."
    )


def estimate_by_kind(wanted: Experiments) -> str:
    """Return how long one run of each kind of cell takes alone, and all runs one after another, in words.

    How a network begins does not change its pace, so one of each kind is timed.

    Raises:
        SeqvizError: this server does not take one of them.
    """
    paces = {kind: _timed(one) for kind, one in {one.model.name: one for one in wanted}.items()}
    seconds = [paces[one.model.name].seconds_a_step * one.training.steps for one in wanted]
    alone = dict(zip((one.model.name for one in wanted), seconds, strict=True))
    told = listed([f"{duration(each)} for {CELL_SPECS[kind].one}" for kind, each in alone.items()])
    whole = f"; all {len(wanted)} one after another {duration(sum(seconds))}" if len(wanted) > 1 else ""
    timed = next(iter(paces.values())).steps
    return f"About {told}{whole}: timed over {timed} training steps on this server just now."


def _timed(experiment: Experiment) -> Pace:
    return lab().trace(PACE, TimedSteps(experiment=json.dumps(experiment.to_json())))
