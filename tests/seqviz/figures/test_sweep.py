"""The sweep's figures count what was measured: who solves the task, by length, and how far the runs have come."""

import pytest

from seqviz.figures.sweep import errors_figure, success_figure


def seeds(*wrong):
    return dict(enumerate(wrong))


ERRORS = {
    "off": {10: seeds(0.0, 0.002, 0.4), 30: seeds(0.75, 0.7, 0.75)},
    "norm": {10: seeds(0.0, 0.0, 0.0), 30: seeds(0.0, 0.009, 0.01)},
}


def finding(drawn):
    return drawn.layout.meta["finding"]


def test_success_is_the_share_below_one_percent():
    drawn = success_figure(ERRORS)
    shares = {trace.name: list(trace.y) for trace in drawn.data}
    assert shares["without clipping"] == pytest.approx([2 / 3, 0.0])
    assert shares["with clipping"] == pytest.approx([1.0, 2 / 3])  # exactly 1 % is not below
    assert finding(drawn) == "At T = 30, 2 of 3 networks solve temporal order with clipping, 0 of 3 without."


def test_a_sweep_on_its_way_says_how_far_it_is():
    some = {"off": {10: seeds(0.5)}, "norm": {10: seeds(0.0)}}
    assert finding(success_figure(some, total=12)).startswith("2 of 12 runs have ended. At T = 10, 1 of 1 networks")
    only = {"off": {}, "norm": {10: seeds(0.0)}}
    assert finding(success_figure(only, total=12)) == "1 of 12 runs have ended."
    assert finding(success_figure({"off": {}, "norm": {}}, total=12)) == "0 of 12 runs have ended."


def test_where_clipping_makes_no_difference_it_is_said_so():
    alike = {clip: {10: seeds(0.0, 0.5)} for clip in ("off", "norm")}
    assert finding(success_figure(alike)) == "As many networks solve each length with clipping as without: 1 at T = 10."


def test_every_network_is_a_dot_beside_its_length():
    drawn = errors_figure(ERRORS)
    dots = {trace.name: trace for trace in drawn.data}
    assert list(dots["with clipping"].y) == [0.0, 0.0, 0.0, 0.0, 0.009, 0.01]
    assert {round(x) for x in dots["with clipping"].x} == {11, 31}
    assert finding(drawn) == (
        "Wrong answers on fresh sequences, the median of all runs: "
        "55 % without clipping and 0 % with clipping (guessing: 75 %)."
    )


def test_a_dot_keeps_its_seed_whatever_ended_first():
    late, both = ({"norm": {10: found}} for found in ({7: 0.5}, {7: 0.5, 3: 0.25}))
    assert list(errors_figure(late).data[0].customdata) == ["T = 10, seed 7"]
    dots = errors_figure(both).data[0]
    assert dict(zip(dots.customdata, dots.y, strict=True)) == {"T = 10, seed 3": 0.25, "T = 10, seed 7": 0.5}


def test_nothing_yet_is_no_figure():
    assert errors_figure({"off": {}, "norm": {}}).layout.meta["empty"]


def test_the_table_holds_lengths_and_seeds_though_dots_stand_aside():
    drawn = errors_figure(ERRORS)
    assert drawn.layout.meta["columns"] == ["series", "sequence length T", "seed", "wrong answers"]
    tables = {trace.name: trace.meta["table"] for trace in drawn.data if trace.meta}
    assert [list(row) for row in tables["without clipping"]][:2] == [[10, 0, 0.0], [10, 1, 0.002]]
    assert {row[0] for rows in tables.values() for row in rows} == {10, 30}
