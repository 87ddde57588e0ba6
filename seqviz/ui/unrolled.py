"""The unrolled graph of a one-unit RNN, with a value and a derivative on every node, stepped in the browser."""

from dataclasses import asdict
from typing import Any

import numpy as np

from seqviz.records import ScalarUnroll
from seqviz.ui.parts import component

_mount = component("unrolled", shared=("stepper",))


def show_unrolled(record: ScalarUnroll, *, key: str, title: str, recurrent: float, input_weight: float) -> None:
    """Place the graph of ``record``; stepping forward and backward happens in the browser alone.

    Args:
        record: every value and derivative.
        key: of the component, unique on its page.
        title: the finding.
        recurrent: the weight w on every edge from h_(t-1).
        input_weight: the weight u on every edge from x_t.
    """
    data = {name: _plain(value) for name, value in asdict(record).items()}
    _mount(key=key, data={**data, "title": title, "w": recurrent, "u": input_weight})


def _plain(value: Any) -> Any:
    """Return numbers as JSON has them; what is not finite as a word, since JSON has no such number."""
    if isinstance(value, np.ndarray):
        return [_plain(each) for each in value.tolist()]
    return value if np.isfinite(value) else str(value)
