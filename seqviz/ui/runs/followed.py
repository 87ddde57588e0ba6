"""The runs that a lesson draws: looked up, trained and cancelled on request, and drawn anew every second while one trains."""

from collections.abc import Callable, Iterable, Mapping

import streamlit as st

from seqviz.errors import StoreError
from seqviz.experiment import Experiment
from seqviz.lab import RunView
from seqviz.language.words import raised
from seqviz.ui.runs.acting import RESTING, found, held, let_go
from seqviz.ui.runs.words import advice, chip, progress, share_done
from seqviz.ui.shell.cache import lab
from seqviz.ui.shell.live import live
from seqviz.ui.shell.page import Page, again, attempt, plain
from seqviz.ui.shell.person import known_person

WRONG = "A setting is not allowed: it says why."
UNFINISHED = (*RESTING, "queued", "running")

Experiments = Mapping[str, Experiment]
Views = Mapping[str, RunView]


def known(experiment: Experiment) -> RunView | None:
    """Return the experiment's run as it is now; None if it was never trained."""
    who = known_person()
    if who is None:
        return found(experiment)
    try:
        return lab().attend(experiment.run_id, who)
    except StoreError:
        return None


def known_of(experiments: Experiments) -> dict[str, RunView]:
    """Return the runs that have been trained, by label."""
    views = {label: known(experiment) for label, experiment in experiments.items()}
    return {label: view for label, view in views.items() if view is not None}


def train(experiments: Iterable[Experiment], who: str, ancestors: Iterable[Experiment] = ()) -> None:
    """Train each of the experiments, or go on with it where it rests.

    Raises:
        SeqvizError: this server does not take one of them.
    """
    for experiment in experiments:
        lab().submit(experiment, person=who, ancestors=tuple(ancestors))


def offer(page: Page, experiments: Experiments, label: str, *, key: str, ancestors: tuple[Experiment, ...] = ()) -> None:
    """Draw the button that trains what is not trained yet, and the one that cancels what the person trains; do as pressed.

    Args:
        page: its address is kept in step.
        experiments: by name.
        label: of the button that trains.
        key: of both buttons.
        ancestors: of the experiments.
    """
    views, who = known_of(experiments), known_person()
    mine = [] if who is None else held(views.values(), who)
    left = [each for name, each in experiments.items() if name not in views or views[name].state in RESTING]
    why_not = WRONG if page.wrong else _why_not(views, left)
    trains = cancels = False
    with st.container(horizontal=True, width="content"):
        if left or not mine:
            trains = st.button(label, key=f"{key}.train", type="primary", disabled=who is None or bool(why_not))
        if mine:
            cancels = st.button("Cancel", key=f"{key}.cancel")
    if why_not and (left or not mine):
        st.caption(why_not)
    if who is None or not (trains or cancels):
        return
    if attempt(lambda: let_go(mine, who) if cancels else train(left, who, ancestors)):
        again(page)


def _why_not(views: Views, left: Iterable[Experiment]) -> str:
    if left:
        return ""
    if any(view.live for view in views.values()):
        return "Somebody else trains this: it is drawn as it goes."
    return "Trained to the end: change a setting to train another."


def follow(page: Page, experiments: Experiments, draw: Callable[[Views], None]) -> None:
    """Call ``draw`` with the runs that are known, and again every second while one of them trains."""
    follow_found(page, lambda: known_of(experiments), draw)


def follow_found(page: Page, find: Callable[[], Views], draw: Callable[[Views], None]) -> None:
    """Call ``draw`` with the runs that ``find`` gives as they are now, and again every second while one of them trains."""
    views = find()
    before = _states(views)  # which the buttons follow
    live(page, find, draw, moves=any(view.live for view in views.values()), changed=lambda now: _states(now) != before)


def _states(views: Views) -> list[tuple[str, str]]:
    return [(label, view.state) for label, view in views.items()]


def bar(view: RunView, called: str, at: int | None = None) -> None:
    """Draw how far a run is, at the training step shown (None: the newest), after what it is ``called``."""
    st.progress(share_done(view, at), text=f"{called} {chip(view, at)[0]} · {progress(view, at=at)}")


def tell(views: Views, titles: Mapping[str, str] | None = None) -> None:
    """Show the state of each run that is not done, and what to do about one that went wrong.

    Args:
        views: by label.
        titles: of the labels, for use in a sentence; the labels themselves by default.
    """
    for label, view in views.items():
        title = raised(label if titles is None else titles[label])
        if view.state in UNFINISHED:
            bar(view, f"{title}:")
        if advice(view):
            st.caption(f"{title}: {plain(advice(view))}")
