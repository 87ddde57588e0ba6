"""The page on initialisation: studies at once, the gradient's reach exactly, links and bad input in one sentence."""

import json
import re
from dataclasses import replace

import pytest
from inprocess import LabInThisProcess, answered_by, open_page

PAGE = "pages/gradient/initialisation.py"


ME, THEY = "0" * 32, "1" * 32


class QueueInThisProcess(LabInThisProcess):
    """A Lab that trains nothing: its runs wait, and it knows who holds which."""

    def __init__(self):
        from seqviz.store import Store

        self.kept, self.waiting, self.stopped = Store("memory://race"), {}, []

    @property
    def store(self):
        return self.kept

    def submit(self, experiment, *, person, ancestors=()):
        self.waiting.setdefault(experiment.run_id, (experiment, set()))[1].add(person)
        self.store.handles.take(person, (experiment,), "race")
        return self.view(experiment.run_id, person)

    def view(self, run_id, person=None):
        from seqviz.errors import StoreError
        from seqviz.lab.view import empty_view

        if run_id not in self.waiting:
            raise StoreError("there is no such run here")
        experiment, holders = self.waiting[run_id]
        view = empty_view((experiment,), "queued" if holders else "stopped")
        return replace(view, state="running") if holders and experiment.model.name == "gru" else view

    def attend(self, run_id, person):
        return self.view(run_id, person)

    def resume(self, run_id, person):
        return self.submit(self.waiting[run_id][0], person=person)

    def stop(self, run_id, person):
        self.store.handles.set_state(person, run_id, "stopped")
        self.stopped.append(self.view(run_id).state)
        self.waiting[run_id][1].discard(person)

    pause = stop


@pytest.fixture(autouse=True)
def lab(monkeypatch):
    with answered_by(QueueInThisProcess(), monkeypatch) as one:
        yield one


def seen_by(who, **query):
    app = opened(**query)
    app.session_state["person.id"] = who
    return app.run()


def press(app, label):
    next(each for each in app.button if each.label == label).click().run()
    assert not app.exception
    assert not app.error
    return app


def labels(app):
    return {each.label for each in app.button}


def test_clear_lets_go_of_every_run_those_that_wait_first(lab):
    app = press(seen_by(ME, length="400", steps="20000"), "Race")
    assert [holders for _, holders in lab.waiting.values()] == [{ME}] * 6
    press(app, "Clear")
    assert [holders for _, holders in lab.waiting.values()] == [set()] * 6
    assert lab.stopped == ["queued"] * 5 + ["running"]
    assert "Clear" not in labels(app)
    press(app, "Race")
    assert [holders for _, holders in lab.waiting.values()] == [{ME}] * 6


def test_another_race_lets_go_of_the_one_before(lab):
    app = press(seen_by(ME, arms="lstm,gru"), "Race")
    app.number_input(key="initialisation.seed").set_value(1).run()
    press(app, "Race")
    assert [(one.seed, holders) for one, holders in lab.waiting.values()] == [(0, set()), (0, set()), (1, {ME}), (1, {ME})]


def test_whoever_else_opens_the_link_keeps_the_race_and_stops_no_more_than_their_own(lab):
    mine = press(seen_by(ME, arms="lstm,gru"), "Race")
    theirs = seen_by(THEY, raced=mine.query_params["raced"])
    press(mine, "Clear")
    assert [holders for _, holders in lab.waiting.values()] == [{THEY}] * 2
    assert "Stop" in labels(theirs.run())
    again = seen_by(ME, raced="50.1000.0.lstm,gru")
    assert "Stop" not in labels(again)
    assert any("Somebody else trains these too" in each.value for each in again.caption)
    press(theirs, "Stop")
    assert [holders for _, holders in lab.waiting.values()] == [set()] * 2


def opened(**query):
    return open_page(PAGE, {"reach.length": "12", "distance": "12", "reach.hidden_size": "4", **query})


def figures(app):
    """Each figure on the page, by its file name."""
    sent = [json.loads(each.proto.mixed.json or each.proto.json) for each in app.get("bidi_component")]
    return {each["name"]: each for each in sent if "traces" in each}


def test_the_race_stands_at_once_with_its_band_and_baseline():
    app = opened()
    assert not app.exception
    assert not app.error
    figure = figures(app)["initialisation"]
    assert figure["finding"].startswith("A loss below 0.01 is reached by ")
    names = {trace["name"] for trace in figure["traces"]}
    assert {"LSTM", "GRU", "identity + ReLU", "LSTM, range", "always answering 1: 1/6"} <= names


def test_the_study_of_longer_sequences_is_chosen_with_its_own_budgets():
    app = opened(studied="100")
    figure = figures(app)["initialisation-100"]
    assert "not by default and orthogonal within 6,000 steps" in figure["finding"]
    told = " ".join(each.value for each in app.caption)
    assert "The adding problem at T = 100, batches of 50, five seeds each." in told
    assert "Adam at 0.001, gradients clipped by norm at 1, for 6,000 steps: default, orthogonal and identity + ReLU" in told
    assert "must be one of 50, 100, got '400'" in opened(studied="400").warning[0].value


def test_what_each_is_trained_with_is_told_beside_the_race():
    told = " ".join(each.value for each in opened().caption)
    clipped = "gradients clipped by norm at 1"
    assert f"Adam at 0.001, {clipped}, for 3,500 steps: default, small random, orthogonal and identity + ReLU" in told
    assert f"Adam at 0.01, {clipped}, for 1,000 steps: LSTM and GRU" in told
    alike = f"All are trained with Adam at 0.005, {clipped}, for 2,000 steps."
    assert any(alike in each.value for each in opened(view="order").caption)


def test_how_long_a_race_takes_is_told_before_it_begins_and_only_of_that_race():
    app = press(seen_by(ME, arms="small,default,gru", steps="100", length="10"), "How long will this take?")
    (told,) = [each.value for each in app.caption if each.value.startswith("About ")]
    assert re.fullmatch(
        r"About .+ for an RNN and .+ for a GRU; all 3 one after another .+: timed over 12 training steps on this .+", told
    )
    app.number_input(key="initialisation.seed").set_value(1).run()
    assert not [each.value for each in app.caption if each.value.startswith("About ")]


def test_the_reach_is_a_map_and_two_slices():
    app = opened(view="reach")
    assert not app.exception
    assert not app.error
    assert set(figures(app)) == {"forget-bias-map", "gradient-by-distance", "gradient-by-bias"}
    assert figures(app)["forget-bias-map"]["finding"].startswith("Over 12 steps, the gradient at step 0 is ")


def test_gates_of_their_biases_alone_leave_the_product():
    app = opened(view="reach", bias="3.0")
    app.toggle(key="initialisation.reach.gates_alone").set_value(True).run()
    figure = figures(app)["gradient-by-distance"]
    assert figure["finding"].startswith(
        "Bias 3: over 12 steps, the gradient at step 0 is 0.56 times that at the last step, which is σ(3)^12"
    )


def test_the_slices_follow_their_sliders():
    app = opened(view="reach")
    app.slider(key="initialisation.bias").set_value(5.0).run()
    assert figures(app)["gradient-by-distance"]["finding"].startswith("Bias 5: over 12 steps, ")
    app.slider(key="initialisation.distance").set_value(4).run()
    assert figures(app)["gradient-by-bias"]["finding"].startswith("Over 4 steps")


def test_a_distance_beyond_the_longest_is_brought_down():
    app = opened(view="reach", distance="200")
    assert not app.exception
    assert figures(app)["gradient-by-bias"]["finding"].startswith("Over 12 steps")


def test_learning_with_each_forget_bias_is_told():
    figure = figures(opened(view="order"))["forget-bias"]
    assert figure["finding"].startswith("An accuracy above 99% is reached by chrono(60) at step ")


@pytest.mark.parametrize("raced", ["999.100.0.lstm", "50.100.0.lsmt", "<b>"])
def test_a_race_that_cannot_be_is_one_sentence(raced):
    app = opened(raced=raced)
    assert not app.exception
    assert len(app.warning) + len(app.error) == 1
    assert "[" not in (*app.warning, *app.error)[0].value.replace("in [10, 400]", "")


def test_the_form_of_a_race_is_told_in_words():
    said = opened(raced="50.1000.0.foo").warning[0].value
    assert (
        "of the form length.steps.seed.who (50.1000.0.lstm,gru; who may be default, small, orthogonal, identity, lstm, gru)"
        in said
    )


def test_the_answer_appears_once_a_guess_is_made():
    app = opened(view="reach")
    assert not any(each.value.startswith("**Over 100 steps") for each in app.markdown)
    app.query_params["guess"] = "5"
    app.run()
    assert any("bias 5 keeps 0.51.** You saw that." in each.value for each in app.markdown)


def test_what_a_reader_sees_is_at_most_250_words():
    from seqviz.ui.lessons.gradient.initialisation.settings import VIEW_TITLES
    from seqviz.ui.shell.content import sections

    held = sections("initialisation")
    more = {"race": ("own", "rewind", "others"), "reach": ("predict", "answer"), "order": ()}
    common = sum(len(held[name].split()) for name in ("lead", "why", "sources"))
    for view in VIEW_TITLES:
        assert common + sum(len(held[name].split()) for name in (view, *more[view])) <= 250
