"""Looking inside a network between two training steps."""

from copy import deepcopy

import numpy as np
import torch
from torch import Tensor, nn

from seqviz.models import (
    Captioner,
    CausalTransformer,
    Feedforward,
    Network,
    Seq2Seq,
    SequenceModel,
    Transformer,
    TransformerCaptioner,
)
from seqviz.models.stacks import as_module_state, as_state
from seqviz.models.transformer import read_for
from seqviz.records import Probes
from seqviz.tasks import Batch, Task
from seqviz.tracing.gates import trace_gates
from seqviz.tracing.gradient_flow import gradient_flow
from seqviz.tracing.layers import layer_gradients
from seqviz.tracing.losses import Loss
from seqviz.tracing.network import State
from seqviz.tracing.streams import stream_norms

LEFT_SATURATED, RIGHT_SATURATED = 0.1, 0.9


def probe(model: Network, task: Task, batch: Batch, step: int) -> Probes:
    """Return the gradient flow and the gates of ``model`` on ``batch``, as one row.

    Of an encoder-decoder they are its encoder's, of a captioner its decoder's; a feed-forward network's layers have one time
    step each; of a Transformer they are at what each layer of its encoder reads, or of its decoder where it has none.

    The loss is summed over the sequences, so that each sequence's norms are its own. That of a sentence that is written
    is -log p of the whole sentence, and time counts the encoder's steps, in the order in which it reads, or a caption's words.

    Source:
        The saturation shares: Karpathy, Johnson & Fei-Fei (2015), section 4.2, https://arxiv.org/abs/1506.02078
    """
    if isinstance(model, Feedforward):
        return _by_layer(model, task, batch, step)
    if isinstance(model, Transformer | CausalTransformer | TransformerCaptioner):
        return _by_position(model, task, batch, step)
    rnn, inputs, loss, state = _read(model, task, batch)
    flow = gradient_flow(rnn, inputs, loss, state)
    traced = trace_gates(rnn, inputs, state).gates
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


def _by_layer(model: Feedforward, task: Task, batch: Batch, step: int) -> Probes:
    """Return the gradient at each layer, in float64: a hundred layers can make it smaller than float32 can hold."""
    exact, count = deepcopy(model).to("cpu", torch.float64), len(batch.inputs)
    batch = Batch(inputs=batch.inputs.to("cpu", torch.float64), targets=batch.targets.to("cpu"))
    found = layer_gradients(exact, batch.inputs, lambda answers: task.loss(answers, batch) * count)
    norms = found.state_norms.mean(axis=1)[None, :, None, None]
    return Probes(
        step=np.array([step]), hidden_norms=norms, cell_norms=None, direct_norms=norms, weight_sums=found.weight_sums[None]
    )


def _by_position(model: Transformer | CausalTransformer | TransformerCaptioner, task: Task, batch: Batch, step: int) -> Probes:
    if not isinstance(model, CausalTransformer):
        words = int((batch.targets >= 0).sum())
        found = stream_norms(
            lambda: model.walk(batch.inputs, read_for(batch.targets)), lambda logits: task.loss(logits, batch) * words
        )  # fmt: skip
    else:
        count = len(batch.inputs)
        found = stream_norms(
            lambda: model.walk(batch.inputs), lambda logits: task.loss(model.answered(logits), batch) * count
        )  # fmt: skip
    norms = found.mean(axis=1)[None, :, None]
    return Probes(step=np.array([step]), hidden_norms=norms, cell_norms=None, direct_norms=norms)


def _read(model: SequenceModel | Seq2Seq | Captioner, task: Task, batch: Batch) -> tuple[nn.Module, Tensor, Loss, State | None]:
    if isinstance(model, Captioner):
        return _captioning(model, task, batch)
    return (*(_translating if isinstance(model, Seq2Seq) else _answering)(model, task, batch), None)  # type: ignore[arg-type]


def _answering(model: SequenceModel, task: Task, batch: Batch) -> tuple[nn.Module, Tensor, Loss]:
    def summed_loss(states: Tensor, final_state: object) -> Tensor:
        return task.loss(model.read(states), batch) * len(batch.inputs)

    return model.rnn, batch.inputs, summed_loss


def _translating(model: Seq2Seq, task: Task, batch: Batch) -> tuple[nn.Module, Tensor, Loss]:
    """Return the encoder, what it reads, and the loss as its states decide it, through attention and the decoder."""
    words = int((batch.targets >= 0).sum())

    def summed_loss(states: Tensor, final_state: State) -> Tensor:
        decoded = model.decode(model.encoded(states, final_state), batch.targets)
        return task.loss(decoded.logits, batch) * words

    return model.encoder, model.embed(batch.inputs).detach(), summed_loss


def _captioning(model: Captioner, task: Task, batch: Batch) -> tuple[nn.Module, Tensor, Loss, State]:
    """Return the decoder, what it reads, the loss as its states decide it through where they look, and its first state.

    Its attention at the previous word is read as a constant: the gradient through it is left out.
    """
    words, read = int((batch.targets >= 0).sum()), model.read(batch.targets)
    with torch.no_grad():
        seen = model.see(batch.inputs)
        inputs = model.look(seen, read).read

    def summed_loss(states: Tensor, final_state: State) -> Tensor:
        return task.loss(model.glance(seen, read, inputs, states, as_state(final_state)).logits, batch) * words

    return model.decoder, inputs, summed_loss, as_module_state(seen.carried[:-1])


def _over_sequences(norms: np.ndarray) -> np.ndarray:
    return np.asarray(norms.mean(axis=2))[None]


def _share(values: np.ndarray) -> np.ndarray:
    return np.asarray(values.mean(axis=(2, 3, 4)))[None]
