"""Runs of feed-forward networks on the page "Depth": found, trained, stopped, and followed while they train."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from seqviz.errors import StoreError
from seqviz.experiment import Experiment
from seqviz.lab import RunView
from seqviz.ui.cached import lab
from seqviz.ui.page import Page, shown_errors
from seqviz.ui.person import known_person
from seqviz.ui.training.runs import held, let_go
from seqviz.ui.training.words import advice, chip, progress, share_done

TICK_SECONDS = 1.0
RESTING = ("paused", "stopped", "interrupted", "failed")

Experiments = Mapping[str, Experiment]
Views = dict[str, RunView]


def known(experiments: Experiments) -> Views:
    """Return the runs that there are of these experiments, as they are now."""
    found = {name: _view(experiment) for name, experiment in experiments.items()}
    return {name: view for name, view in found.items() if view is not None}


def follow(page: Page, experiments: Experiments, draw: Callable[[Views], None], key: str, label: str) -> None:
    """Draw the runs that there are, anew every second while one of them trains, and the buttons that train and stop them.

    Args:
        page: whose address is kept in step.
        experiments: by name.
        draw: draws the runs that there are.
        key: of the buttons.
        label: of the one that trains.
    """
    before = known(experiments)
    states = _states(before)

    @st.fragment(run_every=TICK_SECONDS if any(view.live for view in before.values()) else None)
    def tick() -> None:
        with shown_errors():
            now = known(experiments)
            if _states(now) != states:
                page.write_link()
                st.rerun()  # the buttons follow the states
            draw(now)
            for name, view in now.items():
                _stand(name, view)

    tick()
    _buttons(experiments, before, key, label)


def _view(experiment: Experiment) -> RunView | None:
    who = known_person()
    try:
        return lab().view(experiment.run_id) if who is None else lab().attend(experiment.run_id, who)
    except StoreError:  # nobody trained it here
        return None


def _states(views: Views) -> list[tuple[str, str]]:
    return [(view.id, view.state) for view in views.values()]


def _stand(name: str, view: RunView) -> None:
    if view.state != "done":
        st.progress(share_done(view), text=f"{name.capitalize()}: {chip(view)[0]} · {progress(view)}")
    if advice(view):
        st.caption(advice(view))


def _buttons(experiments: Experiments, views: Views, key: str, label: str) -> None:
    wanted = [one for name, one in experiments.items() if name not in views or views[name].state in RESTING]
    who = known_person()
    early, mine = who is None, [] if who is None else held(views.values(), who)
    with st.container(horizontal=True):
        if wanted:
            st.button(label, key=f"{key}.train", type="primary", disabled=early, on_click=_train, args=(wanted,))
        if mine:
            st.button("Stop", key=f"{key}.stop", on_click=_stop, args=(mine,))


def _train(experiments: Sequence[Experiment]) -> None:
    who = known_person()
    if who is None:
        return
    with shown_errors():
        for experiment in experiments:
            lab().submit(experiment, person=who)


def _stop(views: Sequence[RunView]) -> None:
    who = known_person()
    if who is None:
        return
    with shown_errors():
        let_go(views, who)
