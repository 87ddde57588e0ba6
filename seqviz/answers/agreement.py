"""A traced gradient checked against finite differences."""

from seqviz.answers.opened import open_within_limits
from seqviz.questions import AGREEMENT
from seqviz.records import Agreement
from seqviz.subjects.recurrent import Reading
from seqviz.tracing.agreement import agreement


def answer_agreement(subject: Reading) -> Agreement:
    """Return how the gradient at one state agrees with finite differences.

    Raises:
        SeqvizError: as :func:`~seqviz.answers.opened.open_within_limits` does.
        TraceError: there is no such layer, direction, time step or state.
    """
    opened = open_within_limits(AGREEMENT, subject)
    place = (subject.layer, subject.direction_index, subject.time)
    return agreement(opened.model.rnn, opened.inputs, opened.loss, *place, of=subject.state)
