"""The runs that the page draws: looked up, trained on request, and drawn anew every second while one of them trains."""

from collections.abc import Callable, Iterable, Mapping

import streamlit as st

from seqviz.errors import StoreError
from seqviz.experiment import Experiment
from seqviz.lab import RunView
from seqviz.ui.cached import lab
from seqviz.ui.page import Page, shown_errors
from seqviz.ui.person import known_person
from seqviz.ui.training.runs import RESTING, again, attempt
from seqviz.ui.training.words import advice, chip, progress, share_done

TICK_SECONDS = 1.0
WRONG = "A setting is not allowed: it says why."
UNFINISHED = (*RESTING, "queued", "running")

Views = Mapping[str, RunView]


def known(experiment: Experiment) -> RunView | None:
    """Return the experiment's run as it is now; None where nobody has trained it."""
    who = known_person()
    try:
        return lab().view(experiment.run_id) if who is None else lab().attend(experiment.run_id, who)
    except StoreError:
        return None


def known_of(experiments: Mapping[str, Experiment]) -> dict[str, RunView]:
    """Return the runs that somebody has trained, by label."""
    found = {label: known(experiment) for label, experiment in experiments.items()}
    return {label: view for label, view in found.items() if view is not None}


def train(experiments: Iterable[Experiment], who: str, ancestors: Iterable[Experiment] = ()) -> None:
    """Train each of the experiments, or go on with it where it rests.

    Raises:
        SeqvizError: this server does not take one of them.
    """
    for experiment in experiments:
        lab().submit(experiment, person=who, ancestors=tuple(ancestors))


def offer(
    page: Page, experiments: Mapping[str, Experiment], label: str, *, key: str, ancestors: tuple[Experiment, ...] = ()
) -> None:
    """Draw the button that trains what is not trained yet, or that cancels it while it trains; do what was pressed."""
    views, who = known_of(experiments), known_person()
    live = [view for view in views.values() if view.live]
    left = [each for name, each in experiments.items() if name not in views or views[name].state in RESTING]
    if live:
        if st.button("Cancel", key=f"{key}.cancel", disabled=who is None) and who is not None:
            for view in live:
                lab().stop(view.id, who)
            again(page)
        return
    why_not = "" if left else "Trained to the end: change a setting to train another."
    if page.wrong:
        why_not = WRONG
    pressed = st.button(label, key=f"{key}.train", type="primary", disabled=who is None or bool(why_not))
    if why_not:
        st.caption(why_not)
    if pressed and who is not None and attempt(lambda: train(left, who, ancestors)):
        again(page)


def follow(page: Page, experiments: Mapping[str, Experiment], draw: Callable[[Views], None]) -> None:
    """Call ``draw`` with the runs that are known, and again every second while one of them trains."""
    views = known_of(experiments)
    before = [(label, view.state) for label, view in views.items()]

    @st.fragment(run_every=TICK_SECONDS if any(view.live for view in views.values()) else None)
    def tick() -> None:
        with shown_errors():
            now = known_of(experiments)
            if [(label, view.state) for label, view in now.items()] != before:
                again(page)
            draw(now)

    tick()


def tell(views: Views, titles: Mapping[str, str]) -> None:
    """Say where each run stands that is not simply done, and what to do about one that went wrong."""
    for label, view in views.items():
        if view.state in UNFINISHED:
            word, _ = chip(view)
            st.progress(share_done(view), text=f"{titles[label]}: {word} · {progress(view)}")
        if advice(view):
            st.caption(f"{titles[label][:1].upper()}{titles[label][1:]}: {advice(view)}")
