"""The runs on the board: found again, taken up, started, stepped, paused. All that changes a run goes through the Lab here."""

from collections.abc import Iterable, Sequence

import streamlit as st

from seqviz.errors import SeqvizError
from seqviz.experiment import Experiment, Parent
from seqviz.lab import RunView
from seqviz.settings import settings
from seqviz.ui.lessons.train.train.settings import asked_for, training_of
from seqviz.ui.runs.acting import ENDED, all_taken_up
from seqviz.ui.runs.moment import NOW, is_past, rest
from seqviz.ui.shell.cache import lab
from seqviz.ui.shell.page import Page


def shown_runs(page: Page, who: str | None) -> tuple[list[RunView], list[str]]:
    """Return the runs that the page's link names, as they are now, and why others cannot be shown.

    Those never trained here are trained.
    """
    found, problems = all_taken_up({one.run_id: one for one in page["runs"]}, who, page["ancestors"])
    views = list(found.values())
    if who is not None:
        _keep_in_link(page, views)
    return views, problems


def find_again(page: Page, who: str | None) -> None:
    """Put the person's runs that still train on an empty board, once a session: a new tab finds them again."""
    if who is None or page["runs"] or st.session_state.get("train.looked"):
        return
    st.session_state["train.looked"] = True
    mine = [one.run_id for one in lab().store.handles.of(who) if one.state == "active"]
    views = [lab().attend(run_id, who) for run_id in mine[: settings().limits.runs_on_a_page]]
    show(page, [view for view in views if view.live])


def show(page: Page, views: Iterable[RunView]) -> None:
    """Put these runs on the board, and into the link."""
    views = list(views)
    page["runs"] = tuple(view.experiment for view in views)
    page["ancestors"] = tuple({one.run_id: one for view in views for one in view.ancestors}.values())


def asked(page: Page) -> list[Experiment]:
    """Return the experiments that the form asks for, a text named by its content.

    Raises:
        ConfigError: the settings do not go together.
        TextError: this server does not have the text.
    """
    return asked_for(page, lab().store.texts.resolve(page["text"]) if page["task"] == "characters" else "")


def train(page: Page, who: str) -> list[RunView]:
    """Train what the form asks for, in place of what was on the board."""
    page["at"] = NOW
    return _started(page, asked(page), who, None)


def ended(page: Page, views: Sequence[RunView]) -> bool:
    """Return whether the runs that the form asks for are trained to the end, and that end is shown."""
    if is_past(page, views) or not all(view.state in ENDED for view in views):
        return False
    try:
        return same_as_asked(asked(page), views)
    except SeqvizError:  # the form's settings do not go together; pressing Train says so
        return False


def step(page: Page, views: Sequence[RunView], who: str) -> list[RunView]:
    """Go one training step further, and rest there: the moment shown if it is in the past, else the runs themselves."""
    wanted = asked(page)
    if not same_as_asked(wanted, views):
        page["at"] = NOW
        return _started(page, wanted, who, wanted[0].first_step + 1)
    if is_past(page, views):
        page["at"] = page["at"] + 1
        return list(views)
    page["at"] = NOW
    return [_stepped(view, who) for view in views]


def reset(page: Page, views: Sequence[RunView], who: str) -> list[RunView]:
    """Show the networks before their first training step; what was learned stays in the runs."""
    wanted = asked(page)
    if not same_as_asked(wanted, views):
        views = _started(page, wanted, who, wanted[0].first_step)
    rest(views, who)
    page["at"] = min((view.experiment.first_step for view in views), default=0)
    return list(views)


def branch(page: Page, view: RunView, views: Sequence[RunView], who: str) -> None:
    """Train a child of a run, from the moment shown (or its newest), with the form's training settings; show both."""
    moment = page["at"] if view.experiment.first_step <= page["at"] <= view.steps_done else view.steps_done
    child = Experiment(
        task=view.experiment.task, model=view.experiment.model, training=training_of(page), seed=view.experiment.seed,
        parent=Parent(run=view.id, step=moment),
    )  # fmt: skip
    page["at"] = NOW
    born = lab().submit(child, person=who, ancestors=(view.experiment, *view.ancestors))
    show(page, [*views, born])


def same_as_asked(wanted: Sequence[Experiment], views: Sequence[RunView]) -> bool:
    """Return whether the board shows what the form asks for, or what goes on from it."""
    there = {one.run_id for view in views for one in (view.experiment, *view.ancestors)}
    return bool(views) and _ids(wanted) <= there


def _started(page: Page, wanted: Sequence[Experiment], who: str, until: int | None) -> list[RunView]:
    views = [lab().submit(one, person=who, until=until) for one in wanted]
    show(page, views)
    return views


def _stepped(view: RunView, who: str) -> RunView:
    if view.state in ENDED:
        return view
    return lab().resume(view.id, who, until=view.steps_done + 1)


def _keep_in_link(page: Page, views: Sequence[RunView]) -> None:
    """Give runs their final names: ``python`` becomes the exact text."""
    exact = {view.id for view in views}
    if exact != _ids(page["runs"]) and len(views) == len(page["runs"]):
        show(page, views)


def _ids(experiments: Iterable[Experiment]) -> set[str]:
    return {one.run_id for one in experiments}
