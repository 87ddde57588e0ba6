"""Figures of a watched loop show what was recorded, and their titles are true of it."""

import numpy as np
import pytest

from seqviz.figures import (
    watched_attention_figure,
    watched_gates_figure,
    watched_map_figure,
    watched_norms_figure,
    watched_reach_figure,
)
from seqviz.records import GradientFlow, WatchedLayer, WatchedRun, WatchedStep


def flow(*sequences, lengths=None):
    norms = np.atleast_2d(np.array(sequences, dtype=float))[None, None]
    return GradientFlow(hidden_norms=norms, cell_norms=None, direct_norms=norms * np.nan, lengths=lengths)


def step(number, *sequences, before=1.0, after=1.0, lengths=None, shut=0.0, wide=0.0, **more):
    layer = WatchedLayer(
        kind="LSTM", flow=flow(*sequences, lengths=lengths), sequences=len(sequences),
        left_saturated={"forget": np.array([[shut]])}, right_saturated={"forget": np.array([[wide]])},
    )  # fmt: skip
    return WatchedStep(step=number, norm_before=before, norm_after=after, layers={"rnn": layer} if sequences else {}, **more)


def run(*steps, id="0" * 12):
    return WatchedRun(id=id, model="Model", started=0.0, every=10, state="ended", steps=steps)


def title(figure):
    return figure.layout.title.text


def test_the_map_compares_each_sequence_with_its_own_last_step():
    found = watched_map_figure(run(step(0, [1, 2, 10], [1, 1, 4]), step(10, [5, 5, 5], [8, 4, 4])), "rnn")
    np.testing.assert_allclose(found.data[0].customdata, [[(0.1 + 0.25) / 2, (0.2 + 0.25) / 2, 1], [1.5, 1, 1]], rtol=1e-6)
    assert list(found.data[0].y) == [0, 10]
    assert (
        title(found)
        == "On its way to the first time step the gradient shrinks to 0.17 at training step 0, and keeps its size at step 10."
    )


def test_a_sequence_that_ended_is_not_counted():
    lengths = np.array([3, 2])
    found = watched_map_figure(run(step(0, [1, 2, 4], [1, 2, np.nan], lengths=lengths)), "rnn")
    np.testing.assert_allclose(found.data[0].customdata, [[0.375, 0.75, 1]])
    assert title(found) == "On its way to the first time step the gradient shrinks to 0.38, at training step 0."


def test_a_loss_that_reads_an_earlier_step_is_compared_from_there():
    found = watched_map_figure(run(step(0, [1, 4, 0])), "rnn")
    np.testing.assert_allclose(found.data[0].customdata, [[0.25, 1, 0]])
    assert "shrinks to 0.25" in title(found)


def test_where_nothing_can_travel_it_says_so():
    assert title(watched_map_figure(run(step(0, [1.0])), "rnn")) == (
        "In no watched step does a gradient have a way to travel through time here."
    )
    assert title(watched_map_figure(run(), "rnn")) == "No step has been watched yet."
    assert title(watched_map_figure(run(step(0, [0.0, 0.0])), "rnn")).startswith("In no watched step")


def test_sequences_of_other_lengths_share_a_map():
    found = watched_map_figure(run(step(0, [1, 2]), step(10, [1, 1, 2])), "rnn")
    assert found.data[0].z.shape == (2, 3)
    assert found.data[0].z[0, 2] == 0  # blank
    assert len(found.data) == 1


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ((step(0, before=1.0), step(10, before=45.0, after=1.0)), "at 1 of 2 watched steps, most at step 10: from 45 to 1."),
        ((step(0, before=1.0), step(10, before=0.3, after=0.3)), "Nothing was clipped; the gradient's norm ends at 0.3."),
        ((step(0, before=None, after=2.0),), "ends at 2; what it was before clipping is not known here."),
        ((step(0), step(3, not_finite="rnn.weight_hh_l0")), "At step 3 the gradient of rnn.weight_hh_l0 is not finite"),
        ((), "No step has been watched yet."),
    ],
)
def test_norms_before_and_after_clipping(steps, said):
    assert said in title(watched_norms_figure(run(*steps)))


def test_norms_are_drawn_as_recorded():
    found = watched_norms_figure(run(step(0, before=4.0), step(10, before=None, after=2.0)))
    assert [(trace.name, list(trace.x), list(trace.y)) for trace in found.data] == [
        ("before clipping", [0], [4.0]),
        ("after clipping", [0, 10], [1.0, 2.0]),
    ]


def test_the_gate_that_changed_most_is_told():
    found = watched_gates_figure(run(step(0, [1, 1], shut=0.1, wide=0.2), step(10, [1, 1], shut=0.15, wide=0.9)), "rnn")
    assert title(found) == "The forget gate is above 0.9 in 20 % of its values at step 0 and in 90 % at step 10."
    assert [list(trace.y) for trace in found.data] == [[0.2, 0.9], [0.1, 0.15]]
    alone = watched_gates_figure(run(step(0, [1, 1], shut=0.4, wide=0.2)), "rnn")
    assert title(alone) == "The forget gate is below 0.1 in 40 % of its values at step 0."


def test_a_plain_rnn_has_no_gates():
    layer = WatchedLayer(kind="RNN_TANH", flow=flow([1.0, 1.0]), sequences=1)
    plain = WatchedStep(step=0, norm_before=1.0, norm_after=1.0, layers={"rnn": layer})
    assert title(watched_gates_figure(run(plain), "rnn")) == "A plain RNN has no gates."


def test_attention_is_told_by_how_many_equal_weights_have_its_entropy():
    seen = [step(at, entropies={"att": np.log([keys, keys])}) for at, keys in ((0, 8.0), (10, 2.0))]
    found = watched_attention_figure(run(*seen))
    assert title(found) == "att spreads its attention over about 8 keys at first, and 2 in the end."
    assert title(watched_attention_figure(run(seen[0]))) == "att spreads its attention over about 8 keys."
    assert title(watched_attention_figure(run())) == "No attention was seen."


def test_several_runs_are_compared_by_what_reaches_the_first_step():
    runs = {"a": run(step(0, [1, 2]), step(10, [1, 4])), "b": run(step(0, [3, 1]))}
    found = watched_reach_figure(runs, "rnn")
    assert [list(trace.y) for trace in found.data] == [[0.5, 0.25], [3.0]]
    assert title(found) == "Of the gradient, this share reaches the first time step in the end: 0.25 in a and 3 in b."
    assert title(watched_reach_figure({"a": run(step(0, [1, 2]))}, "another")) == "No step has been watched yet."
