"""The views of the page "Clipping" that train one network several ways: one function each, from settings to figures."""

from collections.abc import Mapping

import plotly.graph_objects as go
import streamlit as st

from seqviz.errors import StoreError
from seqviz.experiment import OPTIMIZERS
from seqviz.experiment.baseline import baseline_loss
from seqviz.experiment.clipping import RACE_LENGTH, RATES, SHORT, resumed
from seqviz.figures import metrics_figure
from seqviz.figures.clipping import RECOVERY_ROLES, WAY_ROLES, WAYS, clipped_norms_figure, recovery_figure, turn_figure
from seqviz.figures.look import hue
from seqviz.figures.optimizers import optimizer_figure
from seqviz.lab import RunView
from seqviz.lab.view import FINAL
from seqviz.language.words import number
from seqviz.measures.recovery import last_good_step
from seqviz.records.learning import WINDOW, means
from seqviz.ui.components.figure import show
from seqviz.ui.lessons.gradient.clipping.settings import NAME, explosion, raced, side_by_side
from seqviz.ui.runs.followed import Views, follow, known, offer, tell
from seqviz.ui.runs.shipped import shipped, shipped_study
from seqviz.ui.runs.words import cause
from seqviz.ui.shell.cache import lab
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import Page
from seqviz.ui.shell.prediction import question

MEMORYLESS = baseline_loss("adding")  # the loss of always answering 1 to the adding problem
LEARNED = 0.8  # the share of that loss below which something was learned
SEEN_THROUGH = 0.6  # of losses that swing from step to step and lie on each other
NETWORK = ("scale", "length", "learning_rate", "steps", "seed")


def first_settings(page: Page) -> None:
    """The controls that the view is about, above its figures also on a phone."""
    own = {"live": ("threshold", "limit"), "optimizers": ("clip",), "diverged": ("scale",)}[page["view"]]
    for place, name in zip(st.columns(2, gap="medium"), own, strict=False):
        with place:
            page.control(name)


def settings(page: Page) -> None:
    """The other controls of the view, in the order of thought."""
    own = {
        "live": NETWORK,
        "optimizers": ("limit" if page["clip"] == "value" else "threshold", "factor", "seed"),
        "diverged": (*NETWORK[1:], "threshold"),
    }
    for name in own[page["view"]]:
        if name != "threshold" or page["view"] != "optimizers" or page["clip"] != "off":
            page.control(name)


def live(page: Page) -> None:
    """The same network clipped by norm and by value: norms before and after, the angle, the loss."""
    experiments = side_by_side(page)
    limits = {"norm": page["threshold"], "value": page["limit"]}

    def draw(views: Views) -> None:
        tell(views, WAYS)
        if not views:
            st.info(prose(NAME, "untrained"))
            return
        begun = {way: view.metrics for way, view in views.items()}
        for place, (way, record) in zip(st.columns(2, gap="medium"), begun.items(), strict=False):
            with place:
                show(clipped_norms_figure(record, way, limits[way]), key=f"{NAME}.{way}", name=f"norms-clipped-by-{way}")
        left, right = st.columns(2, gap="medium")
        with left:
            show(turn_figure(begun), key=f"{NAME}.turn", name="angle")
        with right:
            show(_losses(views, WAY_ROLES), key=f"{NAME}.loss", name="loss")
        if not any(_has_learned(view) for view in views.values()):
            st.caption(prose(NAME, "nothing learned"))

    offer(page, experiments, "Train both", key=f"{NAME}.both")
    follow(page, experiments, draw)
    st.markdown(prose(NAME, "live"))
    predict(page)


def predict(page: Page) -> None:
    """A question to answer before the figure is shown: the same network without clipping."""
    asked = prose(NAME, "predict").format(scale=SHORT.scale, length=SHORT.length, rate=SHORT.learning_rate)
    with question(page, asked) as guess:
        if guess is None:
            return
        free, clipped = (lab().view(shipped(f"clipping-short-{clip}").run) for clip in ("off", "norm"))
        if not {free.state, clipped.state} <= FINAL:
            raise StoreError("the network that comes with the app to answer this has not been trained to its end")
        st.markdown(f"{'**You saw that.** ' if guess == fate(free, clipped) else ''}{_answer(free, clipped)}")
        show(_recovery(free, None), key=f"{NAME}.predicted", name="without-clipping")


def fate(free: RunView, clipped: RunView) -> str:
    """Return what became of a network without clipping, both having ended: the guess that is right.

    Beside the clipped one it learns just as well where its newest losses are at most a quarter larger.
    """
    if free.state == "diverged":
        return "ends"
    return "same" if _newest_loss(free) * LEARNED <= _newest_loss(clipped) else "worse"


def _answer(free: RunView, clipped: RunView) -> str:
    if free.state != "diverged":
        losses = {name: number(_newest_loss(view)) for name, view in (("free", free), ("clipped", clipped))}
        return prose(NAME, "answer done").format(newest=WINDOW, **losses)
    left = free.steps_done - last_good_step(free.metrics)
    steps = "1 step" if left == 1 else f"{left:,} steps"
    return prose(NAME, "answer").format(steps=steps) if left else prose(NAME, "answer at once")


def optimizers(page: Page) -> None:
    """Five optimizers under the same clipping, from the same start: a shipped study, and a race trained here."""
    result = shipped_study("optimizers")
    curves = {arm: result.curves(arm, "loss") for arm in result.arms}
    show(optimizer_figure(curves), key=f"{NAME}.study", name="optimizers-study")
    shares = ", ".join(f"{OPTIMIZERS[arm]} {100 * result.values(arm, 'clipped').mean():.0f} %" for arm in result.arms)
    st.caption(f"{result.title} Steps clipped: {shares}.")
    rates = ", ".join(f"{OPTIMIZERS[name]} {rate:g}" for name, rate in RATES.items())
    seeds = max(len(result.of(arm)) for arm in result.arms)
    st.markdown(prose(NAME, "optimizers").format(length=RACE_LENGTH, seeds=seeds, rates=rates))

    def draw(views: Views) -> None:
        tell(views, OPTIMIZERS)
        losses = {name: means(view.metrics.loss)[None] for name, view in views.items()}
        drawn = {name: each for name, each in losses.items() if each.size}
        if drawn:
            show(optimizer_figure(drawn), key=f"{NAME}.race", name="optimizers-here")

    with st.container(border=True):
        st.markdown(prose(NAME, "race"))
        experiments = raced(page)
        offer(page, experiments, "Race them here", key=f"{NAME}.all")
        follow(page, experiments, draw)


def diverged(page: Page) -> None:
    """A run without clipping that meets a number that is not finite, and the one that goes on from its last good step."""
    experiment = explosion(page).trained("off")
    view, child = known(experiment), None
    with st.container(horizontal=True, vertical_alignment="center"):
        offer(page, {"off": experiment}, "Train without clipping", key=f"{NAME}.off")
        if view is not None and view.state == "diverged" and len(view.metrics.step):
            good = last_good_step(view.metrics)
            child = resumed(experiment, good, page["threshold"])
            label = f"Go back to step {good}, with clipping on"
            offer(page, {"child": child}, label, key=f"{NAME}.child", ancestors=(experiment,))
    runs = {"off": experiment} if child is None else {"off": experiment, "child": child}

    def draw(views: Views) -> None:
        tell(
            {name: each for name, each in views.items() if each.state != "diverged"},
            {"off": "without", "child": "with clipping"},
        )
        if "off" not in views:
            st.info(prose(NAME, "untrained"))
            return
        show(_recovery(views["off"], views.get("child")), key=f"{NAME}.recovery", name="back-from-infinity")
        if "child" in views and len(views["child"].metrics.step):
            show(_losses(views, RECOVERY_ROLES), key=f"{NAME}.losses", name="losses")

    follow(page, runs, draw)
    st.markdown(prose(NAME, "diverged"))


def _recovery(view: RunView, child: RunView | None) -> go.Figure:
    ends = ["" if each is None else cause(each) for each in (view, child)]
    good = last_good_step(view.metrics) if view.state == "diverged" else None
    return recovery_figure(
        view.metrics, good, None if child is None else child.metrics, ended=ends[0], child_ended=ends[1]
    )  # fmt: skip


def _has_learned(view: RunView) -> bool:
    """Return whether the run's newest losses are clearly below what always answering 1 has."""
    return bool(len(view.metrics.loss)) and _newest_loss(view) < LEARNED * MEMORYLESS


def _newest_loss(view: RunView) -> float:
    return float(view.metrics.loss[-WINDOW:].mean())


def _losses(views: Views, role_of: Mapping[str, str]) -> go.Figure:
    titles = {**WAYS, "child": "with clipping on"}
    drawn = metrics_figure(
        {titles[way]: view.metrics for way, view in views.items()}, "loss", title="squared error",
        reference_value=("without memory: always answering 1", MEMORYLESS),
    )  # fmt: skip
    roles = {titles[way]: role_of[way] for way in views}
    for trace in drawn.data:
        if trace.name in roles and trace.mode == "lines":
            trace.line.color = hue(roles[trace.name])
            trace.opacity = SEEN_THROUGH
    return drawn
