"""Time by length, measured there and then: a picture at once, which grows by a length at a time."""

from collections.abc import Sequence
from time import monotonic

import streamlit as st

from seqviz.experiment.distance import LENGTHS, NETWORKS, TimedLength
from seqviz.figures.distance import times_figure, waiting_figure
from seqviz.records import LengthTimes
from seqviz.ui.cached import traced
from seqviz.ui.content import prose
from seqviz.ui.distance.settings import LONGEST, NAME
from seqviz.ui.figure import show
from seqviz.ui.page import Page, shown_errors
from seqviz.ui.training.runs import again

ANSWER_SECONDS = 0.15  # after which what is measured so far is drawn
PAUSE_SECONDS = 0.2  # before the next length


def times(page: Page) -> None:
    """How long a sequence takes, and how much of it must wait."""
    picture, beside = st.columns([2.5, 1], gap="medium")
    with beside:
        page.control("furthest", high=LONGEST[page.control("family")])
        for name in ("layers", "width", "heads"):
            page.control(name)
        st.button("Measure again", key=f"{NAME}.again_button", on_click=_again, args=(page,))
    with picture, shown_errors():
        lengths = [each for each in LENGTHS if each <= page["furthest"]]
        _measured(page, [page.config(TimedLength, length=each) for each in lengths])
        waits = waiting_figure(lengths, page["layers"], NETWORKS[page["family"]])
        show(waits, key=f"{NAME}.waiting", name="states-one-after-another")
        st.markdown(prose(NAME, "time"))


def _again(page: Page) -> None:
    page["again"] = (page["again"] + 1) % 1000


def _measured(page: Page, subjects: Sequence[TimedLength]) -> None:
    """Draw what there is time to measure now, and then more and more of it."""
    begun = _as_far(subjects)
    ahead = [begun]  # what the run that brings the page has measured already

    @st.fragment(run_every=PAUSE_SECONDS if len(begun) < len(subjects) else None)
    def grow() -> None:
        with shown_errors():
            found = ahead.pop() if ahead else _as_far(subjects)
            if len(begun) < len(found) == len(subjects):
                again(page)  # nothing is left to measure
            _draw(found, subjects)

    grow()


def _as_far(subjects: Sequence[TimedLength]) -> list[LengthTimes]:
    """Return the times at the first lengths: all those known already, and of others as many as an answer has time for."""
    known, ends = _known(subjects), monotonic() + ANSWER_SECONDS
    for subject in subjects:
        if subject not in known:
            known[subject] = traced("timed_length", subject)
            if monotonic() > ends:
                break
    return [known[subject] for subject in subjects if subject in known]


def _known(subjects: Sequence[TimedLength]) -> dict[TimedLength, LengthTimes]:
    """Return what this visitor has of them already; what is no longer asked for is let go."""
    key = f"{NAME}.timed"
    held: dict[TimedLength, LengthTimes] = st.session_state.get(key, {})
    st.session_state[key] = {subject: held[subject] for subject in subjects if subject in held}
    known: dict[TimedLength, LengthTimes] = st.session_state[key]
    return known


def _draw(found: Sequence[LengthTimes], subjects: Sequence[TimedLength]) -> None:
    family = subjects[0].family
    show(times_figure(found, NETWORKS[family]), key=f"{NAME}.times", name="time-by-length")
    said = f"{prose(NAME, f'timed-{family}')} {prose(NAME, 'measured')} {found[-1].machine}."
    left = subjects[len(found) :]
    st.caption(f"{said} Measuring T = {left[0].length} …" if left else said)
