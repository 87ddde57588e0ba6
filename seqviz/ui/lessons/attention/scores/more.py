"""One more seed of one way to attend: trained here by the Lab, and a point among the others when it is done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from seqviz.corpora.bleu import bleu
from seqviz.experiment import Experiment
from seqviz.figures.scores import ARMS
from seqviz.lab import RunView
from seqviz.questions import EXAMINATION
from seqviz.studies import EXAMINED, StudyResult, StudyRow
from seqviz.subjects.examination import Examined
from seqviz.ui.lessons.attention.scores.settings import MOST_MORE, NAME
from seqviz.ui.runs.acting import RESTING, all_taken_up
from seqviz.ui.runs.followed import bar
from seqviz.ui.runs.translators import LONGEST
from seqviz.ui.runs.words import advice
from seqviz.ui.shell.cache import lab, traced
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.live import live
from seqviz.ui.shell.page import Page, plain, shown_errors
from seqviz.ui.shell.person import known_person


@dataclass(frozen=True)
class Extra:
    """One run beyond the study's."""

    arm: str
    seed: int
    view: RunView


def asked_for(page: Page) -> dict[str, int]:
    """Return how many more seeds the link asks for, by arm."""
    pairs = [pair.split(":") for pair in page["more"].split(",") if pair]
    return {arm: int(count) for arm, count in pairs}


def extras(page: Page, result: StudyResult) -> tuple[list[Extra], list[str]]:
    """Return the runs that the link asks for, as they are now, and why others cannot be had.

    Those never trained here are trained, once the person is known.
    """
    wanted: dict[tuple[str, int], Experiment] = {}
    for arm, count in asked_for(page).items():
        shipped = lab().store.experiment(result.of(arm)[0].run)
        if shipped is not None:
            first = len(result.of(arm))
            wanted |= {(arm, seed): replace(shipped, seed=seed) for seed in range(first, first + count)}
    found, problems = all_taken_up(wanted, known_person())
    return [Extra(arm, seed, view) for (arm, seed), view in found.items()], problems


def extended(result: StudyResult, found: Sequence[Extra]) -> StudyResult:
    """Return the study with a row for each extra run that is done; of each arm, up to the first that is not.

    Raises:
        SeqvizError: a run cannot be examined.
    """
    rows = list(result.rows)
    for arm in result.arms:
        mine = {extra.seed: extra for extra in found if extra.arm == arm and extra.view.state == "done"}
        seed = len(result.of(arm))
        while seed in mine:
            rows.append(_row(mine[seed]))
            seed += 1
    return replace(result, rows=tuple(rows))


def _row(extra: Extra) -> StudyRow:
    record = traced(EXAMINATION, Examined(run=extra.view.id, sentences=EXAMINED, longest=LONGEST))
    measures = {**record.measures, "bleu": bleu(record.written, record.wanted)}
    return StudyRow(
        arm=extra.arm, seed=extra.seed, run=extra.view.id, measures=measures, step_seconds=float("nan"), attention={}
    )  # fmt: skip


def offer(page: Page, result: StudyResult, found: Sequence[Extra], problems: Sequence[str]) -> None:
    """Draw what trains one more seed, and the runs that are not done, drawn anew every second while one of them trains."""
    with st.container(border=True):
        st.markdown(prose(NAME, "more"))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            arm = page.control("arm")
            full = asked_for(page).get(arm, 0) >= MOST_MORE
            why_not = f"At most {MOST_MORE} more of each." if full else None
            off = full or known_person() is None
            st.button(
                "Train one more seed", key=f"{NAME}.train", on_click=_ask, args=(page, arm), disabled=off, help=why_not
            )  # fmt: skip
            if page["more"]:
                st.button("The study's seeds only", key=f"{NAME}.fewer", on_click=_forget, args=(page, found))
        for problem in problems:
            st.error(plain(problem))
        _follow(page, result, [extra for extra in found if extra.view.state != "done"])


def _ask(page: Page, arm: str) -> None:
    counts = asked_for(page)
    counts[arm] = counts.get(arm, 0) + 1
    page["more"] = ",".join(f"{name}:{count}" for name, count in counts.items())


def _forget(page: Page, found: Sequence[Extra]) -> None:
    page["more"] = ""
    for extra in found:
        if extra.view.live:
            _act(lab().stop, extra.view.id)


def _follow(page: Page, result: StudyResult, unfinished: Sequence[Extra]) -> None:
    before = _states(unfinished)  # once a run has ended, its point belongs among the others

    def find() -> list[Extra]:
        return [extra for extra in extras(page, result)[0] if extra.view.state != "done"]

    def draw(now: Sequence[Extra]) -> None:
        for extra in now:
            _draw(extra)

    if unfinished:
        moves = any(extra.view.live for extra in unfinished)
        live(page, find, draw, moves=moves, changed=lambda now: _states(now) != before)


def _states(extras: Sequence[Extra]) -> list[tuple[str, str]]:
    return [(extra.view.id, extra.view.state) for extra in extras]


def _draw(extra: Extra) -> None:
    view = extra.view
    bar(view, f"{ARMS[extra.arm]}, seed {extra.seed}:")
    if advice(view):
        st.caption(plain(advice(view)))
    key = f"{NAME}.{extra.arm}.{extra.seed}"
    if view.live:
        st.button("Stop", key=f"{key}.stop", on_click=_act, args=(lab().stop, view.id))
    elif view.state in RESTING:
        st.button("Go on", key=f"{key}.go_on", on_click=_act, args=(lab().resume, view.id))


def _act(action: Callable[[str, str], object], run: str) -> None:
    who = known_person()
    if who is None:
        return
    with shown_errors():
        action(run, who)
