"""The shipped runs, shown until something has been trained, and their settings for the form."""

from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

from seqviz.experiment import CELLS, MODELS, Experiment, FeedforwardConfig, Seq2SeqConfig, TrainingConfig, TransformerConfig
from seqviz.experiment.feedforward import CONNECTIONS
from seqviz.experiment.model import ATTENTIONS
from seqviz.lab import RunView
from seqviz.language.words import listed
from seqviz.ui.lessons.train.train.families import TRANSFORMER_PREFIX, family_of
from seqviz.ui.lessons.train.train.settings import named
from seqviz.ui.runs.words import made_with
from seqviz.ui.shell.cache import lab
from seqviz.ui.shell.page import Page

BOARD = frozenset({"runs", "ancestors", "at", "layer", "direction"})  # settings of what is shown, not of what is to be trained


def examples(page: Page) -> list[RunView]:
    """Return the runs that come with seqviz, on the task that the page is set to; of many of a kind, the largest."""
    found = [lab().view(run_id) for run_id in lab().store.pretrained_ids()]
    chosen = [view for view in found if view.experiment.task.to_json()["name"] == page["task"]]
    if page["task"] == "translation":
        chosen = [view for view in chosen if getattr(view.experiment.task, "corpus", "") == page["translation.corpus"]]
    return sorted(_largest(chosen), key=lambda view: _kind(view.experiment))


def _largest(views: Sequence[RunView]) -> list[RunView]:
    """Return one run for each kind of network, or way to attend: the first of those with the largest hidden size."""
    by_size = sorted(views, key=lambda view: -view.experiment.model.hidden_size)
    return list({_kind(view.experiment): view for view in reversed(by_size)}.values())


def _kind(experiment: Experiment) -> int:
    model = experiment.model
    if isinstance(model, Seq2SeqConfig):
        return list(ATTENTIONS).index(model.attention)
    if isinstance(model, TransformerConfig):
        return len(ATTENTIONS)
    if isinstance(model, FeedforwardConfig):
        return list(CONNECTIONS).index(model.name)
    return list(CELLS).index(model.name) if model.name in CELLS else len(CELLS)


def introduce(page: Page, views: Sequence[RunView]) -> None:
    """Say that these runs are not what the form describes, and offer to make it so."""
    with st.container(horizontal=True, vertical_alignment="center", key="train-examples"):
        st.markdown(
            f":material/inventory_2: **These networks come with seqviz**, made with {made_with(views[0].experiment)}"
            f"{_apart(page, views[0].experiment)}. **Train** puts your own in their place."
        )
        st.button(
            "Copy their settings into the form", key="train.copy", on_click=copy_settings,
            args=(page, [view.experiment for view in views]),
        )  # fmt: skip


def copy_settings(page: Page, experiments: Iterable[Experiment]) -> None:
    """Set the form to these experiments' networks and task, and to the training of the first of them.

    Only an uploaded text is named.
    """
    experiments = list(experiments)
    family = family_of(str(experiments[0].task.to_json()["name"]))
    there = {family.chosen_as(one.model) for one in experiments}
    options = page.controls[family.choice].rule.options or {}
    page[family.choice] = tuple(each for each in options if each in there)
    for setting in TrainingConfig.rules():
        page[family.named(setting)] = getattr(experiments[0].training, setting)
    for written in (one.to_query() for one in experiments):
        for key, value in written.items():
            name = _control_of(page, key, written)
            if name is not None and (name != "text" or value.startswith("text-")):
                page[name] = page.controls[name].rule.parse(name, value)


def follow_link(page: Page) -> None:
    """Set the form to what a link's runs were made with, where the link names runs and says nothing of the form."""
    runs: Sequence[Experiment] = page.linked["runs"]
    said = {name for name, control in page.controls.items() if page.linked[name] != control.default}
    if not runs or not said <= BOARD or st.session_state.get("train.followed") == runs:
        return
    st.session_state["train.followed"] = runs
    page["task"] = runs[0].task.to_json()["name"]
    copy_settings(page, [one for one in runs if one.task.to_json()["name"] == page["task"]])


def _apart(page: Page, experiment: Experiment) -> str:
    """Return which of these settings the form has otherwise, in words."""
    task = experiment.task.to_json()
    length = "longest" if task["name"] == "translation" else "length"
    asked = page[f"{task['name']}.{length}"] if length in task else None
    size, steps = page[named(page, "hidden_size")], page[named(page, "steps")]
    otherwise = {
        f"at most {asked} words" if length == "longest" else f"T = {asked}": asked != task.get(length),
        f"hidden size {size}": size != experiment.model.hidden_size,
        f"{steps:,} steps": steps != experiment.training.steps,
    }
    told = [said for said, differs in otherwise.items() if differs]
    return f"; **the form says {listed(told)}**" if told else ""


def _control_of(page: Page, key: str, written: Mapping[str, str]) -> str | None:
    part, _, name = key.rpartition(".")
    if part == "training":
        return None
    task, family = written["task.name"], family_of(written["task.name"])
    if part == "model" and MODELS[written["model.name"]].config is TransformerConfig:
        own = f"{TRANSFORMER_PREFIX}{name}"
    else:
        own = family.named(name) if part == "model" else name
    names = (f"{task}.{name}", name) if part == "task" else (own,)
    return next((each for each in names if each in page.controls), None)
