"""The gradient of each loss at each state: the T×T map."""

from seqviz.answers.opened import open_within_limits
from seqviz.questions import GRADIENT_MAP
from seqviz.records import GradientMap
from seqviz.subjects.recurrent import Reading
from seqviz.tracing.gradient_map import gradient_map


def answer_gradient_map(subject: Reading) -> GradientMap:
    """Return how strongly the loss at each step depends on each state.

    Raises:
        SeqvizError: as :func:`~seqviz.answers.opened.open_within_limits` does.
    """
    opened = open_within_limits(GRADIENT_MAP, subject)
    return gradient_map(opened.model.rnn, opened.inputs, opened.losses, separable=True)
