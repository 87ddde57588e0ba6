"""The board's figures distinguish runs, show one moment, and say what is true of it."""

from dataclasses import replace

import numpy as np

from seqviz.experiment import (
    TASKS,
    CaptionerConfig,
    Experiment,
    Parent,
    RecurrentConfig,
    Seq2SeqConfig,
    TrainingConfig,
    TransformerConfig,
)
from seqviz.experiment.task import CaptionsConfig, TranslationConfig
from seqviz.figures.look import hue
from seqviz.lab.view import empty_view
from seqviz.records import Metrics, Probes
from seqviz.ui.lessons.train.train import charts
from seqviz.ui.lessons.train.train.charts import Board


def run(cell, losses, **training):
    experiment = Experiment(
        task=TASKS["adding"].config(length=30), model=RecurrentConfig(name=cell), training=TrainingConfig(steps=100, **training)
    )
    losses = np.asarray(losses, dtype=float)
    metrics = Metrics(
        step=np.arange(1, len(losses) + 1), loss=losses, metric=1 - losses, gradient_norm=losses, applied_norm=losses,
        clipped=losses > 0.5,
    )  # fmt: skip
    norms = np.ones((2, 1, 1, 4)) * np.array([1.0, 2, 3, 4])
    probes = Probes(step=np.array([0, 2]), hidden_norms=norms, cell_norms=None, direct_norms=norms)
    return replace(empty_view([experiment], "done"), metrics=metrics, probes=probes, steps_done=len(losses))


def test_two_runs_of_one_cell_share_its_colour_and_differ_by_dash():
    board = Board(views=[run("lstm", [1, 0.5]), run("lstm", [1, 0.25], learning_rate=0.1), run("gru", [1, 1])])
    first, second, other = charts.loss_figure(board).data[:3]
    assert first.line.color == second.line.color != other.line.color
    assert (first.line.dash, second.line.dash, other.line.dash) == ("solid", "dash", "solid")


def test_the_loss_is_held_against_one_that_needs_no_memory():
    board = Board(views=[run("rnn", [0.17] * 50), run("lstm", [0.2] * 9 + [1 / 60] * 50)])
    finding = charts.loss_figure(board).layout.meta["finding"]
    assert (
        finding
        == "A loss of 0.17 needs no memory: the LSTM's is 10 times below it and that of the RNN is not clearly below it "
        "(means of the last 50 training steps)."
    )


def test_every_chart_stands_at_the_moment_shown():
    board = Board(views=[run("lstm", [1.0, 0.1, 0.01])], at=2)
    loss = charts.loss_figure(board)
    then = next(trace for trace in loss.data if trace.name == "LSTM then")
    assert (list(then.x), list(then.y)) == ([2], [0.1])
    assert loss.data[0].x[-1] == 3  # what came later stays in sight
    assert "too early to tell for the LSTM (2 steps)" in loss.layout.meta["finding"]
    assert "After 2 training steps" in charts.flow_figure(board).layout.meta["finding"]


def test_until_keeps_rows_up_to_the_step():
    metrics = run("gru", [1, 2, 3, 4]).metrics
    assert list(charts.until(metrics, 3).loss) == [1, 2, 3]
    assert len(charts.until(metrics, 0).loss) == 0
    assert charts.until(metrics, None) is metrics


def test_the_share_of_clipped_steps_is_in_the_title():
    board = Board(views=[run("lstm", [1, 1, 1, 0.1]), run("gru", [1, 0.1], clip="off")])
    drawn = charts.norm_figure(board)
    assert "clipped in 75 % of steps in LSTM" in drawn.layout.meta["finding"]
    assert any(trace.name == "clipped above 1" for trace in drawn.data)


def test_a_run_that_has_not_begun_is_no_error():
    board = Board(views=[replace(run("lstm", []), probes=None), run("gru", [1, 0.5])])
    assert charts.loss_figure(board).data
    assert list(board.probes) == ["GRU"]


def test_before_the_first_training_step_the_weights_are_the_seeds():
    board = Board(views=[run("lstm", [1.0, 0.1])], at=0)
    for drawn in (charts.loss_figure(board), charts.metric_figure(board)):
        assert drawn.layout.meta["finding"].startswith("This is before the first training step")


def test_before_its_first_training_step_a_child_has_its_parents_weights():
    parent = run("lstm", [0.2, 0.1])
    child = replace(parent.experiment, parent=Parent(run=parent.id, step=2))
    born = replace(empty_view([child, parent.experiment], "queued"), probes=parent.probes)
    alone = charts.untrained(Board(views=[born]))
    begins = f"the LSTM begins with the weights of its parent, run {parent.id[:4]}, at step 2"
    assert alone == f"This is before the first training step: {begins}."
    assert charts.loss_figure(Board(views=[born])).layout.meta["finding"] == alone
    assert charts.metric_figure(Board(views=[born])).layout.meta["finding"] == alone


def test_of_a_bidirectional_run_one_direction_is_drawn_and_named():
    made = run("gru", [0.2, 0.1])
    model = RecurrentConfig(name="gru", bidirectional=True)
    norms = np.concatenate([made.probes.hidden_norms, 10 * made.probes.hidden_norms[..., ::-1]], axis=2)
    both = replace(
        made,
        experiment=replace(made.experiment, model=model),
        probes=replace(made.probes, hidden_norms=norms, direct_norms=norms),
    )
    board = Board(views=[both, run("lstm", [0.2, 0.1])], backward=True)
    drawn = charts.flow_figure(board)
    assert [list(trace.y) for trace in drawn.data] == [[40, 30, 20, 10], [1, 2, 3, 4]]
    assert [trace.name for trace in drawn.data] == ["GRU bidirectional (read backward)", "LSTM one direction"]
    assert (
        charts.flow_map_figure(board, "GRU bidirectional")
        .layout.meta["finding"]
        .startswith("GRU bidirectional (read backward): ")
    )
    assert "read forward" in charts.flow_figure(replace(board, backward=False)).layout.meta["finding"]


def test_a_run_whose_loss_is_huge_or_no_number_is_said_to_have_diverged():
    views = [run("rnn", [0.2, 1e20, 1e25]), run("lstm", [0.2, np.nan]), run("gru", [0.01] * 50)]
    finding = charts.loss_figure(Board(views=views)).layout.meta["finding"]
    assert "the RNN diverged at step 2, its loss is 10²⁵" in finding
    assert "the LSTM diverged at step 2, its loss is not a number (NaN)" in finding
    assert "the GRU's is 17 times below it" in finding
    assert "diverged" not in charts.loss_figure(Board(views=views, at=1)).layout.meta["finding"]


def test_a_run_that_ended_with_a_usual_loss_is_said_to_have_diverged_at_its_end():
    board = Board(views=[replace(run("rnn", [0.2, 0.3]), state="diverged")])
    assert "the RNN diverged right after step 2, its loss was 0.3" in charts.loss_figure(board).layout.meta["finding"]


def translator(attention, exact, **model):
    made = run("gru", [1.0, 0.5])
    experiment = Experiment(
        task=TranslationConfig(), model=Seq2SeqConfig(attention=attention, **model), training=made.experiment.training
    )
    return replace(made, experiment=experiment, probes=replace(made.probes, exact=np.asarray(exact, dtype=float)))


def test_translators_are_coloured_by_how_they_attend_and_dashed_within_one_colour():
    views = [translator("none", [0, 0.5]), translator("additive", [0, 1]), translator("additive", [0, 1], hidden_size=64)]
    board = Board(views=views)
    names = ["GRU without attention H = 128", "GRU with additive attention H = 128", "GRU with additive attention H = 64"]
    assert list(board.named) == names
    for drawn in (charts.loss_figure(board), charts.written_figure(board), charts.flow_figure(board)):
        lines = [trace for trace in drawn.data if trace.mode != "markers"][:3]
        assert lines[0].line.color != lines[1].line.color == lines[2].line.color
        assert [line.line.dash for line in lines] == ["solid", "solid", "dash"]
    assert "50 % by the GRU without attention" in charts.written_figure(board).layout.meta["finding"]
    assert board.judged
    assert not Board(views=[run("gru", [1.0])]).judged


def test_captioners_are_coloured_by_their_cells_and_a_transformer_as_on_every_page():
    models = [CaptionerConfig(cell="lstm"), CaptionerConfig(cell="gru"), TransformerConfig(name="transformer_captioner")]
    found = [charts.colour_of_run(Experiment(task=CaptionsConfig(), model=model)) for model in models]
    assert found == [hue("lstm"), hue("gru"), hue("transformer")]
    assert len(set(found)) == 3
