"""A training step taken apart, stepped and played in the browser: forward, loss, backward, clip, update."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from seqviz.figures.look import DARK, RATIO_SCALE
from seqviz.figures.training_step import PHASES, weight_title
from seqviz.records.training_step import MOST_CELLS, StepTrace
from seqviz.ui.components.component import component, plain_numbers

STATES = {
    "momentum_buffer": "velocity", "exp_avg": "mean gradient", "exp_avg_sq": "mean square", "square_avg": "mean square",
    "acc_delta": "mean squared update",
}  # fmt: skip
DIGITS = 8  # of a number in single precision

_mount = component(__name__, styles=("stepper",))


def show_training_step(record: StepTrace, sentences: Mapping[str, str], *, key: str, title: str) -> None:
    """Place ``record``; stepping, playing and hovering happen in the browser alone.

    Args:
        record: the step.
        sentences: what happens in each phase, by its name.
        key: of the component, unique on its page.
        title: the finding.
    """
    phases = [[phase, sentences[phase]] for phase in PHASES]
    look = {"scale": list(RATIO_SCALE), "dark": [DARK[each] for each in RATIO_SCALE]}
    _mount(key=key, data={"title": title, "phases": phases, "parts": parts_of(record), **look})


def parts_of(record: StepTrace) -> list[dict[str, Any]]:
    """Return every matrix that is drawn, with the phase in which it appears."""
    weight, name = record.weight, weight_title(record.weight.name)
    values, gradients = _most(weight.values, weight.new), _most(weight.gradient)
    shape = f"{' × '.join(map(str, weight.shape))} numbers" + _cut(weight.shape, weight.values.shape)
    cells = {"axes": ("row", "column"), "from": (0, 0), "shape": shape}
    flow = {"axes": ("time step", "unit"), "from": (1, 0)}
    return [
        _part("before", name, weight.values, values, chain="before", **cells),
        _part("forward", "what is read", record.inputs, _most(record.inputs), shape=_steps(record.inputs), **flow),
        _part("forward", "states h", record.hidden, 1.0, shape=_steps(record.hidden), **flow),
        _part(
            "backward",
            "‖∂L/∂h‖ by time step",
            record.reach[:MOST_CELLS, None],
            _most(record.reach),
            shape=_steps(record.hidden),
            **flow,
        ),
        _part("backward", "gradient", weight.gradient, gradients, chain="gradient", **cells),
        _part("clip", "after clipping", weight.clipped, gradients, chain="clipped", **cells | {"shape": "the same colours"}),
        *(_part("update", STATES.get(what, what), kept, _most(kept), **cells) for what, kept in weight.state.items()),
        _part("update", "update", weight.update, _most(weight.update), chain="update", **cells),
        _part("after", f"{name}, new", weight.new, values, chain="new", **cells | {"shape": "the same colours as before"}),
    ]


def _part(phase: str, name: str, values: np.ndarray, most: float, **more: Any) -> dict[str, Any]:
    return {"phase": PHASES.index(phase), "name": name, "rows": plain_numbers(values, DIGITS), "most": most, **more}


def _most(*arrays: np.ndarray) -> float:
    """Return the largest finite size among the numbers, which has the end colours; 0 where there is none."""
    held = np.concatenate([np.abs(array[np.isfinite(array)]).ravel() for array in arrays])
    return float(held.max()) if held.size else 0.0


def _cut(whole: tuple[int, ...], shown: tuple[int, ...]) -> str:
    rows_and_columns = whole if len(whole) == 2 else (1, *whole)
    return "" if rows_and_columns == tuple(shown) else f", the first {shown[0]} × {shown[1]} of them"


def _steps(values: np.ndarray) -> str:
    return f"the first sequence, time steps 1 to {len(values)}"
