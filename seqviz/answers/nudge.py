"""What nudging one input of a recurrent network changes later."""

from dataclasses import replace

import numpy as np

from seqviz.answers.opened import Opened, open_subject, open_within_limits
from seqviz.questions import GRADIENT_FLOW
from seqviz.records import Nudge
from seqviz.subjects.nudge import SIZES, NudgedNetwork
from seqviz.subjects.recurrent import RunMoment, UntrainedNetwork
from seqviz.tracing.nudge import nudge


def answer_nudge(subject: NudgedNetwork) -> Nudge:
    """Return what nudging one input changes later, for every size of the nudge.

    Raises:
        LimitError: the network is larger than this server allows.
        StoreError: there is no such run.
        TraceError: the sequence has no such time step.
    """
    opened = _opened(subject)
    return nudge(opened.model.rnn, opened.inputs[0], subject.nudged, np.array(sorted({*SIZES, subject.size})), subject.seed)


def _opened(subject: NudgedNetwork) -> Opened:
    if subject.run:
        return open_subject(RunMoment(run=subject.run, seed=subject.seed, batch_size=1))
    plain = UntrainedNetwork(**{name: getattr(subject, name) for name in UntrainedNetwork.rules()})
    plain = replace(plain, batch_size=1)
    return open_within_limits(GRADIENT_FLOW, plain)
