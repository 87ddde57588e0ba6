"""Every gate and state of a recurrent network."""

from seqviz.answers.opened import open_within_limits
from seqviz.questions import GATES
from seqviz.records import GateTrace
from seqviz.subjects.recurrent import Reading
from seqviz.tracing.gates import trace_gates


def answer_gates(subject: Reading) -> GateTrace:
    """Return what every gate and state does on what is read.

    Raises:
        SeqvizError: as :func:`~seqviz.answers.opened.open_within_limits` does.
    """
    opened = open_within_limits(GATES, subject)
    return trace_gates(opened.model.rnn, opened.inputs if opened.read is None else opened.read)
