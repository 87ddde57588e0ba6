"""A run's state, name and mishaps in words."""

from dataclasses import replace

import pytest

from seqviz.errors import DivergenceError
from seqviz.experiment import (
    MODELS,
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
from seqviz.lab.view import STATES, empty_view
from seqviz.ui.runs import words

ADDING = Experiment(
    task=TASKS["adding"].config(length=30), model=RecurrentConfig(name="lstm"), training=TrainingConfig(steps=100)
)


def view(**more):
    return replace(empty_view([ADDING], "running"), **more)


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_a_name_and_a_colour(state):
    assert all(words.chip(view(state=state)))


def test_the_place_in_the_queue_is_said():
    assert words.chip(view(state="queued", position=0))[0] == "next in line"
    assert words.chip(view(state="queued", position=3))[0] == "waiting, 3 before it"


def test_progress_says_pace_and_what_remains():
    assert words.progress(view(steps_done=60, remaining=20.0)) == "step 60 of 100 · 2.0 steps/s · 20 s to go"
    assert words.progress(view(state="done", steps_done=100, seconds=7.2)) == "step 100 of 100 · trained in 7 s"


def test_progress_foretells_nothing_when_there_is_no_news():
    assert words.progress(view(steps_done=60, remaining=20.0), quiet=12.0) == "step 60 of 100 · no news for 12 s"


def test_a_run_whose_past_is_shown_says_which_step_and_how_far_it_is_trained():
    ended = view(state="done", steps_done=100, seconds=7.2)
    assert words.chip(ended, 0)[0] == "back at step 0"
    assert words.progress(ended, at=0) == "step 0 of 100: the initial weights · trained to step 100"
    assert words.progress(ended, at=40) == "step 40 of 100 · trained to step 100"
    assert words.share_done(ended, 40) == 0.4
    assert words.chip(ended, 100) == words.chip(ended) == ("done", "green")


def test_a_run_that_trains_is_called_so_whatever_step_is_shown():
    assert words.chip(view(steps_done=60), 10)[0] == "training"
    assert words.progress(view(steps_done=60), at=10) == "step 60 of 100"


def test_a_child_at_its_first_step_has_its_parents_weights():
    child = replace(ADDING, parent=Parent(run=ADDING.run_id, step=50))
    ended = replace(empty_view([child, ADDING], "done"), steps_done=150)
    assert words.progress(ended, at=0) == "step 50 of 150: its parent's weights · trained to step 150"


def test_share_done_of_a_child_counts_from_where_it_began():
    child = replace(ADDING, parent=Parent(run=ADDING.run_id, step=50))
    assert words.share_done(empty_view([child, ADDING], "queued")) == 0
    assert words.share_done(replace(empty_view([child, ADDING], "running"), steps_done=75)) == 0.25


def test_divergence_names_the_weights_in_words_and_what_to_do():
    message = "step 12: the gradient of rnn.weight_hh_l0 is infinite, so training stopped before applying it"
    said = words.advice(view(state="diverged", message=message))
    assert said.startswith("Step 12: the gradient of the recurrent weights of layer 1 is infinite")
    assert "Try a lower learning rate, such as 0.001, a smaller" in said
    free = replace(ADDING, training=TrainingConfig(clip="off", learning_rate=3.0))
    advised = words.advice(view(experiment=free, state="diverged", message=message))
    assert "try clipping by norm, or a lower learning rate, such as 0.1." in advised


def test_the_cause_of_a_divergence_is_told_alone():
    said = str(DivergenceError(12, "the gradient of rnn.weight_hh_l0", "infinite"))
    told = "step 12: the gradient of the recurrent weights of layer 1 is infinite"
    assert words.cause(view(state="diverged", message=said)) == told
    assert words.cause(view(state="done")) == ""


def test_labels_say_only_what_sets_runs_apart_and_begin_with_the_cell():
    gru = replace(ADDING, model=RecurrentConfig(name="gru"))
    faster = replace(ADDING, training=TrainingConfig(steps=100, learning_rate=0.1))
    assert words.labels([ADDING, gru]) == ["LSTM", "GRU"]
    assert words.labels([ADDING, faster]) == ["LSTM lr 0.01", "LSTM lr 0.1"]


def test_labels_of_a_parent_and_its_child_differ():
    child = replace(ADDING, parent=Parent(run=ADDING.run_id, step=50))
    first, second = words.labels([ADDING, child])
    assert first != second
    assert "from step 50" in second


def test_the_main_settings_of_a_run_are_said():
    said = words.made_with(ADDING)
    assert said.startswith("T = 30, hidden size ")
    assert said.endswith(", 100 training steps")


def test_translators_are_told_apart_by_attention_alone_also_where_each_looks_when_it_was_published_to():
    task = TASKS["translation"].config()
    before, after = (
        Experiment(task=task, model=Seq2SeqConfig(attention=attention, order=order))
        for attention, order in (("additive", "before"), ("dot", "after"))
    )
    assert words.labels([before, after]) == ["GRU with additive attention", "GRU with dot attention"]
    later = replace(before, model=Seq2SeqConfig(attention="additive", order="after", reverse_source=True))
    assert words.labels([before, later])[1] == "GRU with additive attention looks after, source reversed"
    assert words.made_with(before) == "French → English, at most 12 words, hidden size 128, 500 training steps"


def test_labels_of_captioners_tell_their_cells():
    models = (*(CaptionerConfig(cell=cell) for cell in ("lstm", "gru")), TransformerConfig(name="transformer_captioner"))
    labels = words.labels([Experiment(task=CaptionsConfig(), model=model) for model in models])
    assert labels == ["LSTM captioner", "GRU captioner", "Transformer"]
    bare = TransformerConfig(name="transformer_captioner", cells="none")
    told = words.labels([Experiment(task=CaptionsConfig(), model=model) for model in (bare, models[2])])
    assert told[0] == "Transformer no positions of cells"


def test_divergence_names_the_encoders_weights_in_words():
    said = words.advice(view(state="diverged", message="step 3: the gradient of encoder.weight_hh_l0_reverse is infinite"))
    assert said.startswith("Step 3: the gradient of the recurrent weights of the encoder's layer 1, read backwards is infinite")


def test_labels_of_a_transformer_beside_others_tell_only_what_differs_within_a_kind():
    recurrent = Experiment(task=TranslationConfig(), model=Seq2SeqConfig())
    transformers = [Experiment(task=TranslationConfig(), model=TransformerConfig(heads=heads)) for heads in (2, 4)]
    assert words.labels([recurrent, transformers[0]]) == ["GRU with additive attention", "Transformer"]
    assert words.labels([recurrent, *transformers])[1:] == ["Transformer 2 heads", "Transformer 4 heads"]


def test_a_setting_that_sets_runs_apart_is_told_the_same_way_whatever_it_is_of():
    told = {}
    for config in (*(spec.config for spec in (*TASKS.values(), *MODELS.values())), TrainingConfig, Parent):
        for name, rule in config.rules().items():
            if name != "name":
                assert told.setdefault(name, (rule.short, rule.called)) == (rule.short, rule.called), name


@pytest.mark.parametrize(
    ("name", "written", "said"),
    [
        ("hidden_size", "64", "H = 64"),
        ("length", "30", "T = 30"),
        ("optimizer", "sgd", "SGD"),
        ("clip", "off", "clip off"),
        ("threshold", "0.5", "at 0.5"),
        ("scale", "1.5", "scale 1.5"),
        ("bidirectional", "yes", "bidirectional"),
        ("bidirectional", "no", "one direction"),
        ("seed", "3", "seed 3"),
    ],
)
def test_settings_are_told_in_few_words(name, written, said):
    assert words._said(words._rules_of(ADDING), name, written) == said
