"""The board: the runs at the moment shown, drawn anew every second while something trains."""

from collections.abc import Sequence

import streamlit as st

from seqviz.figures.layers import common_reach, layers_trained_figure
from seqviz.lab import RunView
from seqviz.ui.components.figure import show
from seqviz.ui.lessons.train.train import charts
from seqviz.ui.lessons.train.train.cards import draw_cards
from seqviz.ui.lessons.train.train.runs import replay, replays, shown_runs
from seqviz.ui.lessons.train.train.settings import NOW
from seqviz.ui.runs.followed import TICK_SECONDS
from seqviz.ui.shell.page import Page, again

MAPS_A_ROW = 3


def draw_board(page: Page, who: str | None, views: Sequence[RunView]) -> None:
    """Draw the runs, and keep drawing them while one of them trains."""
    known, moves = states(views), replays(page, views)

    @st.fragment(run_every=TICK_SECONDS if moves or any(view.live for view in views) else None)
    def tick() -> None:
        now = shown_runs(page, who)[0] or views  # where none of the link's can be shown, examples are
        replay(page, now)
        if states(now) != known or replays(page, now) != moves:
            again(page)  # buttons and the timer follow the state
        draw_cards(page, now, who)
        draw_moment(page, now)
        with st.container(horizontal=True, gap="medium"):
            if any(view.experiment.model.layers > 1 for view in now):
                page.control("layer")
            if any(view.experiment.model.bidirectional for view in now):
                page.control("direction")
        draw_figures(page, now)
        page.write_link()

    tick()


def states(views: Sequence[RunView]) -> list[tuple[str, str]]:
    """Return what the buttons depend on."""
    return [(view.id, view.state) for view in views]


def draw_moment(page: Page, views: Sequence[RunView]) -> None:
    """Draw the slider of the training step shown; its right end is the newest.

    While something trains, the slider keeps its length, so that nobody's hand is shaken off at every tick.
    """
    first = min(view.experiment.first_step for view in views)
    last = max(view.steps if view.live else view.steps_done for view in views)
    if last <= first:
        return  # there is one moment only
    key = f"train.moment.{first}.{last}"
    shown = last if page["at"] == NOW else min(max(page["at"], first), last)
    st.session_state[key] = st.session_state.get(key, shown) if f"{key}.moved" in st.session_state else shown
    st.slider(
        "Training step shown in every chart (right end: the newest)",
        first,
        last,
        key=key,
        on_change=_move,
        args=(page, key, last),
    )


def _move(page: Page, key: str, last: int) -> None:
    chosen = st.session_state[key]
    page["at"] = NOW if chosen >= last else chosen


def draw_figures(page: Page, views: Sequence[RunView]) -> None:
    """Draw every chart at the moment shown."""
    board = board_of(page, views)
    begun = any(len(view.metrics.step) for view in views)
    if begun:
        left, right = st.columns(2)
        with left:
            show(charts.loss_figure(board), key="train.loss")
        if board.judged:
            with right:
                show(charts.written_figure(board), key="train.exact")
        with left if board.judged else right:
            show(charts.metric_figure(board), key="train.metric")
        with right if board.judged else left:
            show(charts.norm_figure(board), key="train.norm")
    else:
        left = right = st.container()
    if board.by_layer:
        _layers(board)
    elif board.probes:
        with right:
            show(charts.flow_figure(board), key="train.flow")
        if board.writes:
            st.caption(
                "Of an encoder-decoder, gradients and gates are the encoder's, where it reads both ways those of its half that "
                f"reads {page['direction']}; time counts the words that it reads. A Transformer has no gates."
            )
        _maps(board)
        show(charts.gates_figure(board), key="train.gates")


def board_of(page: Page, views: Sequence[RunView]) -> charts.Board:
    """Return what the page's settings ask to be drawn of these runs."""
    return charts.Board(
        views=views,
        at=None if page["at"] == NOW else page["at"],
        layer=-1 if page["layer"] == "top" else int(page["layer"]) - 1,
        backward=page["direction"] == "backward",
    )


def _layers(board: charts.Board) -> None:
    found, reach = list(board.probes.items()), common_reach(board.probes.values())
    for first in range(0, len(found), 2):
        for place, (name, record) in zip(st.columns(2), found[first : first + 2], strict=False):
            with place:
                drawn = layers_trained_figure(record, name, at=board.at, reach=reach)
                show(drawn, key=f"train.layers.{board.named[name].id}")


def _maps(board: charts.Board) -> None:
    names = list(board.probes)
    for first in range(0, len(names), MAPS_A_ROW):
        row = names[first : first + MAPS_A_ROW]
        for place, name in zip(st.columns(len(row)), row, strict=True):
            with place:
                show(charts.flow_map_figure(board, name), key=f"train.map.{board.named[name].id}")
