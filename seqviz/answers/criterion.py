"""Pascanu's criterion for a recurrent matrix."""

from seqviz.answers.opened import open_within_limits
from seqviz.questions import CRITERION
from seqviz.records import PascanuCriterion
from seqviz.subjects.recurrent import Reading
from seqviz.tracing.criterion import pascanu_criterion


def answer_criterion(subject: Reading) -> PascanuCriterion:
    """Return what the recurrent matrix allows the gradient to do.

    Raises:
        SeqvizError: as :func:`~seqviz.answers.opened.open_within_limits` does.
        TraceError: it is no plain RNN, or there is no such layer or direction.
    """
    opened = open_within_limits(CRITERION, subject)
    return pascanu_criterion(opened.model.rnn, subject.layer, subject.direction_index)
