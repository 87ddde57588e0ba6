"""The temporal-order sweep: its shipped result, or one that is trained here, run after run, and fills in as they end."""

import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import streamlit as st

from seqviz.errors import QueueFullError
from seqviz.experiment import Experiment, RecurrentConfig
from seqviz.experiment.clipping import CLIPPING, FRESH, SOLVED, SWEEP_LENGTHS, temporal_order
from seqviz.figures.sweep import Errors, errors_figure, success_figure
from seqviz.lab import RunView
from seqviz.lab.view import FINAL
from seqviz.language.words import listed
from seqviz.questions import EVALUATION
from seqviz.settings import settings
from seqviz.subjects.evaluation import FreshSequences
from seqviz.ui.components.figure import show
from seqviz.ui.lessons.gradient.clipping.settings import NAME, swept
from seqviz.ui.runs.acting import found, let_go
from seqviz.ui.runs.followed import WRONG
from seqviz.ui.runs.shipped import SWEEP, shipped_study, swept_errors
from seqviz.ui.runs.words import duration
from seqviz.ui.shell.cache import lab
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.live import live
from seqviz.ui.shell.page import Page, again
from seqviz.ui.shell.person import known_person

Key = tuple[str, int, int]  # clipping, length, seed
Runs = Mapping[Key, Experiment]


class Swept(NamedTuple):
    """How far a sweep is: its runs that are known, and the share of wrong answers of those that have ended."""

    views: Mapping[Key, RunView]
    errors: Mapping[Key, float]


JUDGED_AT_ONCE = 6  # runs a second: each takes a tenth of one
ENOUGH_SECONDS = 3  # of a sweep, to estimate its speed
_JUDGED, _PACE = f"{NAME}.judged", f"{NAME}.pace"


def sweep(page: Page) -> None:
    """Success by length, with clipping and without: the shipped result, or one trained here."""
    picture, beside = st.columns([2.5, 1], gap="medium")
    with beside:
        st.markdown(prose(NAME, "own sweep"))
        if page["sweep"] == "running":
            st.markdown(_in_words(page))
        else:
            for name in ("lengths", "seeds", "first"):
                page.control(name)
        _buttons(page)
        st.caption(prose(NAME, "queue").format(most=settings().limits.queued_runs_a_person))
    with picture:
        if page["sweep"] == "shipped":
            result = shipped_study(SWEEP)
            _draw(swept_errors(result), None)
            st.caption(f"{result.title} Trained on {result.machine}.")
        else:
            _follow(page)
        st.markdown(_explained())


def _explained() -> str:
    """Return the task and the training in words, with the sweep's numbers."""
    one = temporal_order(SWEEP_LENGTHS[0], "norm")
    assert isinstance(one.model, RecurrentConfig)
    return prose(NAME, "sweep").format(
        solved=100 * SOLVED, fresh=FRESH, steps=one.training.steps, rate=one.training.learning_rate, scale=one.model.scale,
        threshold=one.training.threshold,
    )  # fmt: skip


def _in_words(page: Page) -> str:
    """Return what is being trained: its settings wait until it has ended, or is cancelled."""
    last = page["first"] + page["seeds"] - 1
    seeds = f"seed {last}" if page["seeds"] == 1 else f"seeds {page['first']} to {last}"
    return f"Lengths {listed(page['lengths'])}, with clipping and without, {seeds}."


def _buttons(page: Page) -> None:
    who = known_person()
    with st.container(horizontal=True):
        if page["sweep"] == "running":
            if st.button("Cancel", key=f"{NAME}.stop", disabled=who is None) and who is not None:
                _cancel(page, who)
                again(page)
        elif st.button(
            "Run the sweep here", key=f"{NAME}.sweep_here", type="primary", disabled=who is None or bool(page.wrong)
        ):
            page["sweep"] = "running"
            again(page)
        if page.wrong:
            st.caption(WRONG)
        if page["sweep"] != "shipped" and st.button("Show what comes with seqviz", key=f"{NAME}.shipped"):
            page["sweep"] = "shipped"  # what was handed in goes on; "Run the sweep here" shows it again
            again(page)


def _cancel(page: Page, who: str) -> None:
    let_go(_views(swept(page)).values(), who)
    page["sweep"] = "here"


def _follow(page: Page) -> None:
    runs = swept(page)
    feeds = page["sweep"] == "running" and known_person() is not None

    def find() -> Swept:
        views = _fed(runs, _views(runs)) if feeds else _views(runs)
        return Swept(views, _judged(views, [key for key, view in views.items() if view.state in FINAL]))

    def ended(now: Swept) -> bool:
        over = feeds and len(now.errors) + sum(view.state == "failed" for view in now.views.values()) == len(runs)
        if over:
            page["sweep"] = "here"
        return over

    def draw(now: Swept) -> None:
        _tell(runs, now.views)
        _draw(_by_length(now.errors), len(runs))

    live(page, find, draw, moves=feeds, changed=ended)


def _views(runs: Runs) -> dict[Key, RunView]:
    """Return the runs that are known; those that rest are not taken up, since :func:`_fed` hands in only as many as fit."""
    who, views = known_person(), {}
    for key, experiment in runs.items():
        view = found(experiment, who)
        if view is not None:
            views[key] = lab().attend(view.id, who) if who is not None and view.live else view
    return views


def _fed(runs: Runs, views: Mapping[Key, RunView]) -> dict[Key, RunView]:
    """Hand in as many of the runs that are left as this server allows, and return all that are known then."""
    who, known = known_person(), dict(views)
    room = settings().limits.queued_runs_a_person - sum(view.live for view in views.values())
    left = [key for key in runs if key not in views or not (views[key].live or views[key].state in (*FINAL, "failed"))]
    for key in left[: max(0, room)]:
        try:
            known[key] = lab().submit(runs[key], person=who or "")
        except QueueFullError:  # others of this person's runs, or others' runs, fill the queue: it is tried again in a second
            break
    return {key: known[key] for key in runs if key in known}


def _judged(views: Mapping[Key, RunView], ended: Sequence[Key]) -> dict[Key, float]:
    """Return the share of wrong answers of the runs that have ended, each measured once a session, a few at a time."""
    kept: dict[str, float] = st.session_state.setdefault(_JUDGED, {})
    new = [views[key].id for key in ended if views[key].id not in kept][:JUDGED_AT_ONCE]
    records = lab().trace_many([(EVALUATION, FreshSequences(run=run, sequences=FRESH)) for run in new]) if new else []
    kept.update({run: 1 - record.metric for run, record in zip(new, records, strict=True)})
    return {key: kept[views[key].id] for key in ended if views[key].id in kept}


def _by_length(errors: Mapping[Key, float]) -> Errors:
    by_length: dict[str, dict[int, dict[int, float]]] = {clip: {} for clip in CLIPPING}
    for (clip, length, seed), wrong in errors.items():
        by_length[clip].setdefault(length, {})[seed] = wrong
    return by_length


def _tell(runs: Runs, views: Mapping[Key, RunView]) -> None:
    states = [view.state for view in views.values()]
    ended, training, waiting = sum(state in FINAL for state in states), states.count("running"), states.count("queued")
    failed = f", {states.count('failed')} failed" if "failed" in states else ""
    rest = len(runs) - ended - training - waiting - states.count("failed")
    share = work_done(runs, views)
    text = f"{ended} of {len(runs)} runs ended, {training} in training, {waiting} waiting, {rest} not handed in yet{failed}"
    st.progress(share, text=text + time_left(runs, share, training=training > 0))


def work_done(runs: Runs, views: Mapping[Key, RunView]) -> float:
    """Return the share in [0, 1] of a sweep's work that is done: a training step takes as long as its sequences are.

    A run that ended early, or failed, leaves nothing to do.
    """
    work = {key: key[1] * experiment.training.steps for key, experiment in runs.items()}
    over = (*FINAL, "failed")
    done = {key: work[key] if view.state in over else key[1] * view.steps_done for key, view in views.items()}
    return sum(done.values()) / sum(work.values())


def time_left(runs: Runs, share: float, *, training: bool) -> str:
    """Return how long the sweep goes on at the pace that this session has seen, in words, once it has seen enough."""
    sweep, now = tuple(each.run_id for each in runs.values()), time.monotonic()
    seen, since, first = st.session_state.get(_PACE, ((), now, share))
    if not training or seen != sweep:  # a paused sweep has no speed; a new estimate begins when it resumes
        st.session_state[_PACE] = (sweep if training else (), now, share)
    elif now - since > ENOUGH_SECONDS and share > first:
        return f"; about {duration((1 - share) * (now - since) / (share - first))} left"
    return ""


def _draw(errors: Errors, total: int | None) -> None:
    show(success_figure(errors, total=total), key=f"{NAME}.success", name="temporal-order-success")
    if any(len(seeds) for by_length in errors.values() for seeds in by_length.values()):
        show(errors_figure(errors), key=f"{NAME}.errors", name="temporal-order-errors")
