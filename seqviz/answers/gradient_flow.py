"""The gradient that reaches each state, by time step."""

from seqviz.answers.opened import open_within_limits
from seqviz.questions import GRADIENT_FLOW
from seqviz.records import GradientFlow
from seqviz.subjects.recurrent import Reading
from seqviz.tracing.gradient_flow import gradient_flow


def answer_gradient_flow(subject: Reading) -> GradientFlow:
    """Return how strongly the loss depends on each state.

    Raises:
        SeqvizError: as :func:`~seqviz.answers.opened.open_within_limits` does.
    """
    opened = open_within_limits(GRADIENT_FLOW, subject)
    return gradient_flow(opened.model.rnn, opened.inputs, opened.loss)
