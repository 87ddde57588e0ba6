"""The board's figures: several runs overlaid, each with its own dash where two share a colour, all at one moment."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from seqviz.experiment import TASKS, CaptionerConfig, Experiment, FeedforwardConfig, Seq2SeqConfig, TransformerConfig
from seqviz.experiment.task import TranslationConfig
from seqviz.figures import metrics_figure, probes_figure
from seqviz.figures.look import hue
from seqviz.figures.metrics import UNTRAINED, metrics_finding
from seqviz.figures.probes import exact_figure, moment_flow_figure, moment_gates_figure
from seqviz.lab import RunView
from seqviz.language.words import listed, number, raised
from seqviz.records import METRIC_COLUMNS, Metrics, Probes
from seqviz.records.learning import WINDOW
from seqviz.ui.runs.words import labels

ATTENDING = {  # attention → role of the colour
    "none": "run without attention", "dot": "dot run", "general": "general run", "additive": "additive run",
    "scaled": "scaled run",
}  # fmt: skip
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "5px,2px", "1px,3px")
BETTER = 0.7  # a loss below this share of the baseline is called better than it
HUGE = 1000.0  # a loss of so many times the baseline (where there is none, the first loss) has diverged


@dataclass(frozen=True, kw_only=True)
class Board:
    """What is drawn: the runs with a short name each, at a training step (None: the newest), for one layer.

    Of a bidirectional network, one half is drawn: the one that reads forward, or the one that reads backward.
    """

    views: Sequence[RunView]
    at: int | None = None
    layer: int = -1
    backward: bool = False

    @property
    def named(self) -> dict[str, RunView]:
        """The runs by short name."""
        return dict(zip(labels([view.experiment for view in self.views]), self.views, strict=True))

    @property
    def colours(self) -> list[str]:
        """A colour for each run: its cell's, or its attention's."""
        return [colour_of_run(view.experiment) for view in self.views]

    @property
    def dashes(self) -> list[str]:
        """A dash for each run: the first of each colour is solid."""
        colours = self.colours
        return [DASHES[colours[:index].count(colour) % len(DASHES)] for index, colour in enumerate(colours)]

    @property
    def writes(self) -> bool:
        """Whether any of the runs is an encoder-decoder."""
        return any(isinstance(view.experiment.task, TranslationConfig) for view in self.views)

    @property
    def by_layer(self) -> bool:
        """Whether the runs are of feed-forward networks, whose gradient is shown by layer instead of time step."""
        return all(isinstance(view.experiment.model, FeedforwardConfig) for view in self.views)

    @property
    def judged(self) -> bool:
        """Whether any of the runs was asked, while it trained, to write held-out sentences."""
        return any(record.exact is not None for record in self.probes.values())

    @property
    def probes(self) -> dict[str, Probes]:
        """The probes of each run that has some, by short name."""
        return {name: view.probes for name, view in self.named.items() if view.probes is not None and len(view.probes.step)}

    @property
    def read(self) -> dict[str, str]:
        """What each run is called where one direction of it is drawn: ``LSTM (read backward)``; of encoders, a note says it."""
        half = "read backward" if self.backward else "read forward"
        models = {name: view.experiment.model for name, view in self.named.items()}
        halved = {name for name, model in models.items() if model.bidirectional and not isinstance(model, Seq2SeqConfig)}
        return {name: f"{name} ({half})" if name in halved else name for name in models}

    def metrics(self, at: int | None = None) -> dict[str, Metrics]:
        """The metrics of each run by short name, up to training step ``at`` where one is given."""
        return {name: until(view.metrics, at) for name, view in self.named.items()}


def until(metrics: Metrics, at: int | None) -> Metrics:
    """Return what was recorded up to training step ``at``."""
    if at is None:
        return metrics
    count = int(np.searchsorted(metrics.step, at, side="right"))
    return Metrics(step=metrics.step[:count], **{name: getattr(metrics, name)[:count] for name in METRIC_COLUMNS})


def loss_figure(board: Board) -> go.Figure:
    """Draw the loss of every run, and a loss that needs no memory where it is known."""
    tasks = {view.experiment.task for view in board.views}
    baseline = baseline_of(board)
    spec = TASKS[str(next(iter(tasks)).to_json()["name"])]
    note = spec.baseline_note if board.by_layer else f"without memory: {spec.baseline_note}"
    drawn = metrics_figure(
        board.metrics(), "loss", at=board.at, title=spec.loss, reference_value=None if baseline is None else (note, baseline)
    )
    finding = _loss_finding(board, baseline)
    return _finished(drawn, board, "loss", finding)


def metric_figure(board: Board) -> go.Figure:
    """Draw the task's own metric of every run."""
    titles = [TASKS[str(view.experiment.task.to_json()["name"])].metric for view in board.views]
    drawn = metrics_figure(board.metrics(), "metric", at=board.at, title=titles[0])
    drawn.update_yaxes(range=[-0.03, 1.03])
    return _finished(drawn, board, "metric", _means_finding(board, "metric", titles[0]))


def norm_figure(board: Board) -> go.Figure:
    """Draw the gradient norm before clipping, with the line above which it was clipped."""
    limits = {view.experiment.training.threshold for view in board.views if view.experiment.training.clip == "norm"}
    drawn = metrics_figure(board.metrics(), "gradient_norm", at=board.at, threshold=limits.pop() if len(limits) == 1 else None)
    return _finished(drawn, board, "gradient_norm", _clipping_finding(board))


def flow_map_figure(board: Board, name: str) -> go.Figure:
    """Draw the gradient that reaches each time step, over the whole training of one run."""
    record = board.probes[name]
    layer = min(board.layer, int(record.hidden_norms.shape[1]) - 1)
    direction = min(int(board.backward), int(record.hidden_norms.shape[2]) - 1)
    drawn = probes_figure(record, layer=layer, direction=direction, at=board.at)
    return said(drawn, f"{board.read[name]}: {_lowered(str(drawn.layout.meta['finding']))}")


def flow_figure(board: Board) -> go.Figure:
    """Draw the gradient that reaches each time step at the moment shown."""
    names = list(board.named)
    dashes = [board.dashes[names.index(name)] for name in board.probes]
    drawn = moment_flow_figure(_read(board), at=board.at, layer=board.layer, direction=int(board.backward), dashes=dashes)
    colours = {board.read[name]: colour for name, colour in zip(names, board.colours, strict=True)}
    for trace in drawn.data:
        if trace.name in colours:
            trace.line.color = trace.marker.color = colours[trace.name]
    return drawn


def gates_figure(board: Board) -> go.Figure:
    """Draw how open the gates are at the moment shown; of an encoder-decoder, the encoder's."""
    return moment_gates_figure(_read(board), at=board.at, layer=board.layer, direction=int(board.backward))


def written_figure(board: Board) -> go.Figure:
    """Draw how many held-out sentences come out without a mistake, over the whole training of every encoder-decoder."""
    colours, dashes = (dict(zip(board.named, each, strict=True)) for each in (board.colours, board.dashes))
    return exact_figure(board.probes, at=board.at, colours=colours, dashes=dashes)


def colour_of_run(experiment: Experiment) -> str:
    """Return the colour of a run: its cell's, also of one that captions, or of an encoder-decoder that of how it attends."""
    model = experiment.model
    if isinstance(model, TransformerConfig):
        return hue("transformer")
    if isinstance(model, Seq2SeqConfig):
        return hue(ATTENDING[model.attention])
    return hue(model.cell if isinstance(model, CaptionerConfig) else model.name)


def _read(board: Board) -> dict[str, Probes]:
    return {board.read[name]: record for name, record in board.probes.items()}


def baseline_of(board: Board) -> float | None:
    """Return a loss that needs no memory, where it is known and the same for every run."""
    found = {TASKS[str(view.experiment.task.to_json()["name"])].baseline(view.experiment.task) for view in board.views}
    return found.pop() if len(found) == 1 else None


def untrained(board: Board) -> str:
    """Return what the weights before the first training step are called: drawn from the seed, or a parent's."""
    parents = {name: view.experiment.parent for name, view in board.named.items() if view.experiment.parent is not None}
    if not parents:
        return UNTRAINED
    known = {view.id: name for name, view in board.named.items()}
    begun = [
        f"the {name} begins with the weights of {known.get(one.run, f'its parent, run {one.run[:4]},')} at step {one.step}"
        for name, one in parents.items()
    ]
    drawn = [f"the {name} with those that the seed draws" for name in board.named if name not in parents]
    return f"This is before the first training step: {listed(begun + drawn)}."


def said(drawn: go.Figure, finding: str) -> go.Figure:
    """Return the figure with another finding as its title."""
    drawn.update_layout(title_text=finding, meta={**(drawn.layout.meta or {}), "finding": finding})
    return drawn


def _finished(drawn: go.Figure, board: Board, column: str, finding: str) -> go.Figure:
    """Give runs of one cell different dashes, and mark each run's place at the moment shown."""
    dashes, colours = (dict(zip(board.named, each, strict=True)) for each in (board.dashes, board.colours))
    for trace in drawn.data:
        if trace.name in dashes and trace.line.color:
            trace.line.update(dash=dashes[trace.name], color=colours[trace.name], width=1.8)
    if board.at is not None:
        now = board.metrics(board.at)
        drawn.add_traces([_mark(name, run, column, colours[name]) for name, run in now.items() if len(run.step)])
    return said(drawn, finding)


def _mark(name: str, metrics: Metrics, column: str, colour: str) -> go.Scatter:
    return go.Scatter(
        x=[int(metrics.step[-1])], y=[float(getattr(metrics, column)[-1])], mode="markers", showlegend=False,
        name=f"{name} then", hovertemplate=f"{name}<br>step %{{x}}: %{{y:.4g}}<extra></extra>",
        marker={"size": 10, "color": colour, "line": {"width": 2, "color": hue("outline")}},
    )  # fmt: skip


def _loss_finding(board: Board, baseline: float | None) -> str:
    runs = board.metrics(board.at)
    begun = {name: run for name, run in runs.items() if len(run.step)}
    if not begun:
        return untrained(board)
    lost = {name: said for name, run in begun.items() if (said := _lost(name, run, board.named[name], baseline))}
    sound = {name: run for name, run in begun.items() if name not in lost}
    if baseline is None:
        told = [metrics_finding(sound, "loss", "loss")] if sound else []
        return " ".join([*told, *([f"{raised(listed(list(lost.values())))}."] if lost else [])])
    now = {name: float(np.mean(run.loss[-WINDOW:])) for name, run in sound.items() if len(run.step) >= WINDOW}
    ahead = {name: value for name, value in now.items() if value < BETTER * baseline}
    behind = [name for name in now if name not in ahead]
    early = [f"{name} ({_counted(len(run.step))})" for name, run in sound.items() if name not in now]
    parts = [f"the {name}'s is {number(baseline / value)} times below it" for name, value in ahead.items()]
    that = "that" if len(behind) == 1 else "those"
    parts += [f"{that} of the {listed(behind)} {'is' if len(behind) == 1 else 'are'} not clearly below it"] if behind else []
    parts += lost.values()
    parts += [f"it is too early to tell for the {listed(early)}"] if early else []
    means = f" (means of the last {WINDOW} training steps)" if now else ""
    need = f" Batches differ: the mean of {WINDOW} training steps is judged." if early else ""
    known = "is that of guessing" if board.by_layer else "needs no memory"
    return f"A loss of {number(baseline)} {known}: {listed(parts)}{means}.{need}"


def _lost(name: str, run: Metrics, view: RunView, baseline: float | None) -> str:
    """Return in words since when a run's loss is beyond use; an empty sentence where it is not."""
    loss = np.asarray(run.loss, dtype=float)
    usual = baseline if baseline is not None else float(loss[0])
    sound = np.flatnonzero(loss <= HUGE * usual)  # not a number is no sound loss either
    first = int(sound[-1]) + 1 if sound.size else 0
    size = "not a number (NaN)" if np.isnan(loss[-1]) else number(float(loss[-1]))
    if first < len(loss):
        return f"the {name} diverged at step {int(run.step[first])}, its loss is {size}"
    if view.state == "diverged" and int(run.step[-1]) >= view.steps_done:
        return f"the {name} diverged right after step {int(run.step[-1])}, its loss was {size}"
    return ""


def _counted(steps: int) -> str:
    return "1 step" if steps == 1 else f"{steps} steps"


def _clipping_finding(board: Board) -> str:
    parts = []
    for (name, run), view in zip(board.metrics(board.at).items(), board.views, strict=True):
        if len(run.step) and view.experiment.training.clip != "off":
            parts.append(f"{100 * float(run.clipped.mean()):.0f} % of steps in {name}")
    if parts:
        return f"Gradients were clipped in {listed(parts)}."
    return _means_finding(board, "gradient_norm", "gradient norm")


def _means_finding(board: Board, column: str, title: str) -> str:
    runs = board.metrics(board.at)
    return metrics_finding(runs, column, title) if any(len(run.step) for run in runs.values()) else untrained(board)


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
