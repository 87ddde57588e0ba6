"""Time by length, measured live: a figure at once, which grows by one length at a time."""

from collections.abc import Sequence
from time import monotonic

import streamlit as st

from seqviz.errors import SeqvizError
from seqviz.figures.distance import times_figure, waiting_figure
from seqviz.questions import LENGTH_TIMES
from seqviz.records import LengthTimes
from seqviz.settings import settings
from seqviz.subjects.distance import LENGTHS, NETWORKS, TimedLength
from seqviz.ui.components.figure import show
from seqviz.ui.lessons.transformer.distance.settings import LONGEST, NAME
from seqviz.ui.shell.cache import traced
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.live import live
from seqviz.ui.shell.page import Page, one_sentence, plain, shown_errors

ANSWER_SECONDS = 0.15  # what would take longer waits until what is measured so far is drawn
PAUSE_SECONDS = 0.2  # before the next length
STILL_SECONDS = 0.5  # without a change before a longer length is timed, so that moving a slider on need not wait for it

Measured = tuple[list[LengthTimes], SeqvizError | None]


def times(page: Page) -> None:
    """How long a sequence takes, and how much of it must wait."""
    picture, beside = st.columns([2.5, 1], gap="medium")
    timed = [each for each in LENGTHS if each <= settings().limits.length] or LENGTHS[:1]
    with beside:
        family = page.control("family")
        if timed[-1] > LENGTHS[3]:  # else there is nothing to choose
            page.control("furthest", high=min(LONGEST[family], timed[-1]))
        for name in ("layers", "width", "heads"):
            page.control(name)
        st.button("Measure again", key=f"{NAME}.again_button", on_click=_again, args=(page,))
    with picture, shown_errors():
        lengths = [each for each in timed if each <= page["furthest"]]
        _measured(page, [page.config(TimedLength, length=each) for each in lengths])
        waits = waiting_figure(lengths, page["layers"], NETWORKS[page["family"]])
        show(waits, key=f"{NAME}.waiting", name="states-one-after-another")
        st.markdown(prose(NAME, "time"))


def _again(page: Page) -> None:
    page["again"] = (page["again"] + 1) % 1000


def _measured(page: Page, subjects: Sequence[TimedLength]) -> None:
    """Draw what there is time to measure now, and then more and more of it."""
    begun, failed = _as_far(subjects)
    goes_on = monotonic() + STILL_SECONDS
    waits = failed is None and len(begun) < len(subjects)

    def find() -> Measured:
        return _as_far(subjects) if waits and monotonic() > goes_on else (begun, failed)

    def ended(now: Measured) -> bool:  # nothing is left to measure
        return waits and (now[1] is not None or len(now[0]) == len(subjects))

    def draw(now: Measured) -> None:
        _draw(now[0], subjects, now[1])

    live(page, find, draw, moves=waits, changed=ended, seconds=PAUSE_SECONDS)


def _as_far(subjects: Sequence[TimedLength]) -> Measured:
    """Return the times at the first lengths: all those known already, and of others as many as an answer has time for.

    A length that was refused ends them, with its error; it is not asked for again until all is measured anew.
    """
    known, ends = _known(subjects), monotonic() + ANSWER_SECONDS
    for subject in subjects:
        if subject not in known:
            began = monotonic()
            known[subject] = _timed(subject)
            if 2 * monotonic() - began > ends:  # the next is longer, and takes longer
                break
        if isinstance(known[subject], SeqvizError):
            break
    told = [known[subject] for subject in subjects if subject in known]
    refused = next((each for each in told if isinstance(each, SeqvizError)), None)
    return [each for each in told if not isinstance(each, SeqvizError)], refused


def _timed(subject: TimedLength) -> LengthTimes | SeqvizError:
    try:
        measured = traced(LENGTH_TIMES, subject)
    except SeqvizError as error:
        return error
    return measured


def _known(subjects: Sequence[TimedLength]) -> dict[TimedLength, LengthTimes | SeqvizError]:
    """Return what this visitor has of them already; what is no longer asked for is let go."""
    key = f"{NAME}.timed"
    held: dict[TimedLength, LengthTimes | SeqvizError] = st.session_state.get(key, {})
    st.session_state[key] = known = {subject: held[subject] for subject in subjects if subject in held}
    return known


def _draw(found: Sequence[LengthTimes], subjects: Sequence[TimedLength], refused: SeqvizError | None) -> None:
    family = subjects[0].family
    show(times_figure(found, NETWORKS[family]), key=f"{NAME}.times", name="time-by-length")
    if found:
        said = f"{prose(NAME, f'timed-{family}')} {prose(NAME, 'measured')} {found[-1].machine}."
        left = subjects[len(found) :] if refused is None else ()
        st.caption(f"{said} Measuring T = {left[0].length} …" if left else said)
    if refused is not None:
        st.error(plain(f"T = {subjects[len(found)].length}: {one_sentence(refused)}"))
