"""The Jacobians of a recurrence."""

from seqviz.answers.opened import open_within_limits
from seqviz.questions import JACOBIANS
from seqviz.records import JacobianTrace
from seqviz.subjects.recurrent import Reading
from seqviz.tracing.jacobians import jacobians


def answer_jacobians(subject: Reading) -> JacobianTrace:
    """Return the Jacobians of one sequence's recurrence, in one layer and direction.

    Raises:
        SeqvizError: as :func:`~seqviz.answers.opened.open_within_limits` does.
        TraceError: there is no such layer, direction or sequence.
    """
    opened = open_within_limits(JACOBIANS, subject)
    place = (subject.layer, subject.direction_index, subject.sample)
    return jacobians(opened.model.rnn, opened.inputs, *place, last_only=True)  # T²/2 SVDs are too slow for a page
