"""A race: several ways to begin learn one task; their loss by training step, over seeds or live, and when each is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.look import Labelled, band, figure, hue, lines, log_axis, marks, reference, ticked, with_columns
from seqviz.language.words import listed, number, raised
from seqviz.records import Metrics
from seqviz.records.learning import WINDOW, Goal, lasts_from, learned_at, means
from seqviz.studies import StudyResult

_HOVER = "%{fullData.name}<br>step %{x}: %{y:.4g}<extra></extra>"
_SPREAD = 0.22  # how far from its arm's line the dots of several seeds are, upwards and downwards

BEFORE = "Every network is at its start, before the first training step."


@dataclass(frozen=True, kw_only=True)
class Course:
    """What is raced for: how each way is called and coloured, when it is there, and what needs no memory."""

    titles: Mapping[str, str]  # as a sentence writes them
    roles: Mapping[str, str]  # of the colours
    goal: Goal
    column: str  # "loss" or "metric", which is drawn
    axis: str  # what it is called
    baseline: tuple[str, float]  # as it is labelled, and the value
    dashes: Mapping[str, str] = field(default_factory=dict)  # of curves that would hide each other; solid by default
    logged: bool = True
    banded: bool = True  # the range over seeds as a band; else each seed as a thin line, where bands would hide each other
    lasting: bool = False  # an arm that is there must stay there, by the means that are drawn: where curves come and go again

    @property
    def aim(self) -> str:
        """The goal in words, as a sentence writes it."""
        return self.goal.lasting if self.lasting else self.goal.sentence


def band_figure(result: StudyResult, course: Course, steps: Mapping[str, int]) -> go.Figure:
    """Draw the median and the range over seeds, each point the mean of 50 training steps.

    Args:
        result: the study, with a curve by the course's column.
        course: what is raced for.
        steps: how long each arm was trained.
    """
    traces, curves = [], []
    for arm in result.arms:
        seeds = result.curves(arm, course.column)
        at = WINDOW * (1 + np.arange(seeds.shape[1]))
        traces += [_range(course, arm, at, seeds)] if course.banded else _threads(course, arm, at, seeds)
        curves.append((course.titles[arm], at, np.median(seeds, axis=0)))
    return _drawn(course, traces, curves, result.arms, band_finding(result, course, steps))


def race_figure(
    runs: Mapping[str, Metrics], course: Course, *, at: int | None = None, steps: Mapping[str, int] | None = None
) -> go.Figure:
    """Draw what several runs have recorded so far, each point the mean of 50 training steps.

    Args:
        runs: what was recorded, by arm.
        course: what is raced for.
        at: the training step shown; None is the newest.
        steps: how long each arm is trained; an arm that has ended is then not called late. None: not known.
    """
    curves = []
    for arm, run in runs.items():
        values = means(getattr(run, course.column)[: _shown(run, at)])
        curves.append((course.titles[arm], run.step[: len(values) * WINDOW].reshape(-1, WINDOW)[:, -1], values))
    return _drawn(course, [], curves, list(runs), race_finding(runs, course, at=at, steps=steps))


def reached_figure(result: StudyResult, course: Course, steps: Mapping[str, int]) -> go.Figure:
    """Draw after how many steps each seed of each arm is there; a seed that never is gets a cross at its last step."""
    traces: list[go.Scatter] = []
    for place, arm in enumerate(result.arms):
        reached = result.values(arm, "steps")
        there = np.isfinite(reached)
        spread = place + np.linspace(-_SPREAD, _SPREAD, len(reached)) if len(reached) > 1 else np.array([float(place)])
        at, rows = np.where(there, reached, steps[arm]), np.arange(len(reached))
        words = np.where(there, "there at step", "not there by step")
        traces.append(_dots(course, arm, at[there], spread[there], words[there], rows[there], "circle"))
        traces.append(_dots(course, arm, at[~there], spread[~there], words[~there], rows[~there], "x-thin-open"))
        traces.append(_middle(course, arm, _late(reached), place))
    count = len(result.arms)
    ticks = ticked([course.titles[arm] for arm in result.arms])
    drawn = figure(
        traces, reached_finding(result, course), x=f"training steps to {course.goal.sentence}", y="", height=60 + 32 * count,
        showlegend=False, xaxis={"rangemode": "tozero"}, yaxis={**ticks, "range": [count - 0.5, -0.5], "zeroline": False},
        margin={"l": 128, "r": 16, "t": 12, "b": 48},
    )  # fmt: skip
    return with_columns(drawn, ("series", "seed", "what", f"training steps to {course.goal.sentence}"))


def reached_finding(result: StudyResult, course: Course) -> str:
    """Return how many seeds of each arm are there in the end, in words."""
    counts = {arm: result.values(arm, "steps") for arm in result.arms}
    told = [f"{_count(steps)} with {course.titles[arm]}" for arm, steps in counts.items()]
    return f"Seeds that get there: {listed(told)}; a cross is one that does not by its last step."


def band_finding(result: StudyResult, course: Course, steps: Mapping[str, int]) -> str:
    """Return after how many steps each arm is there, median and range over the seeds, in words; quickest first."""
    reached = {arm: _reached(result, course, arm) for arm in result.arms}
    there = sorted((arm for arm in reached if _most(reached[arm])), key=lambda arm: float(np.median(_late(reached[arm]))))
    some = [arm for arm in reached if arm not in there and np.isfinite(reached[arm]).any()]
    never = [arm for arm in reached if not np.isfinite(reached[arm]).any()]
    parts = [f"{course.titles[arm]} at step {_spread(reached[arm])}" for arm in there]
    parts += [f"{course.titles[arm]} by {_count(reached[arm])} seeds" for arm in some]
    if not parts:
        return f"Nobody reaches {course.aim}{_never(course, never, steps)}."
    counts = {len(values) for values in reached.values()}
    seeds = f"{counts.pop()} seeds" if len(counts) == 1 else "the seeds"
    how = f" Each step is the median of {seeds}, with their range in brackets." if there else ""
    return f"{raised(course.aim)} is reached by {listed(parts)}{_never(course, never, steps)}.{how}"


def race_finding(
    runs: Mapping[str, Metrics], course: Course, *, at: int | None = None, steps: Mapping[str, int] | None = None
) -> str:
    """Return which arms are there and when, and where the others are now, in words."""
    seen = {arm: _until(run, at) for arm, run in runs.items()}
    begun = {arm: run for arm, run in seen.items() if len(run.step)}
    if not begun:
        return BEFORE
    there = {arm: step for arm, run in begun.items() if (step := _there(run, course)) is not None}
    first = [f"{course.titles[arm]} at step {there[arm]:,}" for arm in sorted(there, key=there.__getitem__)]
    rest = {arm: f"{course.titles[arm]} {_now(run, course)}" for arm, run in begun.items() if arm not in there}
    over = [arm for arm in rest if steps is not None and begun[arm].step[-1] >= steps[arm]]
    late = [arm for arm in rest if arm not in over]
    if first:
        said = [f"{raised(course.aim)} is reached by {listed(first)}"]
        said += [f"not yet: {listed([rest[arm] for arm in late])}"] if late else []
        said += [f"not by the last step: {listed([rest[arm] for arm in over])}"] if over else []
    else:
        said = [f"Nobody has reached {course.aim}{' yet' if late else ''}: {listed([*rest.values()])}"]
    return f"{'; '.join(said)} (means of up to {WINDOW} steps)."


def _there(run: Metrics, course: Course) -> int | None:
    if course.lasting:
        return lasts_from(means(np.asarray(getattr(run, course.goal.column), dtype=float)), course.goal)
    return learned_at(run, course.goal)


def _reached(result: StudyResult, course: Course, arm: str) -> np.ndarray:
    """Return after how many steps each seed is there; NaN where it never is."""
    if not course.lasting:
        return result.values(arm, "steps")
    found = [lasts_from(seed, course.goal) for seed in result.curves(arm, course.goal.column)]
    return np.array([np.nan if step is None else step for step in found], dtype=float)


def _now(run: Metrics, course: Course) -> str:
    value = float(np.asarray(getattr(run, course.goal.column), dtype=float)[-WINDOW:].mean())
    return f"({number(value)} after {int(run.step[-1]):,})"


def _drawn(
    course: Course, bands: Sequence[go.Scatter], curves: Sequence[Labelled], arms: Sequence[str], said: str
) -> go.Figure:
    span = [1.0, float(max([int(x[-1]) for _, x, _ in curves if len(x)], default=1))]
    goal = reference(course.goal.sentence, span, course.goal.value, role="goal")
    levels = [reference(course.baseline[0], span, course.baseline[1]), goal]
    held = [*(y for _, _, y in curves), np.array([course.baseline[1], course.goal.value])]
    drawn = [_curve(course, arm, x, y) for arm, (_, x, y) in zip(arms, curves, strict=True)]
    return figure(
        [*bands, *drawn, *levels, *(marks(curves) if course.logged else [])], said, x=f"training step, means of {WINDOW}",
        y=course.axis, height=420, empty=not any(len(x) for _, x, _ in curves), yaxis=log_axis(held) if course.logged else {},
    )  # fmt: skip


def _curve(course: Course, arm: str, x: np.ndarray, y: np.ndarray) -> go.Scatter:
    name, colour, dash = course.titles[arm], hue(course.roles[arm]), course.dashes.get(arm, "solid")
    if course.logged:
        return lines(name, x, y, colour=colour, dash=dash, hovertemplate=_HOVER)
    return go.Scatter(
        x=x, y=y, name=name, mode="lines", line={"color": colour, "width": 2.5, "dash": dash}, hovertemplate=_HOVER,
    )  # fmt: skip


def _range(course: Course, arm: str, at: np.ndarray, seeds: np.ndarray) -> go.Scatter:
    name, colour = f"{course.titles[arm]}, range", hue(course.roles[arm])
    return band(at, seeds.min(axis=0), seeds.max(axis=0), colour, name=name, showlegend=False)


def _threads(course: Course, arm: str, at: np.ndarray, seeds: np.ndarray) -> list[go.Scatter]:
    return [
        go.Scatter(
            x=at, y=values, mode="lines", name=f"{course.titles[arm]}, seed {seed}", showlegend=False, opacity=0.45,
            line={"color": hue(course.roles[arm]), "width": 1}, hovertemplate=_HOVER,
        )
        for seed, values in enumerate(seeds)
    ]  # fmt: skip


def _shown(run: Metrics, at: int | None) -> int:
    return len(run.step) if at is None else int(np.searchsorted(run.step, at, side="right"))


def _until(run: Metrics, at: int | None) -> Metrics:
    count = _shown(run, at)
    seen: dict[str, Any] = {name: None if value is None else value[:count] for name, value in vars(run).items()}
    return Metrics(**seen)


def _most(steps: np.ndarray) -> bool:
    return bool(np.isfinite(steps).sum() * 2 > len(steps))


def _dots(
    course: Course, arm: str, at: np.ndarray, rows: np.ndarray, words: np.ndarray, seeds: np.ndarray, symbol: str
) -> go.Scatter:
    rim = {"width": 2 if symbol.endswith("open") else 0}
    return go.Scatter(
        x=at, y=rows, mode="markers", name=course.titles[arm], customdata=np.stack([seeds.astype(str), words], axis=-1),
        marker={"color": hue(course.roles[arm]), "size": 8, "symbol": symbol, "line": rim},
        hovertemplate="%{fullData.name}, seed %{customdata[0]}: %{customdata[1]} %{x:,}<extra></extra>",
        meta={"table": [list(row) for row in zip(seeds.tolist(), words.tolist(), at.tolist(), strict=True)]},
    )  # fmt: skip


def _middle(course: Course, arm: str, reached: np.ndarray, place: int) -> go.Scatter:
    median = float(np.median(reached))
    ends = [place - 0.36, place + 0.36] if np.isfinite(median) else []
    return go.Scatter(
        x=[median] * len(ends), y=ends, mode="lines", name=f"{course.titles[arm]}, median",
        line={"color": hue(course.roles[arm]), "width": 2}, hovertemplate="%{fullData.name}: %{x:,.0f}<extra></extra>",
        meta={"table": [["all", "median", median]] if ends else []},
    )  # fmt: skip


def _late(steps: np.ndarray) -> np.ndarray:
    """Return the steps with infinity for a seed that never was there."""
    return np.where(np.isfinite(steps), steps, np.inf)


def _spread(steps: np.ndarray) -> str:
    found = steps[np.isfinite(steps)]
    middle = float(np.median(_late(steps)))
    missed = len(steps) - len(found)
    if not missed and found.min() == found.max():
        return f"{middle:,.0f}" if len(found) == 1 else f"{middle:,.0f} (every seed)"
    whose = f" in the {len(found)} of {len(steps)} seeds that get there" if missed else ""
    return f"{middle:,.0f} ({found.min():,.0f} to {found.max():,.0f}{whose})"


def _count(steps: np.ndarray) -> str:
    return f"{int(np.isfinite(steps).sum())} of {len(steps)}"


def _never(course: Course, arms: Sequence[str], steps: Mapping[str, int]) -> str:
    if not arms:
        return ""
    budgets = {steps[arm] for arm in arms}
    within = f" within {budgets.pop():,} steps" if len(budgets) == 1 else ""
    return f"; not by {listed([course.titles[arm] for arm in arms])}{within}"
