"""The views of the page "Depth" in which networks train: the gradient by layer, and its sums by activation."""

import numpy as np
import streamlit as st

from seqviz.experiment import FeedforwardConfig
from seqviz.experiment.model import ACTIVATIONS
from seqviz.figures.activations import Curve, activations_figure
from seqviz.figures.layers import accuracy_finding, common_reach, layers_trained_figure, seeds_table
from seqviz.recipes.depth import SLOWLY, TRAINING, activation_experiment, connection_study, spirals_experiment
from seqviz.studies import StudyResult
from seqviz.ui.components.figure import show
from seqviz.ui.lessons.gradient.depth.settings import NAME
from seqviz.ui.runs.followed import Views, follow, offer, tell
from seqviz.ui.runs.sharing import BETWEEN_RUNS, write_run
from seqviz.ui.runs.shipped import shipped_study
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import Page


def trained(page: Page) -> None:
    """The gradient by layer and training step of the chosen networks, side by side, and how well each does."""
    experiments = {kind: spirals_experiment(page.config(FeedforwardConfig, name=kind), page["seed"]) for kind in page["kinds"]}
    follow(page, experiments, _draw_layers)
    offer(page, experiments, "Train them with these settings", key=f"{NAME}.trained")
    study = connection_study()
    if all(study.experiment(kind, one.seed).run_id == one.run_id for kind, one in experiments.items()):
        result = shipped_study(study.name)
        st.caption(f"Drawn is seed {page['seed']}. {result.title}")
        st.markdown(seeds_table(result))
    st.markdown(prose(NAME, "trained").format(
        momentum=TRAINING.momentum, rate=TRAINING.learning_rate, batch=TRAINING.batch_size, threshold=TRAINING.threshold,
    ))  # fmt: skip


def _draw_layers(views: Views) -> None:
    records = {kind: view.probes for kind, view in views.items() if view.probes is not None}
    if not records:
        st.info("Nobody has trained these networks yet.")
        tell(views)
        return
    st.markdown(f"**{accuracy_finding({kind: views[kind].metrics for kind in records})}**")
    places = [place for _ in range(0, len(records), 2) for place in st.columns(2)]
    reach = common_reach(records.values())
    for place, (kind, record) in zip(places, records.items(), strict=False):
        with place:
            show(layers_trained_figure(record, kind, reach=reach), key=f"{NAME}.trained.{kind}", name=f"gradient-{kind}")
    runs = BETWEEN_RUNS.join(write_run(views[kind].experiment) for kind in records)
    st.markdown(f"[Their losses, and their scripts to take home](train?task=spirals&runs={runs})")
    tell(views)


def activations(page: Page) -> None:
    """The sums of gradient magnitudes in one layer over training, by activation: the study's seeds, and one of your own."""
    depth = int(page["hidden_layers"])
    layer = min(page["layer"], depth)
    result = shipped_study("activations")
    study = {name: _studied(result, f"{name}-{depth}", layer) for name in ACTIVATIONS}
    experiments = {name: activation_experiment(name, depth, page["own"]) for name in ACTIVATIONS}

    def draw(views: Views) -> None:
        beside = {name: (view.probes.step, view.probes.weight_sums[None, :, layer - 1]) for name, view in views.items()
                  if view.probes is not None and view.probes.weight_sums is not None}  # fmt: skip
        show(
            activations_figure(study, beside, layer=layer, depth=depth), key=f"{NAME}.activations",
            name="sum-of-gradient-magnitudes",
        )  # fmt: skip
        tell(views)

    follow(page, experiments, draw)
    offer(page, experiments, "Train one of each beside them", key=f"{NAME}.activations")
    st.caption(result.title)
    seeds = len(next(iter(study.values()))[1])
    st.markdown(prose(NAME, "activations").format(rate=SLOWLY.learning_rate, seeds=seeds))


def _studied(result: StudyResult, arm: str, layer: int) -> Curve:
    return result.curves(arm, "step")[0], np.asarray(result.curves(arm, str(layer)))
