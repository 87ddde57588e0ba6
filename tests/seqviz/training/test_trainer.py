"""A run is a pure function of its experiment, goes on bit-identically, and keeps nothing that is not finite."""

from dataclasses import fields, replace

import numpy as np
import pytest
import torch

from seqviz.errors import ConfigError, DivergenceError
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
from seqviz.experiment.task import (
    AddingConfig,
    CaptionsConfig,
    CharactersConfig,
    CopyingConfig,
    LagConfig,
    TemporalOrderConfig,
    TranslationConfig,
)
from seqviz.measures.recovery import last_good_step
from seqviz.models import greedy
from seqviz.models.transformer_layers import causal_mask
from seqviz.records import Metrics
from seqviz.tasks.captions import either_way
from seqviz.training import Trainer
from seqviz.training.seeds import HELD_OUT, PROBE
from seqviz.training.trainer import PROBED_SEQUENCES

SMALL = Experiment(
    task=AddingConfig(length=8),
    model=RecurrentConfig(name="lstm", hidden_size=6),
    training=TrainingConfig(batch_size=4, steps=6),
    seed=3,
)


def run(experiment, **more):
    trainer = Trainer(experiment, **more)
    rows = []
    while not trainer.finished:
        rows.append(trainer.step())
    return trainer, rows


def same(one, other):
    assert one.keys() == other.keys()
    for name in one:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("task", [AddingConfig(length=8), LagConfig(length=8, lag=3)])
def test_the_same_experiment_gives_bit_identical_metrics_and_weights_twice(cell, task):
    experiment = replace(SMALL, task=task, model=RecurrentConfig(name=cell, hidden_size=6))
    torch.manual_seed(1)
    first, first_rows = run(experiment)
    torch.manual_seed(2)
    second, second_rows = run(experiment)
    assert first_rows == second_rows
    same(first.checkpoint(), second.checkpoint())


def test_training_leaves_the_global_random_state_alone():
    before = torch.get_rng_state()
    run(SMALL)
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "rmsprop", "adam", "adadelta"])
@pytest.mark.parametrize("pause", [0, 1, 4])
def test_a_run_taken_up_at_a_checkpoint_ends_like_an_undisturbed_one(optimizer, pause):
    experiment = replace(SMALL, training=TrainingConfig(optimizer=optimizer, batch_size=4, steps=6))
    whole, rows = run(experiment)
    first = Trainer(experiment)
    early = [first.step() for _ in range(pause)]
    taken_up, late = run(experiment, start=first.checkpoint())
    assert early + late == rows
    same(whole.checkpoint(), taken_up.checkpoint())


def test_the_same_seed_gives_the_same_initial_weights_whatever_the_training():
    other = replace(SMALL, training=TrainingConfig(optimizer="sgd", learning_rate=1.0, batch_size=2))
    same(Trainer(SMALL).weights(), Trainer(other).weights())
    with pytest.raises(AssertionError):
        same(Trainer(SMALL).weights(), Trainer(replace(SMALL, seed=4)).weights())


def test_steps_count_from_one():
    _, rows = run(SMALL)
    assert [row.step for row in rows] == [1, 2, 3, 4, 5, 6]


def child_of(experiment, step, **changes):
    return replace(experiment, parent=Parent(run=experiment.run_id, step=step), **changes)


def test_a_child_with_its_parents_settings_goes_on_as_the_parent_would_have():
    _, rows = run(replace(SMALL, training=replace(SMALL.training, steps=10)))
    parent, _ = run(SMALL)
    child = child_of(SMALL, 6, training=replace(SMALL.training, steps=4))
    _, late = run(child, start=parent.checkpoint())
    assert late == rows[6:]


def test_a_child_with_another_optimizer_takes_the_weights_alone():
    parent, _ = run(SMALL)
    child = Trainer(child_of(SMALL, 6, training=TrainingConfig(optimizer="rmsprop", steps=4)), start=parent.checkpoint())
    same(child.weights(), parent.weights())
    assert not child.optimizer.state
    assert child.steps_done == 6


def test_a_child_needs_its_parents_checkpoint():
    with pytest.raises(ConfigError, match="whose checkpoint is needed"):
        Trainer(child_of(SMALL, 6))


def test_a_parent_of_another_size_is_refused():
    parent, _ = run(SMALL)
    wider = child_of(SMALL, 6, model=RecurrentConfig(name="lstm", hidden_size=7))
    with pytest.raises(ConfigError, match=r"weight_ih_l0 has shape \(28, 2\), that one's \(24, 2\)"):
        Trainer(wider, start=parent.checkpoint())


def test_a_checkpoint_of_another_stretch_of_training_is_refused():
    with pytest.raises(ConfigError, match=r"from step 5 to step 11; the checkpoint is of step 0"):
        Trainer(child_of(SMALL, 5), start=Trainer(SMALL).checkpoint())


def diverging(**training):
    return replace(
        SMALL,
        model=RecurrentConfig(name="rnn", activation="relu", hidden_size=6, initialisation="orthogonal", scale=9.0),
        task=AddingConfig(length=60),
        training=TrainingConfig(optimizer="sgd", learning_rate=1e3, clip="off", **training),
    )


def until_divergence(trainer, rows=None):
    """Train until the error comes; return it and the state before."""
    rows = [] if rows is None else rows
    while not trainer.finished:
        before = trainer.checkpoint()
        try:
            rows.append(trainer.step())
        except DivergenceError as error:
            return error, before
    raise AssertionError("training ended without diverging")


def test_divergence_names_step_and_tensor_and_keeps_the_last_finite_state():
    trainer = Trainer(diverging())
    error, before = until_divergence(trainer)
    assert error.step == trainer.steps_done + 1
    assert any(word in error.tensor for word in ("loss", "gradient", "rnn.", "readout."))
    same(before, trainer.checkpoint())
    assert all(np.isfinite(array).all() for array in trainer.checkpoint().values())


def exploding(**training):
    """A tanh network whose gradient overflows while its states stay bounded (Pascanu et al., 2013)."""
    model = RecurrentConfig(name="rnn", hidden_size=16, initialisation="orthogonal", scale=2.0)
    chosen = {"optimizer": "sgd", "learning_rate": 1.0, "clip": "off", "batch_size": 8, **training}
    return Experiment(task=AddingConfig(length=100), model=model, training=TrainingConfig(**chosen))


def recorded(rows):
    return Metrics(**{one.name: np.array([getattr(row, one.name) for row in rows]) for one in fields(Metrics)})


def test_a_diverged_run_goes_on_from_where_it_was_last_in_good_order_with_clipping_on():
    experiment = exploding()
    trainer, rows = Trainer(experiment), []
    until_divergence(trainer, rows)
    good = last_good_step(recorded(rows))
    assert 0 < good < trainer.steps_done
    parent, _ = run(replace(experiment, training=replace(experiment.training, steps=good)))
    calm = exploding(clip="norm", learning_rate=0.01, steps=30)
    last, late = run(replace(calm, parent=Parent(run=experiment.run_id, step=good)), start=parent.checkpoint())
    assert [row.step for row in late] == list(range(good + 1, good + 31))
    assert all(np.isfinite(array).all() for array in last.checkpoint().values())


def test_a_gradient_whose_square_overflows_is_clipped_and_applied():
    experiment = replace(SMALL, training=TrainingConfig(optimizer="sgd", clip="norm", threshold=1.0, steps=6))
    trainer = Trainer(experiment)
    trainer.task = replace(trainer.task, judge_loss=lambda outputs, targets: 1e25 * outputs.mean())
    row = trainer.step()
    assert 1e24 < row.gradient_norm < 1e26
    assert row.applied_norm == 1.0
    assert row.clipped


def test_an_optimizer_whose_state_overflows_is_named():
    trainer = Trainer(replace(SMALL, training=TrainingConfig(optimizer="adam", clip="off", steps=6)))
    trainer.task = replace(trainer.task, judge_loss=lambda outputs, targets: 1e25 * outputs.mean())
    error, before = until_divergence(trainer)
    assert error.tensor.startswith("the optimizer's exp_avg_sq of ")
    same(before, trainer.checkpoint())


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "rmsprop", "adam", "adadelta"])
def test_an_update_that_overflows_is_undone_with_the_optimizers_state(optimizer):
    trainer = Trainer(replace(SMALL, training=TrainingConfig(optimizer=optimizer, clip="off", steps=6)))
    trainer.step()
    for group in trainer.optimizer.param_groups:
        group["lr"] = 1e37
    trainer.task = replace(trainer.task, judge_loss=lambda outputs, targets: 1e12 * outputs.sum())
    _, before = until_divergence(trainer)
    same(before, trainer.checkpoint())


def test_a_resumed_run_that_diverges_at_once_keeps_the_state_it_was_given():
    first = Trainer(SMALL)
    first.step()
    given = first.checkpoint()
    trainer = Trainer(SMALL, start=given)
    trainer.task = replace(trainer.task, judge_loss=lambda outputs, targets: outputs.sum() / 0)
    until_divergence(trainer)
    same(given, trainer.checkpoint())


def test_a_first_step_that_diverges_leaves_an_untrained_network():
    trainer = Trainer(SMALL)
    trainer.task = replace(trainer.task, judge_loss=lambda outputs, targets: outputs.sum() / 0)
    error, before = until_divergence(trainer)
    assert (error.step, error.tensor) == (1, "the loss")
    same(before, trainer.checkpoint())
    assert not trainer.optimizer.state


def test_a_weight_that_overflows_is_named():
    trainer = Trainer(replace(SMALL, training=TrainingConfig(optimizer="sgd", clip="off", steps=6)))
    trainer.optimizer.param_groups[0]["lr"] = 3e38
    trainer.task = replace(trainer.task, judge_loss=lambda outputs, targets: 1e3 * outputs.sum())
    error, _ = until_divergence(trainer)
    assert error.tensor == "readout.weight" or error.tensor.startswith("rnn.")
    assert str(error).startswith("step 1: ")
    assert "is infinite, so training stopped before applying it" in str(error)


def test_evaluation_is_on_data_apart_from_training_and_the_same_at_every_call():
    trainer, _ = run(SMALL)
    first = trainer.evaluate(40)
    assert first == trainer.evaluate(40)
    assert first.sequences == 40
    assert 0 <= first.metric <= 1


def evaluated(task, steps, text=None):
    config = RecurrentConfig(name="gru", hidden_size=24)
    training = TrainingConfig(steps=steps, learning_rate=0.03 if task.name == "copying" else 0.01)
    trainer = Trainer(Experiment(task=task, model=config, training=training), text=text)
    while not trainer.finished:
        trainer.step()
    return trainer.evaluate()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("task", "steps", "share"),
    [
        (AddingConfig(length=10), 350, 0.5),
        (CopyingConfig(length=1), 300, 0.95),
        (TemporalOrderConfig(length=10), 150, 0.5),
        (LagConfig(length=10, lag=2), 150, 0.5),
    ],
)
def test_a_gru_beats_the_baseline_of_every_generated_task_at_its_smallest(task, steps, share):
    result = evaluated(task, steps)
    assert result.loss < share * TASKS[task.name].baseline(task)
    assert result.sequences >= 1000


@pytest.mark.slow
def test_nothing_is_learned_where_there_is_no_dependency():
    task = LagConfig(length=10, lag=2, dependent=False)
    assert evaluated(task, 150).loss == pytest.approx(TASKS["lag"].baseline(task), rel=0.02)


@pytest.mark.slow
def test_a_text_is_learned_and_judged_on_its_held_out_end():
    result = evaluated(CharactersConfig(length=20), 150, text="the cat sat on the mat. " * 60)
    assert result.metric > 0.9


TRANSLATION = Experiment(
    task=TranslationConfig(corpus="reversal", sentences=300, longest=5),
    model=Seq2SeqConfig(hidden_size=6, embedding_size=5),
    training=TrainingConfig(batch_size=4, steps=6),
    seed=3,
)


@pytest.mark.parametrize("settings", [{}, {"teacher_forcing": 0.5, "order": "after"}, {"attention": "none", "cell": "lstm"}])
def test_a_translation_taken_up_at_a_checkpoint_ends_like_an_undisturbed_one(settings):
    experiment = replace(TRANSLATION, model=replace(TRANSLATION.model, **settings))
    whole, rows = run(experiment)
    first = Trainer(experiment)
    early = [first.step() for _ in range(4)]
    taken_up, late = run(experiment, start=first.checkpoint())
    assert early + late == rows
    same(whole.checkpoint(), taken_up.checkpoint())


def test_evaluating_a_translation_counts_the_sentences_written_without_a_mistake():
    trainer = Trainer(TRANSLATION)
    result = trainer.evaluate(12)
    assert result == trainer.evaluate(12)
    exact = []
    for part in range(3):
        batch = trainer._batch(HELD_OUT, part, 4)
        for source, target in zip(batch.inputs, batch.targets, strict=True):
            right = target[target >= 0].tolist()
            written = greedy(trainer.model, source.unsqueeze(0), most=len(right)).tokens[0].tolist()
            exact.append(written == right)
    assert result.exact == pytest.approx(np.mean(exact))
    assert Trainer(SMALL).evaluate(4).exact is None


CAPTIONS = Experiment(
    task=CaptionsConfig(most=2),
    model=CaptionerConfig(hidden_size=6, embedding_size=5, channels=8),
    training=TrainingConfig(batch_size=4, steps=6),
    seed=3,
)


def test_a_captioner_taken_up_at_a_checkpoint_ends_like_an_undisturbed_one():
    whole, rows = run(CAPTIONS)
    first = Trainer(CAPTIONS)
    early = [first.step() for _ in range(4)]
    taken_up, late = run(CAPTIONS, start=first.checkpoint())
    assert early + late == rows
    same(whole.checkpoint(), taken_up.checkpoint())


def test_evaluating_a_captioner_counts_the_pictures_whose_caption_is_true(monkeypatch):
    trainer = Trainer(CAPTIONS)
    assert trainer.evaluate(12).exact == 0  # it has learned nothing yet
    mirrored, wrong = (trainer._batch(HELD_OUT, part, 4).targets for part in range(2))
    wrong[0, 0] = 2  # an end where nothing has been said
    told = [either_way(mirrored)[1], wrong]
    monkeypatch.setattr("seqviz.training.trainer.captioned", lambda model, pictures, most: told.pop(0))
    assert trainer.evaluate(8).exact == (4 + 3) / 8


@pytest.mark.slow
def test_a_reversal_is_learned_and_written_without_a_mistake():
    experiment = replace(
        TRANSLATION,
        task=TranslationConfig(corpus="reversal", sentences=2000, longest=5),
        model=Seq2SeqConfig(hidden_size=48, embedding_size=24),
        # 500 steps learn it, a disturbance at 450 included; at a rate of 0.005 rounding decides when one comes
        training=TrainingConfig(batch_size=32, steps=600, learning_rate=0.002),
    )
    trainer, _ = run(experiment)
    assert trainer.evaluate(300).exact > 0.8


def test_a_schedule_changes_the_learning_rate_step_by_step_and_goes_on_where_it_was():
    training = TrainingConfig(optimizer="sgd", learning_rate=0.1, schedule="noam", warmup=3, steps=6, clip="off")
    whole = Trainer(replace(SMALL, training=training))
    before = whole.weights()
    for step in range(1, 7):
        whole.step()
        after, rate = whole.weights(), 0.1 * min(step / 3, (3 / step) ** 0.5)
        moved = np.concatenate([((before[name] - after[name]) / rate).ravel() for name in after])
        gradient = np.concatenate([weight.grad.numpy().ravel() for weight in whole.parameters])
        np.testing.assert_allclose(moved, gradient, rtol=1e-3, atol=1e-5)
        before = after
        if step == 4:
            half = whole.checkpoint()
    resumed = Trainer(replace(SMALL, training=training), start=half)
    while not resumed.finished:
        resumed.step()
    assert all(np.array_equal(resumed.weights()[name], after[name]) for name in after)


@pytest.mark.parametrize(
    ("task", "name"),
    [
        (TranslationConfig(corpus="reversal", sentences=100, longest=6), "transformer"),
        (AddingConfig(length=6), "causal"),
        (CaptionsConfig(most=2), "transformer_captioner"),
    ],
)
def test_a_transformer_trains_is_probed_judged_and_goes_on_bit_identically(task, name):
    model = TransformerConfig(name=name, layers=1, heads=2, width=8, inner=8)
    experiment = Experiment(task=task, model=model, training=TrainingConfig(batch_size=4, steps=4))
    whole = Trainer(experiment)
    whole.step(), whole.step()
    half, probes = whole.checkpoint(), whole.probe()
    whole.step(), whole.step()
    resumed = Trainer(experiment, start=half)
    resumed.step(), resumed.step()
    assert all(np.array_equal(resumed.weights()[name], value) for name, value in whole.weights().items())
    assert probes.hidden_norms.shape[:3] == (1, 1, 1)
    assert (probes.exact is not None) == (name == "transformer")
    judged = whole.evaluate(8)
    assert np.isfinite(judged.loss)
    assert (judged.exact is None) == (name == "causal")


def test_a_transformers_probe_equals_autograd():
    model = TransformerConfig(name="causal", layers=2, heads=2, width=8, inner=8)
    trainer = Trainer(Experiment(task=AddingConfig(length=6), model=model))
    batch = trainer._batch(PROBE, 0, PROBED_SEQUENCES)
    inputs = batch.inputs.double()
    trainer.model.double()
    entered = trainer.model.embedding(inputs) * 8**0.5 + trainer.model.decoder.placed(0, 6)
    entered.retain_grad()
    states = entered
    for layer in trainer.model.decoder.layers:
        states = layer(states, causal_mask(6))[-1].result
    answers = trainer.model.readout(trainer.model.decoder.norm(states)[:, -1])
    ((answers - batch.targets.double()) ** 2).sum().backward()
    trainer.model.float()
    np.testing.assert_allclose(trainer.probe().hidden_norms[0, 0, 0], entered.grad.norm(dim=2).mean(0), rtol=1e-4)
