"""What the page "One training step" shows: which run, which step, the step itself, and its norms."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import streamlit as st

from seqviz.experiment import Experiment, RecurrentConfig, TrainingConfig
from seqviz.experiment.title import title_of
from seqviz.figures.training_step import step_finding, step_norms_figure, step_sentences, weight_title, went
from seqviz.questions import TRAINING_STEP
from seqviz.records.training_step import StepTrace
from seqviz.subjects.training_step import TrainingStep
from seqviz.ui.components.figure import show
from seqviz.ui.components.training_step import show_training_step
from seqviz.ui.lessons.gradient.step.settings import FRESH, NAME, fresh, weight_names
from seqviz.ui.runs.shipped import shipped_cards
from seqviz.ui.runs.words import made_with, trained_with
from seqviz.ui.shell.cache import lab, traced
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import Page
from seqviz.ui.shell.person import known_person
from seqviz.ui.shell.prediction import answer, question

NEW = "new"
LONGER = 30  # times as long is the step that is asked about
SHOWN = f"{NAME}.shown"  # the training steps done before the one that is shown


def chosen(page: Page) -> Experiment:
    """Draw the choice of a run or of a fresh network, and return its experiment."""
    offered = _runs(page)
    titles = {NEW: "a small new network", **{one.run_id: name for name, one in offered}}
    take = partial(_choose, page, {one.run_id: one for _, one in offered})
    now = page["runs"][0].run_id if page["runs"] else NEW
    page.offer("runs", now, key=f"{NAME}.source", take=take, titles=titles)
    if page["runs"]:
        experiment: Experiment = page["runs"][0]
        st.caption(f"{title_of(experiment)}: {made_with(experiment)}. {trained_with(experiment.training)}.")
        return experiment
    for name in FRESH:
        if name not in TrainingConfig.rules() or page.applies(TrainingConfig, name):
            page.control(name)
    return fresh(page)


def moment(page: Page, experiment: Experiment) -> TrainingStep:
    """Draw the choice of a step and of a weight, and return what is to be taken apart."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        page.control("done")
        st.button("Next step", key=f"{NAME}.next", on_click=_move, args=(page, 1))
        if page["done"]:
            st.button("Step before", key=f"{NAME}.previous", on_click=_move, args=(page, -1))
    names = weight_names(experiment.recurrent)
    if page["weight"] not in names:
        page["weight"] = names[1]
    page.control("weight", titles={name: weight_title(name) for name in names})
    return TrainingStep(experiment=json.dumps(experiment.to_json()), done=page["done"], weight=page["weight"])


def slow_motion(subject: TrainingStep, experiment: Experiment) -> None:
    """Draw the step, phase by phase, and every weight's norms."""
    record = traced(TRAINING_STEP, subject)
    st.session_state[SHOWN] = record.step - 1
    if record.ended:
        st.warning(ended(record))
    read = f"{experiment.training.batch_size} sequences of {len(record.reach)} time steps"
    sentences = step_sentences(record, experiment.training, read)
    show_training_step(record, sentences, key=f"{NAME}.motion", title=step_finding(record))
    show(step_norms_figure(record), key=f"{NAME}.norms", name="norms-of-a-training-step")


def ended(record: StepTrace) -> str:
    """Return why another step is shown than the one asked for."""
    said = f"{record.ended[:1].upper()}{record.ended[1:]}."
    what = "This is that step" if record.diverged else f"Step {record.step:,}, the last that was taken, is shown"
    return f"{said} {what}."


def predict(page: Page, experiment: Experiment) -> None:
    """A question to answer before the step is taken: the first step, thirty times as long."""
    with question(page) as guess:
        if guess is None:
            return
        longer = _longer(experiment)
        record = traced(TRAINING_STEP, TrainingStep(experiment=json.dumps(longer.to_json()), done=0))
        told = prose(NAME, "answer falls" if record.change < 0 else "answer")
        answer(page, f"**{step_finding(record)}**", guess == went(record), told)


def _longer(experiment: Experiment) -> Experiment:
    rate = min(LONGER * experiment.training.learning_rate, 1e9)
    training = replace(experiment.training, learning_rate=rate)
    return replace(experiment, training=training)


def _runs(page: Page) -> list[tuple[str, Experiment]]:
    """Return the recurrent networks' runs to choose from: the link's, the person's, and those that come with seqviz."""
    who, found = known_person(), [(title_of(one), one) for one in page["runs"]]
    if who is not None:
        found += [(handle.name, handle.experiments[0]) for handle in lab().store.handles.of(who)]
    shipped = {f"comes with seqviz: {name}": lab().view(card.run).experiment for name, card in shipped_cards().items()}
    found += [(name, one) for name, one in shipped.items() if one.parent is None]
    return [(name, one) for name, one in found if isinstance(one.model, RecurrentConfig)]


def _choose(page: Page, offered: Mapping[str, Experiment], run: str) -> None:
    page["runs"] = () if run == NEW else (offered[run],)
    page["done"] = 0 if run == NEW else offered[run].first_step


def _move(page: Page, by: int) -> None:
    """Continue from the step shown: in a diverged run, it is before the one asked for."""
    page["done"] = max(0, min(page["done"], st.session_state.get(SHOWN, page["done"])) + by)
