"""Leaks are marked where they are, and boundaries are drawn between the steps that they part."""

import numpy as np
import pytest

from seqviz.errors import TraceError
from seqviz.figures import leaks_figure
from seqviz.records import Leaks


def found(influence, segments, mode="gradient", between=((1.0,),)):
    return Leaks(
        influence=np.asarray(influence, dtype=float),
        between=np.asarray(between, dtype=float),
        segments=np.asarray(segments),
        mode=mode,
    )


def test_leaks_are_marked_and_boundaries_drawn():
    trace = found([[[1.0, 0, 0], [0.5, 2.0, 0], [0, 1e-9, 1.0]]], [[0, 0, 1]])
    figure = leaks_figure(trace)
    assert figure.layout.title.text == (
        "Leak: the output at step 2 depends on the input at step 1, across the boundary at step 2."
    )
    marked = figure.data[-1]
    assert (list(marked.x), list(marked.y)) == ([1], [2])
    assert {(line.x0, line.x1) for line in figure.layout.shapes} == {(1.5, 1.5), (-0.5, 2.5)}
    assert figure.data[0].z[0, 2] == 0  # no way: blank
    np.testing.assert_array_equal(figure.data[0].customdata, trace.influence[0].astype(np.float32))


def test_without_a_leak_nothing_is_marked():
    figure = leaks_figure(found([np.eye(3)], [[0, 0, 1]], "state"))
    assert figure.layout.title.text == "No state crosses a boundary."
    assert len(figure.data) == 1


def test_the_sequence_that_leaks_is_shown_first():
    tight, leaking = np.eye(2), np.tril(np.ones((2, 2)))
    trace = found([tight, leaking], [[0, 1], [0, 1]], between=np.eye(2))
    assert len(leaks_figure(trace).data) == 2
    assert len(leaks_figure(trace, sample=0).data) == 1
    with pytest.raises(TraceError, match=r"sample must be a whole number in \[-1, 1\], got 2"):
        leaks_figure(trace, sample=2)


def test_what_is_not_finite_is_marked_too():
    figure = leaks_figure(found([[[1.0, 0], [np.nan, np.inf]]], [[0, 1]]))
    assert [trace.name for trace in figure.data[1:]] == ["NaN or ∞", "leak"]


def test_leaks_between_sequences_are_said():
    trace = found(np.stack([np.eye(2), np.eye(2)]), [[0, 0], [0, 0]], between=[[1, 0], [1e-3, 1]])
    assert trace.sentence == "Leak: sequence 1 of the batch depends on sequence 0."
    assert leaks_figure(trace).layout.title.text == trace.sentence
