"""The unrolled graph of a one-unit RNN, with a value and a derivative on every node, stepped in the browser."""

from dataclasses import asdict

from seqviz.records import ScalarUnroll
from seqviz.ui.components.component import component, plain_numbers

_mount = component(__name__, styles=("stepper",))


def show_unrolled(record: ScalarUnroll, *, key: str, title: str, recurrent: float, input_weight: float) -> None:
    """Place the graph of ``record``; stepping forward and backward happens in the browser alone.

    Args:
        record: every value and derivative.
        key: of the component, unique on its page.
        title: the finding.
        recurrent: the weight w on every edge from h_(t-1).
        input_weight: the weight u on every edge from x_t.
    """
    data = {name: plain_numbers(value) for name, value in asdict(record).items()}
    _mount(key=key, data={**data, "title": title, "w": recurrent, "u": input_weight})
