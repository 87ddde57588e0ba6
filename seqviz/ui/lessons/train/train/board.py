"""The board: the runs at the moment shown, drawn anew every second while something trains."""

from collections.abc import Sequence

import streamlit as st

from seqviz.figures.layers import common_reach, layers_trained_figure
from seqviz.lab import RunView
from seqviz.ui.components.figure import show
from seqviz.ui.lessons.train.train import charts
from seqviz.ui.lessons.train.train.cards import draw_cards
from seqviz.ui.lessons.train.train.runs import shown_runs
from seqviz.ui.runs.moment import draw_moment, moment_of, moves, replay, situation
from seqviz.ui.shell.live import live
from seqviz.ui.shell.page import Page

MAPS_A_ROW = 3


def draw_board(page: Page, who: str | None, views: Sequence[RunView]) -> None:
    """Draw the runs, and keep drawing them while one of them trains."""
    before = situation(page, views)

    def find() -> Sequence[RunView]:
        now = shown_runs(page, who)[0] or views  # where none of the link's can be shown, examples are
        replay(page, now)
        return now

    def draw(now: Sequence[RunView]) -> None:
        draw_cards(page, now, who)
        draw_moment(page, now)
        with st.container(horizontal=True, gap="medium"):
            if any(view.experiment.model.layers > 1 for view in now):
                page.control("layer")
            if any(view.experiment.model.bidirectional for view in now):
                page.control("direction")
        draw_figures(page, now)
        page.write_link()

    live(page, find, draw, moves=moves(page, views), changed=lambda now: situation(page, now) != before)


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
        at=moment_of(page),
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
