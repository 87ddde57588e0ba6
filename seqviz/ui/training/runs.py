"""The runs on the board: found again, taken up, started, stepped, paused. All that changes a run goes through the Lab here."""

from collections.abc import Callable, Iterable, Sequence
from typing import NoReturn

import streamlit as st

from seqviz.errors import SeqvizError, StoreError
from seqviz.experiment import TASKS, Experiment, Parent
from seqviz.figures.words import listed
from seqviz.lab import RunView
from seqviz.settings import settings
from seqviz.ui.cached import lab
from seqviz.ui.page import Page, plain
from seqviz.ui.training.settings import NOW, asked_for, training_of
from seqviz.ui.training.sharing import ancestors_of

RESTING = ("paused", "stopped", "interrupted", "failed")


def shown_runs(page: Page, who: str | None) -> tuple[list[RunView], list[str]]:
    """Return the runs that the page's link names, as they are now, and why others cannot be shown.

    Those never trained here are trained.
    """
    views, problems = [], []
    for experiment in page["runs"]:
        try:
            view = _found(experiment, ancestors_of(experiment, page["ancestors"]), who)
        except SeqvizError as error:
            problems.append(one_sentence(error))
            continue
        if view is not None:
            views.append(view)
    if who is not None:
        _keep_in_link(page, views)
    return views, list(dict.fromkeys(problems))


def find_again(page: Page, who: str | None) -> None:
    """Put the person's runs that still train on an empty board, once a session: a new tab finds them again."""
    if who is None or page["runs"] or st.session_state.get("train.looked"):
        return
    st.session_state["train.looked"] = True
    mine = [one.run_id for one in lab().store.handles.of(who) if one.state == "active"]
    views = [lab().attend(run_id, who) for run_id in mine[: settings().limits.runs_on_a_page]]
    show(page, [view for view in views if view.live])


def examples(page: Page) -> list[RunView]:
    """Return the runs that came with the app, on the task that the page is set to."""
    found = [lab().view(run_id) for run_id in lab().store.pretrained_ids()]
    chosen = [view for view in found if view.experiment.task.to_json()["name"] == page["task"]]
    return sorted(chosen, key=lambda view: ("rnn", "lstm", "gru").index(view.experiment.model.name))


def introduce(views: Sequence[RunView]) -> str:
    """Return what the runs that came with the app are, in words."""
    steps = sorted({f"{view.steps:,}" for view in views})
    sizes = sorted({view.experiment.model.hidden_size for view in views})
    length = views[0].experiment.task.to_json()["length"]
    settings_said = f"T = {length}, {listed([str(size) for size in sizes])} units, {listed(steps)} training steps"
    return (
        f"These networks came with the app. Their own settings, not the form's: {settings_said}. "
        "**Train** puts your own in their place."
    )


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
    reads_text = "text" in TASKS[page["task"]].config.rules()
    return asked_for(page, lab().store.texts.resolve(page["text"]) if reads_text else "")


def train(page: Page, who: str) -> list[RunView]:
    """Train what the form asks for, in place of what was on the board."""
    page["at"] = NOW
    return _started(page, asked(page), who, None)


def step(page: Page, views: Sequence[RunView], who: str) -> list[RunView]:
    """Go one training step further, and rest there: the moment shown if it is in the past, else the runs themselves."""
    wanted = asked(page)
    if not same_as_asked(wanted, views):
        page["at"] = NOW
        return _started(page, wanted, who, wanted[0].first_step + 1)
    if page["at"] != NOW and any(page["at"] < view.steps_done for view in views):
        page["at"] = page["at"] + 1
        return list(views)
    page["at"] = NOW
    return [_stepped(view, who) for view in views]


def rest(views: Iterable[RunView], who: str) -> None:
    """Pause every run that trains or waits."""
    for view in views:
        if view.live:
            lab().pause(view.id, who)


def go_on(page: Page, views: Iterable[RunView], who: str) -> None:
    """Let every resting run go on, and show the newest moment."""
    page["at"] = NOW
    for view in views:
        if view.state in RESTING:
            lab().resume(view.id, who)


def reset(page: Page, views: Sequence[RunView], who: str) -> list[RunView]:
    """Show the untrained networks, with the weights that the seed draws; what was learned stays in the runs."""
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


def again(page: Page) -> NoReturn:
    """Run the page again; its address is written first, since the new run begins by reading it."""
    page.write_link()
    st.rerun()


def attempt(action: Callable[[], object]) -> bool:
    """Do ``action``; where that is not possible, say why in one sentence. Return whether it was done."""
    try:
        action()
    except SeqvizError as error:
        st.error(plain(one_sentence(error)))
        return False
    return True


def one_sentence(error: SeqvizError) -> str:
    """Return an error's message as a sentence."""
    said = str(error)
    return said[:1].upper() + said[1:] + ("" if said.endswith((".", "!", "?")) else ".")


def _started(page: Page, wanted: Sequence[Experiment], who: str, until: int | None) -> list[RunView]:
    views = [lab().submit(one, person=who, until=until) for one in wanted]
    show(page, views)
    return views


def _stepped(view: RunView, who: str) -> RunView:
    if view.state in ("done", "diverged"):
        return view
    return lab().resume(view.id, who, until=view.steps_done + 1)


def _found(experiment: Experiment, ancestors: Sequence[Experiment], who: str | None) -> RunView | None:
    """Return the run as it is; whoever opens its link holds it too, so that it goes on when others let go.

    A run that nobody trained here is trained, and one that was broken off is taken up.
    """
    if who is None:
        return _known(experiment.run_id)
    try:
        view = lab().attend(experiment.run_id, who)
    except StoreError:
        return lab().submit(experiment, person=who, ancestors=ancestors)
    if (view.live or view.state == "interrupted") and lab().store.handles.one(who, view.id) is None:
        return lab().submit(experiment, person=who, ancestors=view.ancestors)
    return view


def _known(run_id: str) -> RunView | None:
    try:
        return lab().view(run_id)
    except StoreError:
        return None


def _keep_in_link(page: Page, views: Sequence[RunView]) -> None:
    """Name runs as they are called for good: ``python`` becomes the exact text."""
    exact = {view.id for view in views}
    if exact != _ids(page["runs"]) and len(views) == len(page["runs"]):
        show(page, views)


def _ids(experiments: Iterable[Experiment]) -> set[str]:
    return {one.run_id for one in experiments}
