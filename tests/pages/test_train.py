"""The page Train: never empty, never a traceback; a bad link or a bad setting is one sentence. Nothing is trained here."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from seqviz.errors import LimitError, StoreError
from seqviz.experiment import TASKS, Experiment
from seqviz.lab.view import empty_view, stored_view
from seqviz.records import Pace
from seqviz.settings import settings
from seqviz.store import Store
from seqviz.ui.lessons.train.train.families import FAMILIES

ROOT = Path(__file__).parents[2]
PAGE = "pages/train/train.py"
WHO = "0" * 32


class LabWithoutWorkers:
    """What the page asks of a Lab: shipped runs, and runs that are requested and wait for ever."""

    def __init__(self):
        self.settings = settings()
        self.store = Store(self.settings.store.url, str(ROOT / "pretrained"))
        self.queued = {}
        self.timed = []

    def submit(self, experiment, *, person, ancestors=(), until=None, name=None):
        if experiment.training.steps > 50_000:
            raise LimitError("steps may be at most 50,000 on this server, got 60,000")
        self.store.handles.take(person, (experiment, *ancestors), name or "a run")
        return self.queued.setdefault(experiment.run_id, empty_view([experiment, *ancestors], "queued"))

    def view(self, run_id, person=None):
        if run_id in self.queued:
            return self.queued[run_id]
        run = self.store.open(run_id)
        if run is None:
            raise StoreError(f"there is no run {run_id} here")
        return stored_view(run)

    def attend(self, run_id, person):
        return self.view(run_id, person)

    def pause(self, run_id, person):
        self.queued[run_id] = replace(self.queued[run_id], state="paused")

    def trace(self, question, subject):
        assert question.name == "pace"
        self.timed.append(Experiment.from_json(json.loads(subject.experiment)))
        return Pace(steps=12, seconds_a_step=0.05, seconds_to_begin=3.0)

    def runs(self, person):
        return [(handle, self.view(handle.run_id)) for handle in self.store.handles.of(person)]


@pytest.fixture(autouse=True)
def lab(monkeypatch, own_store):
    made = LabWithoutWorkers()
    monkeypatch.setattr("seqviz.lab.Lab", lambda: made)
    monkeypatch.chdir(ROOT)
    st.cache_resource.clear()
    st.cache_data.clear()
    yield made
    st.cache_resource.clear()
    st.cache_data.clear()


def opened(**query):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["person.id"] = WHO
    for name, value in query.items():
        app.query_params[name] = value
    return app.switch_page(PAGE).run()


def figures(app):
    """The data of each figure on the page, by its file name."""
    sent = [json.loads(each.proto.mixed.json or each.proto.json) for each in app.get("bidi_component")]
    return {each["name"]: each for each in sent if "traces" in each}


def said(app):
    return [each.value for each in (*app.error, *app.warning)]


def press(app, label):
    next(button for button in app.button if button.label == label).click()
    app.query_params.clear()
    app.query_params.update(address(app))  # a browser would have kept the address in step
    return app.run()


def address(app):
    """The page's address as it wrote it last."""
    return app.session_state["train.settings"]["link"]


def test_the_first_visit_sees_networks_that_came_with_the_app():
    app = opened()
    assert not app.exception
    assert not said(app)
    assert {"train.loss", "train.metric", "train.norm", "train.flow", "train.gates"} <= set(figures(app))
    assert figures(app)["train.loss"]["finding"].startswith("A loss of 0.17 needs no memory")


def test_train_asks_for_every_chosen_network_and_puts_them_into_the_link(lab):
    app = press(opened(cells="lstm,gru", hidden_size="8", **{"adding.length": "12"}), "Train")
    assert not app.exception
    assert [view.experiment.model.name for view in lab.queued.values()] == ["lstm", "gru"]
    assert {view.experiment.task.length for view in lab.queued.values()} == {12}
    assert address(app)["runs"].count("~~") == 1
    again = opened(runs=address(app)["runs"])
    assert not said(again)
    assert len([badge for badge in again.button if badge.label == "Cancel"]) == 2


def test_a_new_seed_trains_the_same_networks_on_other_numbers(lab):
    app = press(opened(cells="gru"), "New seed")
    assert not app.exception
    assert [view.experiment.seed for view in lab.queued.values()] == [1]


def test_pausing_all_lets_go_of_every_run(lab):
    app = press(press(opened(cells="lstm,gru"), "Train"), "Pause all")
    assert not app.exception
    assert {view.state for view in lab.queued.values()} == {"paused"}
    assert any(button.label == "Go on" for button in app.button)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"adding.length": "1e308"}, "adding.length must be a whole number in [2, 2000], got '1e308'"),
        ({"adding.length": "1999"}, "adding.length must be at most 1000 on this server, got '1999'"),
        ({"learning_rate": "nan"}, "learning_rate must be a number above 0"),
        ({"optimizer": "<b>sgd</b>"}, "optimizer must be one of"),
        ({"sneaky": "1"}, "unknown setting 'sneaky'"),
        ({"runs": "adding~lstm~hidden_size-0"}, "hidden_size must be a whole number"),
        ({"runs": "x" * 100_000}, "at most 20000 are read"),
        ({"ancestors": "~".join("y" * 50)}, "unknown task"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_broken_link_gives_one_sentence_and_the_defaults(query, sentence):
    app = opened(**query)
    assert not app.exception
    assert len(said(app)) == 1
    assert sentence in said(app)[0]
    assert "train.loss" in figures(app)


def test_a_link_to_a_text_that_is_not_here_names_it():
    app = opened(task="characters", text="text-0123456789abcdef")
    assert not app.exception
    assert any("text-0123456789abcdef" in sentence for sentence in said(app))


def test_what_the_server_does_not_allow_is_said_and_nothing_is_lost(lab):
    app = press(opened(steps="60000", cells="rnn"), "Train")
    assert not app.exception
    assert said(app) == ["Steps may be at most 50,000 on this server, got 60,000."]
    assert "train.loss" in figures(app)


def test_a_number_out_of_range_is_said_and_nothing_else_is_trained_instead(lab):
    app = opened()
    app.number_input(key="train.hidden_size").set_value(0).run()
    assert said(app) == ["Hidden size must be a whole number in [1, 512], got 0."]
    assert next(button for button in app.button if button.label == "Train").disabled
    app.number_input(key="train.hidden_size").set_value(8).run()
    assert not said(app)
    assert not next(button for button in app.button if button.label == "Train").disabled


def test_a_task_that_cannot_be_read_backwards_says_why():
    app = opened(task="characters")
    assert not app.exception
    toggle = next(each for each in app.toggle if each.label == "Bidirectional")
    assert toggle.disabled
    assert any("has already seen the character it must predict" in each.value for each in app.caption)


def trained(lab, losses=(0.3, 0.2, 0.1)):
    """Let the runs that were asked for have been trained to the end."""
    from seqviz.records import Metrics

    loss = np.asarray(losses)
    metrics = Metrics(
        step=np.arange(1, len(loss) + 1), loss=loss, metric=loss, gradient_norm=loss, applied_norm=loss, clipped=loss > 1
    )
    for run_id, view in lab.queued.items():
        lab.queued[run_id] = replace(view, state="done", steps_done=len(loss), metrics=metrics)


def badges(app):
    return [each.value for each in app.markdown if each.value.startswith(":") and "badge" in each.value]


def bars(app):
    return [each.proto.text for each in app.get("progress")]


def button(app, label):
    return next(each for each in app.button if each.label == label)


def test_after_reset_a_card_stands_at_the_initial_weights_and_go_on_shows_the_training_again(lab):
    app = press(opened(cells="lstm", steps="3"), "Train")
    trained(lab)
    app = press(app.run(), "Reset")
    assert "back at step 0" in badges(app)[0]
    assert bars(app) == ["step 0 of 3: the initial weights · trained to step 3"]
    app = press(app, "Step")
    assert bars(app) == ["step 1 of 3 · trained to step 3"]
    app = press(app, "Go on")
    seen = [*bars(app), *bars(app.run())]
    assert seen[-1].startswith("step 3 of 3")
    assert "done" in badges(app)[0]
    assert not any(each.label in ("Go on", "Pause all") for each in app.button)
    assert not app.exception


def test_a_step_that_cannot_be_taken_says_why(lab):
    app = press(opened(cells="lstm", steps="3"), "Train")
    assert button(app, "Step").disabled
    assert "Pause all" in button(app, "Step").help
    trained(lab)
    app.run()
    assert button(app, "Step").disabled
    assert "Every step is trained" in button(app, "Step").help


def test_networks_that_come_with_seqviz_are_called_so_and_lend_the_form_their_settings(lab):
    app = opened(**{"adding.length": "30"})
    assert len([each for each in badges(app) if "comes with seqviz: T = 100" in each]) == 3
    app = press(app, "Copy their settings into the form")
    assert app.number_input(key="train.adding.length").value == 100
    assert app.number_input(key="train.hidden_size").value == 64
    assert address(app)["learning_rate"] == "0.005"
    app = press(app, "Train")
    assert not said(app)


def test_a_direction_is_offered_only_where_networks_read_both_ways(lab):
    one_way = press(opened(cells="gru"), "Train")
    assert "Direction shown" not in [each.label for each in one_way.get("button_group")]
    both = press(opened(cells="gru", bidirectional="yes"), "Train")
    assert "Direction shown" in [each.label for each in both.get("button_group")]


def captions(app):
    return [each.value for each in app.caption]


def test_translation_offers_encoder_decoders_and_says_why_a_recurrent_network_alone_does_not_fit():
    app = opened(task="translation")
    assert not app.exception
    assert not said(app)
    groups = {each.label: each for each in app.get("button_group")}
    assert groups["A network that answers as it reads"].proto.disabled
    assert not groups["Attention, trained side by side"].proto.disabled
    assert any("a network that reads alone answers only at the steps that it reads" in each for each in captions(app))
    assert len([each for each in badges(app) if "comes with seqviz: French → English" in each]) == 6


def test_a_task_answered_at_its_last_step_says_why_an_encoder_decoder_does_not_fit():
    app = opened()
    groups = {each.label: each for each in app.get("button_group")}
    assert groups["Encoder-decoder"].proto.disabled
    assert any("the encoder-decoder does not fit: the adding problem asks for one answer" in each for each in captions(app))


def test_train_asks_for_every_chosen_attention_and_puts_it_into_the_link(lab):
    settings = {"translation.corpus": "reversal", "attentions": "dot,scaled", "seq2seq.order": "after", "seq2seq.cell": "lstm"}
    app = press(opened(task="translation", **settings), "Train")
    assert not app.exception
    asked = [view.experiment for view in lab.queued.values()]
    assert [one.model.attention for one in asked] == ["dot", "scaled"]
    assert {(one.task.corpus, one.model.cell, one.model.order, one.training.steps) for one in asked} == {
        ("reversal", "lstm", "after", 1000)
    }
    again = opened(task="translation", runs=address(app)["runs"])
    assert not said(again)
    assert len([each for each in again.button if each.label == "Cancel"]) == 2


def test_dates_bring_their_longest_sentence_along():
    app = opened(task="translation")
    app.selectbox(key="train.translation.corpus").select("dates").run()
    assert app.number_input(key="train.translation.longest").value == 25
    assert address(app)["translation.longest"] == "25"
    app.selectbox(key="train.translation.corpus").select("fr-en").run()
    assert "translation.longest" not in address(app)


def test_translators_are_trained_as_a_transformer_needs_it_unless_told_otherwise(lab):
    press(opened(task="translation", attentions="additive,transformer"), "Train")
    chosen = {(view.experiment.training.schedule, view.experiment.training.warmup) for view in lab.queued.values()}
    assert chosen == {("noam", 150)}


def test_own_sentences_are_needed_first_and_named_where_they_are_not_here():
    app = press(opened(**{"task": "translation", "translation.corpus": "own"}), "Train")
    assert "To translate your own sentences, give a file of them first." in said(app)
    app = opened(**{"task": "translation", "translation.corpus": "own", "translation.text": "pairs-0123456789abcdef"})
    assert not app.exception
    assert any("does not have the sentences pairs-0123456789abcdef" in sentence for sentence in said(app))


def test_own_sentences_that_are_here_are_counted_and_learned(lab):
    from seqviz.corpora import SentencePair, held_out, learned

    pairs = [*learned("fr-en", 30, 6), SentencePair(("<b>x</b>",), ("[y](z)",)), *held_out("fr-en", 4, 6)]
    name = lab.store.texts.add_pairs(pairs)
    app = opened(**{"task": "translation", "translation.corpus": "own", "translation.text": name, "attentions": "dot"})
    assert not app.exception
    assert any(f"Learning from {name}: 35 sentences" in each and "4 held out" in each for each in captions(app))
    press(app, "Train")
    assert [view.experiment.task.text for view in lab.queued.values()] == [name]


def test_a_table_is_shown_as_it_would_be_learned_and_asks_which_columns_are_meant_where_that_is_not_clear(lab):
    own = {"task": "translation", "translation.corpus": "own"}
    app = opened(**own)
    three = "".join(f"{n}\tword {n} <b>\tmot {n}\tWort {n}\n" for n in range(30))
    app.file_uploader(key="train.sentences").set_value(("three.tsv", three.encode(), "")).run()
    assert app.text[0].value.splitlines() == [f"{n} | word {n} <b> | mot {n} | Wort {n}" for n in range(3)]
    press(app, "Use these sentences")
    assert any("Choose the column of the sentences" in each for each in said(app))
    choice = {each.label: each for each in app.selectbox}
    assert choice["Source"].options == ["1: numbers", "2: sentences", "3: sentences", "4: sentences"]
    choice["Source"].set_value(3)
    choice["Translation"].set_value(1)
    app.run()
    assert app.text[0].value.splitlines() == [f"Wort {n} → word {n} <b>" for n in range(3)]
    press(app, "Use these sentences")
    assert any("30 sentences" in each for each in captions(app))
    assert lab.store.texts.read(address(app)["translation.text"]).startswith("wort 0")


def test_a_clear_table_needs_no_answer_and_a_header_of_other_words_can_be_named(lab):
    app = opened(**{"task": "translation", "translation.corpus": "own"})
    two = "Deutsch\tEnglisch\n" + "".join(f"Wort {n}\tword {n}\n" for n in range(30))
    app.file_uploader(key="train.sentences").set_value(("two.tsv", two.encode(), "")).run()
    assert app.text[0].value.startswith("Deutsch → Englisch\n")
    next(each for each in app.checkbox if each.label == "The first line is a header").check().run()
    assert app.text[0].value.startswith("Wort 0 → word 0\n")
    press(app, "Use these sentences")
    assert any("Learning from" in each and "30 sentences" in each for each in captions(app))


def test_a_file_that_goes_from_short_sentences_to_long_ones_is_told_and_drawing_from_all_of_it_mends_it(lab):
    from seqviz.corpora import SentencePair

    pairs = [SentencePair(tuple(f"w{n}" for _ in range(2 + n // 100)), (f"v{n}",)) for n in range(600)]
    name = lab.store.texts.add_pairs(pairs)
    own = {"task": "translation", "translation.corpus": "own", "translation.text": name, "translation.sentences": "100"}
    assert any("Those held out are longer, typically 4 words beside 2, because" in each for each in captions(opened(**own)))
    drawn = opened(**own, **{"translation.drawn": "yes"})
    assert not drawn.exception
    assert not any("are longer" in each for each in captions(drawn))


def test_settings_of_the_translators_that_come_along_are_copied():
    app = press(opened(task="translation"), "Copy their settings into the form")
    assert address(app)["attentions"] == "none,dot,general,additive,scaled,transformer"
    assert address(app)["seq2seq.schedule"] == "constant"  # of the first of them; the Transformer's own is another
    assert address(app)["seq2seq.steps"] == "1500"
    assert app.number_input(key="train.translation.longest").value == 12


def test_a_finished_translator_can_be_watched_and_a_transformer_looked_into(lab):
    app = press(opened(task="translation", attentions="dot,transformer"), "Train")
    trained(lab)
    doors = [each.proto.page for each in app.run().get("page_link")]
    assert [sum(name in page for page in doors) for name in ("translate", "heads", "walk")] == [2, 1, 1]


def test_a_training_step_of_a_run_can_be_seen_in_slow_motion():
    app = press(opened(cells="rnn"), "Train")
    assert any("](step?runs=adding~rnn~" in each.value for each in app.markdown)


@pytest.mark.parametrize("task", TASKS)
def test_every_task_has_its_form_and_says_what_learns_it(task):
    app = opened(task=task)
    assert not app.exception
    assert not said(app)
    reasons = [each for each in captions(app) if each.startswith("Not here: the")]
    assert len(reasons) == len(FAMILIES) - 1


def test_the_time_that_training_takes_is_told_before_it_begins_and_only_for_these_settings(lab):
    app = press(opened(task="translation", **{"seq2seq.steps": "2000"}), "How long will this take?")
    assert not app.exception
    assert [one.training.steps for one in lab.timed] == [2000, 2000]
    told = [each for each in captions(app) if "timed over 12 training steps" in each]
    assert told[0].startswith("About 2 min for the GRU without attention (50 ms a step) and 2 min for the GRU with additive")
    app.number_input(key="train.seq2seq.steps").set_value(100).run()
    assert not any("timed over" in each for each in captions(app))


def test_a_link_that_says_dates_keeps_its_longest_sentence_also_in_an_old_session():
    app = opened(task="translation")
    app.query_params["translation.corpus"] = "dates"
    app.run()
    assert app.selectbox(key="train.translation.corpus").value == "dates"
    assert app.number_input(key="train.translation.longest").value == 10


def test_captions_are_learned_by_captioners_alone(lab):
    settings = {"captioner.hidden_size": "16", "captioner.steps": "30", "captions.most": "1"}
    heads = {"transformer.width": "24", "transformer.cells": "none"}
    app = opened(task="captions", decoders="lstm,gru,transformer_captioner", **settings, **heads)
    assert "Positions of a picture's cells" in [each.label for each in app.get("selectbox") + app.get("button_group")]
    press(app, "Train")
    *asked, transformer = [view.experiment for view in lab.queued.values()]
    assert [(one.model.name, one.model.cell, one.model.hidden_size, one.task.most, one.training.steps) for one in asked] == [
        ("captioner", "lstm", 16, 1, 30), ("captioner", "gru", 16, 1, 30),
    ]  # fmt: skip
    model = transformer.model
    assert (model.name, model.width, model.cells, transformer.task.most) == ("transformer_captioner", 24, "none", 1)


def test_the_captioner_that_comes_along_lends_its_settings_and_only_what_is_drawn_is_explained():
    app = press(opened(task="captions"), "Copy their settings into the form")
    assert not app.exception
    assert address(app)["captioner.batch_size"] == "32"
    told = " ".join(each.value for each in app.markdown)
    assert "dashed line" not in told
    assert "those of the decoder, which writes" in told


def test_a_link_to_runs_alone_sets_the_form_to_what_they_learn(lab):
    app = press(opened(task="translation", attentions="dot"), "Train")
    again = opened(runs=address(app)["runs"])
    assert again.selectbox(key="train.task").value == "translation"
    assert (address(again)["task"], address(again)["attentions"]) == ("translation", "dot")
    again = again.selectbox(key="train.task").select("lag").run()
    assert again.selectbox(key="train.task").value == "lag"
    whole = opened(task="lag", runs=address(app)["runs"])
    assert whole.selectbox(key="train.task").value == "lag"


def test_spirals_are_learned_by_feedforward_networks_alone(lab):
    app = opened(task="spirals", kinds="plain,highway", steps="30", **{"feedforward.depth": "3", "spirals.classes": "3"})
    assert len([each for each in captions(app) if each.startswith("Not here: the")]) == 3
    press(app, "Train")
    asked = [view.experiment for view in lab.queued.values()]
    assert [(one.model.name, one.model.depth, one.task.classes) for one in asked] == [("plain", 3, 3), ("highway", 3, 3)]


def test_networks_that_come_along_for_spirals_show_their_gradient_by_layer():
    app = opened(task="spirals")
    assert not app.exception
    assert not said(app)
    found = [figure["finding"] for name, figure in figures(app).items() if name.startswith("train.layers.")]
    assert len(found) == 4
    assert figures(app)["train.loss"]["finding"].startswith("A loss of 0.69 is that of guessing: the residual network's is ")
    assert all("on its way from layer" in each and " before training" in each for each in found)
    copied = address(press(app, "Copy their settings into the form"))
    assert copied["kinds"] == "plain,residual,dense,highway"
    assert copied["optimizer"] == "momentum"


def test_dropout_is_asked_for_with_its_rate(lab):
    press(opened(cells="lstm", layers="2", dropout="layers", dropout_rate="0.5", hidden_size="4"), "Train")
    model = next(iter(lab.queued.values())).experiment.model
    assert (model.dropout, model.dropout_rate, model.layers) == ("layers", 0.5, 2)
    assert said(press(opened(cells="lstm", dropout="layers"), "Train")) == [
        "Dropout between layers needs at least 2 layers, got 1."
    ]


def test_truncated_backpropagation_is_asked_for_with_its_window_and_only_where_it_can_be(lab):
    cut = {"backpropagation": "truncated", "window": "8", "stride": "4", "carried": "no"}
    press(opened(cells="lstm", hidden_size="4", **cut), "Train")
    model = next(iter(lab.queued.values())).experiment.model
    assert (model.backpropagation, model.window, model.stride, model.carried) == ("truncated", 8, 4, False)
    assert said(press(opened(cells="lstm", **(cut | {"stride": "9"})), "Train")) == [
        "Stride must be at most the window of 8 steps, got 9."
    ]
    assert "train.window" not in {each.key for each in opened(cells="lstm").number_input}


def test_a_transformer_is_trained_beside_the_others_with_settings_of_its_own(lab):
    app = opened(task="copying", cells="lstm,causal", **{"transformer.positions": "none", "transformer.width": "32"})
    assert "The Transformer" in [each.label for each in app.expander]
    app = press(app, "Train")
    assert not said(app)
    names = [view.experiment.model.name for view in lab.queued.values()]
    transformer = next(view.experiment.model for view in lab.queued.values() if view.experiment.model.name == "causal")
    assert names == ["lstm", "causal"]
    assert (transformer.positions, transformer.width, transformer.heads) == ("none", 32, 4)


def test_a_transformer_alone_asks_for_nothing_that_it_has_not():
    app = opened(task="translation", attentions="transformer")
    assert "More about the networks" not in [each.label for each in app.expander]
    assert "Positions of a picture's cells" not in [each.label for each in app.get("selectbox") + app.get("button_group")]
    assert "Hidden size" not in [each.label for each in app.number_input]
    alone = opened(task="adding", cells="causal")
    assert not alone.exception
    assert "Bidirectional" not in [each.label for each in alone.toggle]


def test_heads_that_do_not_divide_the_width_are_one_sentence(lab):
    app = press(opened(task="copying", cells="causal", **{"transformer.heads": "3"}), "Train")
    assert any("The width must be a multiple of the heads, got 64 numbers for 3 heads" in each for each in said(app))
    assert not lab.queued


def test_a_warm_up_is_asked_for_only_where_the_learning_rate_changes(lab):
    assert "Warm-up steps" not in [each.label for each in opened().number_input]
    app = opened(schedule="noam", warmup="50", cells="gru")
    app = press(app, "Train")
    (view,) = lab.queued.values()
    assert (view.experiment.training.schedule, view.experiment.training.warmup) == ("noam", 50)
