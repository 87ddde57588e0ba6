"""The runs that come with seqviz, shown where nobody has trained anything yet, and their settings for the form."""

from collections.abc import Iterable, Sequence

import streamlit as st

from seqviz.experiment import CELLS, Experiment
from seqviz.figures.words import listed
from seqviz.lab import RunView
from seqviz.ui.cached import lab
from seqviz.ui.page import Page
from seqviz.ui.training.words import made_with


def examples(page: Page) -> list[RunView]:
    """Return the runs that come with seqviz, on the task that the page is set to."""
    found = [lab().view(run_id) for run_id in lab().store.pretrained_ids()]
    chosen = [view for view in found if view.experiment.task.to_json()["name"] == page["task"]]
    return sorted(chosen, key=lambda view: list(CELLS).index(view.experiment.model.name))


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
    """Set the form to what these experiments were made with; of a text, only one that somebody gave is named."""
    experiments = list(experiments)
    cells = {one.model.name for one in experiments}
    page["cells"] = tuple(cell for cell in CELLS if cell in cells)
    for written in (one.to_query() for one in experiments):
        for key, value in written.items():
            name = _control_of(page, key, written["task.name"])
            if name is not None and (name != "text" or value.startswith("text-")):
                page[name] = page.controls[name].rule.parse(name, value)


def _apart(page: Page, experiment: Experiment) -> str:
    """Return which of these settings the form has otherwise, in words."""
    task = experiment.task.to_json()
    length = page[f"{task['name']}.length"]
    otherwise = {
        f"T = {length}": length != task["length"],
        f"hidden size {page['hidden_size']}": page["hidden_size"] != experiment.model.hidden_size,
        f"{page['steps']:,} steps": page["steps"] != experiment.training.steps,
    }
    told = [said for said, differs in otherwise.items() if differs]
    return f"; **the form says {listed(told)}**" if told else ""


def _control_of(page: Page, key: str, task: str) -> str | None:
    part, _, name = key.rpartition(".")
    names = (f"{task}.{name}", name) if part == "task" else (name,)
    return next((each for each in names if each in page.controls), None)
