"""The race: what a study found over seeds, and the same live, from one seed, at a length you choose."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from seqviz.experiment import Experiment
from seqviz.figures.race import Course, band_figure, race_figure, reached_figure
from seqviz.lab import RunView
from seqviz.language.words import listed
from seqviz.recipes.initialisation import GATED_RATE, RATE, UNITS
from seqviz.recipes.studies import initialisation_study
from seqviz.studies import Study
from seqviz.ui.components.figure import show
from seqviz.ui.lessons.gradient.initialisation.settings import NAME, RACE, TITLES, asked_for, raced
from seqviz.ui.runs.acting import RESTING, all_taken_up, held, let_go
from seqviz.ui.runs.estimate import estimate_by_kind, offer_estimate
from seqviz.ui.runs.followed import WRONG, bar
from seqviz.ui.runs.moment import NOW, draw_moment, go_on, is_past, moment_of, moves, replay, replays, rest, situation
from seqviz.ui.runs.shipped import shipped_study
from seqviz.ui.runs.words import advice, trained_with
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.live import live
from seqviz.ui.shell.page import Page, again, attempt, plain, shown_errors
from seqviz.ui.shell.person import known_person

Views = dict[str, RunView]


def draw_race(page: Page) -> None:
    """The study's curves, then a race of your own."""
    draw_study(initialisation_study(int(page.control("studied"))), RACE)
    st.markdown(prose(NAME, "race").format(units=UNITS, times=GATED_RATE / RATE))
    with st.container(border=True), shown_errors():
        _own(page)


def draw_study(study: Study, course: Course) -> None:
    """Draw what a shipped study found.

    Raises:
        StoreError: it is missing or damaged.
    """
    result = shipped_study(study.name)
    steps = {arm: experiment.training.steps for arm, experiment in study.arms.items()}
    show(band_figure(result, course, steps), key=f"{NAME}.study", name=study.name)
    show(reached_figure(result, course, steps), key=f"{NAME}.reached", name=f"{study.name}-steps")
    st.caption(f"{result.title} {arms_trained_with(study.arms, course.titles)} Computed on {result.machine}.")


def arms_trained_with(experiments: Mapping[str, Experiment], titles: Mapping[str, str]) -> str:
    """Return how and for how many steps each arm is trained, in words; arms that are trained alike together."""
    alike: dict[str, list[str]] = {}
    for arm, experiment in experiments.items():
        said = f"{trained_with(experiment.training)}, for {experiment.training.steps:,} steps"
        alike.setdefault(said, []).append(titles[arm])
    if len(alike) == 1:
        return f"All are trained with {next(iter(alike))}."
    return f"Trained with {'; '.join(f'{said}: {listed(arms)}' for said, arms in alike.items())}."


def _own(page: Page) -> None:
    st.markdown(prose(NAME, "own"))
    page.control("arms")
    for column, name in zip(st.columns([2, 1, 1]), ("length", "steps", "seed"), strict=True):
        with column:
            page.control(name)
    who = known_person()
    offer_estimate(lambda: list(asked_for(page).experiments.values()), estimate_by_kind, key=NAME)
    views, problems = attend_or_train(page, who)
    _buttons(page, list(views.values()), who)
    for problem in problems:
        st.error(plain(problem))
    if views:
        _follow(page, views)


def attend_or_train(page: Page, who: str | None) -> tuple[Views, list[str]]:
    """Attend the runs of the race that the link names; train those never trained here, once the person is known.

    Returns:
        The runs by arm, as they are now, and why others cannot be had.
    """
    race = raced(page)
    return all_taken_up({} if race is None else race.experiments, who)


def _buttons(page: Page, views: Sequence[RunView], who: str | None) -> None:
    mine = [] if who is None else held(views, who)
    moving = bool(mine) or replays(page, views)
    rests = any(view.state in RESTING for view in views) or is_past(page, views)
    with st.container(horizontal=True):
        if st.button("Race", key=f"{NAME}.go", type="primary", disabled=who is None or bool(page.wrong)):
            _do(page, lambda: _race(page, views, who))
        if page.wrong:
            st.caption(WRONG)
        if who is None or not views:
            return
        if moving and st.button("Stop", key=f"{NAME}.rest"):
            _do(page, lambda: rest(views, who))
        if rests and not moving and st.button("Go on", key=f"{NAME}.go_on"):
            _do(page, lambda: go_on(page, views, who))
        if st.button("Rewind to the same start", key=f"{NAME}.rewind", help=prose(NAME, "rewind")):
            _do(page, lambda: _rewind(page, views, who))
        if st.button("Clear", key=f"{NAME}.clear"):
            _do(page, lambda: _clear(page, who))
    if any(view.live for view in views) and not mine:
        st.caption(prose(NAME, "others"))


def _race(page: Page, before: Sequence[RunView], who: str | None) -> None:
    """Let go of the race before, and race what the settings ask for; what was trained of it earlier goes on from there."""
    wanted = asked_for(page)
    if who is not None:
        asked = {experiment.run_id for experiment in wanted.experiments.values()}
        let_go([view for view in before if view.id not in asked], who)
    page["raced"], page["at"] = wanted.written, NOW
    if who is not None:
        go_on(page, attend_or_train(page, who)[0].values(), who)


def _do(page: Page, action: Callable[[], None]) -> None:
    if attempt(action):
        again(page)


def _rewind(page: Page, views: Sequence[RunView], who: str) -> None:
    rest(views, who)
    page["at"] = 0


def _clear(page: Page, who: str) -> None:
    """Let go of every run of the race, as they are by now, and show none."""
    let_go(attend_or_train(page, None)[0].values(), who)
    page["raced"], page["at"] = "", NOW


def _follow(page: Page, views: Views) -> None:
    """Draw the runs, and keep drawing them while one of them trains."""
    before = situation(page, list(views.values()))

    def find() -> Views:
        now = attend_or_train(page, known_person())[0] or views
        replay(page, list(now.values()))
        return now

    def draw(now: Views) -> None:
        _draw(page, now)
        page.write_link()

    def changed(now: Views) -> bool:
        return situation(page, list(now.values())) != before

    live(page, find, draw, moves=moves(page, list(views.values())), changed=changed)


def _draw(page: Page, views: Views) -> None:
    at = moment_of(page)
    draw_moment(page, list(views.values()))
    st.caption(arms_trained_with({arm: view.experiment for arm, view in views.items()}, TITLES))
    ends = {arm: view.steps for arm, view in views.items()}
    raced = race_figure({arm: view.metrics for arm, view in views.items()}, RACE, at=at, steps=ends)
    show(raced, key=f"{NAME}.live", name="race")
    for places in _rows(list(views.items())):
        for (arm, view), column in places:
            with column:
                bar(view, f"**{TITLES[arm]}**", at)
                if advice(view):
                    st.caption(plain(advice(view)))


def _rows(items: Sequence[tuple[str, RunView]]) -> list[list[tuple[tuple[str, RunView], Any]]]:
    """Return the items beside a column each, three in a row."""
    return [
        list(zip(items[first : first + 3], st.columns(3), strict=False))
        for first in range(0, len(items), 3)
    ]  # fmt: skip
