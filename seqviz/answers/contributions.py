"""The steps that the gradient of the recurrent weights comes from."""

from seqviz.answers.opened import open_within_limits
from seqviz.questions import CONTRIBUTIONS
from seqviz.records import WeightContributions
from seqviz.subjects.recurrent import Reading
from seqviz.tracing.contributions import weight_contributions


def answer_contributions(subject: Reading) -> WeightContributions:
    """Return the gradient of the recurrent weights, step by step.

    Raises:
        SeqvizError: as :func:`~seqviz.answers.opened.open_within_limits` does.
        TraceError: there is no such layer or direction.
    """
    opened = open_within_limits(CONTRIBUTIONS, subject)
    place = (subject.layer, subject.direction_index)
    return weight_contributions(opened.model.rnn, opened.inputs, opened.loss, *place)
