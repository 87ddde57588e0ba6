"""What a person does with runs on any page: takes them up, holds them, lets them go."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from seqviz.errors import SeqvizError, StoreError
from seqviz.experiment import Experiment
from seqviz.lab import RunView
from seqviz.ui.runs.sharing import ancestors_of
from seqviz.ui.shell.cache import lab
from seqviz.ui.shell.page import one_sentence

Key = TypeVar("Key", bound=Hashable)

ENDED = ("done", "diverged")
RESTING = ("paused", "stopped", "interrupted", "failed")


def found(experiment: Experiment, who: str | None = None) -> RunView | None:
    """Return the experiment's run as it is, without taking it up; None where it was never trained here.

    Args:
        experiment: of the run.
        who: a person whose list may contain it though it has not begun.
    """
    try:
        return lab().view(experiment.run_id, who)
    except StoreError:
        return None


def taken_up(experiment: Experiment, ancestors: Sequence[Experiment], who: str | None) -> RunView | None:
    """Return the run as it is; opening its link holds it too, so that it continues when others let go.

    A run not trained here is trained, and an interrupted one resumed.
    """
    if who is None:
        return found(experiment)
    try:
        view = lab().attend(experiment.run_id, who)
    except StoreError:
        return lab().submit(experiment, person=who, ancestors=ancestors)
    if (view.live or view.state == "interrupted") and lab().store.handles.one(who, view.id) is None:
        return lab().submit(experiment, person=who, ancestors=view.ancestors)
    return view


def all_taken_up(
    experiments: Mapping[Key, Experiment], who: str | None, known: Sequence[Experiment] = ()
) -> tuple[dict[Key, RunView], list[str]]:
    """Return the runs that a link names as :func:`taken_up` gives them, by name, and why others cannot be had, each once.

    Args:
        experiments: by name.
        who: the person; None until the browser has sent it: then nothing is trained.
        known: experiments that some of them go on from.
    """
    views, problems = {}, []
    for name, experiment in experiments.items():
        try:
            view = taken_up(experiment, ancestors_of(experiment, known), who)
        except SeqvizError as error:
            problems.append(one_sentence(error))
            continue
        if view is not None:
            views[name] = view
    return views, list(dict.fromkeys(problems))


def held(views: Iterable[RunView], who: str) -> list[RunView]:
    """Return the runs that train or wait because the person wants them to; others' go on whatever this person does."""
    handles = {one.run_id: one for one in lab().store.handles.of(who)}
    return [view for view in views if view.live and view.id in handles and handles[view.id].state == "active"]


def let_go(views: Iterable[RunView], who: str) -> None:
    """Cancel every run that the person holds, those that wait first, so that none of them begins in the place of another."""
    laboratory = lab()
    for view in sorted(held(views, who), key=lambda view: view.state != "queued"):
        laboratory.stop(view.id, who)
