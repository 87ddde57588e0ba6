"""Looking inside a network between two training steps."""

import numpy as np
from torch import Tensor

from seqviz.models import SequenceModel
from seqviz.records import Probes
from seqviz.tasks import Batch, Task
from seqviz.tracing.gates import trace_gates
from seqviz.tracing.gradients import gradient_flow

LEFT_SATURATED, RIGHT_SATURATED = 0.1, 0.9


def probe(model: SequenceModel, task: Task, batch: Batch, step: int) -> Probes:
    """Return the gradient flow and the gates of ``model`` on ``batch``, as one row.

    The loss is summed over the sequences, so that each sequence's norms are its own.

    Source:
        The saturation shares: Karpathy, Johnson & Fei-Fei (2015), section 4.2, https://arxiv.org/abs/1506.02078
    """
    sequences = len(batch.inputs)

    def summed_loss(states: Tensor, final_state: object) -> Tensor:
        return task.loss(model.read(states), batch) * sequences

    flow = gradient_flow(model.rnn, batch.inputs, summed_loss)
    traced = trace_gates(model.rnn, batch.inputs).gates
    gates = {name: values for name, values in traced.items() if name != "candidate"}  # which is no gate
    return Probes(
        step=np.array([step]),
        hidden_norms=_over_sequences(flow.hidden_norms),
        cell_norms=None if flow.cell_norms is None else _over_sequences(flow.cell_norms),
        direct_norms=_over_sequences(flow.direct_norms),
        gate_means={name: _share(values) for name, values in gates.items()},
        left_saturated={name: _share(values < LEFT_SATURATED) for name, values in gates.items()},
        right_saturated={name: _share(values > RIGHT_SATURATED) for name, values in gates.items()},
    )


def _over_sequences(norms: np.ndarray) -> np.ndarray:
    return np.asarray(norms.mean(axis=2))[None]


def _share(values: np.ndarray) -> np.ndarray:
    return np.asarray(values.mean(axis=(2, 3, 4)))[None]
