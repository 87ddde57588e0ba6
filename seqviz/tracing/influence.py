"""What an answer owes to the inputs before it: Jacobians, gradient × input, and the change when a word is replaced."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from seqviz.errors import TraceError
from seqviz.records import Agreement, InputInfluence
from seqviz.tracing.agreement import agreement_along

Answer = Callable[[Tensor], Tensor]  # inputs (batch, time, input) → answers (batch, time, output)
Judge = Callable[[Tensor], Tensor]  # answers at the last step (batch, output) → losses (batch,)


def input_influence(answer: Answer, inputs: Float[Tensor, "batch time input"], judge: Judge) -> InputInfluence:
    """Return how strongly the answer at the last step, and its loss, depend on each input before.

    Args:
        answer: a network that answers at every step and lets no sequence see another.
        inputs: what it reads.
        judge: the losses of the answers at the last step.
    """
    with torch.enable_grad():
        read = inputs.detach().requires_grad_()
        answers = answer(read)[:, -1]
        losses = judge(answers)
        (gradient,) = torch.autograd.grad(losses.sum(), read, retain_graph=True)
        rows = [torch.autograd.grad(one.sum(), read, retain_graph=True)[0] for one in answers.unbind(1)]
    jacobians = torch.stack(rows).square().sum((0, 3)).sqrt()
    return InputInfluence(
        jacobians=jacobians.flip(1).numpy(),
        gradients=torch.linalg.vector_norm(gradient, dim=2).flip(1).numpy(),
        loss=float(losses.detach().mean()),
        agreement=agreement_along(gradient, lambda nudge: float(judge(answer(inputs + nudge)[:, -1]).sum())),
    )


def next_words(answer: Answer, symbols: Int[Tensor, " time"], vocabulary_size: int) -> Float[Tensor, " word"]:
    """Return the log-probabilities of the word after the last of ``symbols``.

    Raises:
        TraceError: there is no word.
    """
    if not len(symbols):
        raise TraceError("a sentence must have at least one word, got none")
    return answer(_one_hot(symbols.unsqueeze(0), vocabulary_size))[0, -1].log_softmax(-1)


def word_log_probabilities(answer: Answer, read: Float[Tensor, "batch time word"], targets: Tensor) -> Tensor:
    """Return log p of each target (time,) as the word after each position, (batch, time)."""
    found: Tensor = answer(read).log_softmax(-1).gather(2, targets.expand(len(read), -1).unsqueeze(2)).squeeze(2)
    return found


def gradient_times_input(
    answer: Answer, symbols: Int[Tensor, " time"], targets: Int[Tensor, " time"], vocabulary_size: int
) -> Float[Tensor, "row time"]:
    """Return ∂ log p(target s)/∂x_t · x_t for the one-hot word x_t; through an embedding e = W·x the same as ∂/∂e · e.

    The sentence is read once for each target, so that one backward pass gives all rows.
    """
    time = len(symbols)
    with torch.enable_grad():
        read = _one_hot(symbols.expand(time, -1), vocabulary_size).requires_grad_()
        each = torch.arange(time)
        chosen = word_log_probabilities(answer, read, targets)[each, each]
        (gradient,) = torch.autograd.grad(chosen.sum(), read)
    return (gradient * read.detach()).sum(-1)


def changes_by_replacement(
    answer: Answer,
    symbols: Int[Tensor, " time"],
    targets: Int[Tensor, " time"],
    others: Sequence[Int[np.ndarray, " _"]],
    vocabulary_size: int,
) -> Float[Tensor, "row time"]:
    """Return log p of each target less its mean over sentences in which the word at t is another; 0 where t comes later.

    Args:
        answer: the network.
        symbols: the sentence.
        targets: the word after each position.
        others: what each word is replaced by, one at a time.
        vocabulary_size: how many words there are.
    """
    own = word_log_probabilities(answer, _one_hot(symbols.unsqueeze(0), vocabulary_size), targets)[0]
    place = torch.cat([torch.full((len(each),), at) for at, each in enumerate(others)])
    replaced = symbols.expand(len(place), -1).clone()
    replaced[torch.arange(len(place)), place] = torch.from_numpy(np.concatenate(others))
    found = word_log_probabilities(answer, _one_hot(replaced, vocabulary_size), targets)
    sums = torch.zeros(len(symbols), len(symbols), dtype=own.dtype).index_add_(0, place, found)
    counts = torch.tensor([len(each) for each in others], dtype=own.dtype)
    changes = own.unsqueeze(1) - (sums / counts.unsqueeze(1)).t()
    return torch.where(counts > 0, changes, torch.zeros_like(changes)).tril()


def product_agreement(
    answer: Answer, symbols: Int[Tensor, " time"], target: int, product: float, place: int, vocabulary_size: int
) -> Agreement:
    """Hold the last row's gradient × input at ``place`` against central differences, the word read a little more or less."""
    read = _one_hot(symbols.unsqueeze(0), vocabulary_size)

    def value(nudge: Tensor) -> float:
        moved = read.clone()
        moved[0, place] *= 1 + float(nudge)
        return float(np.sign(product) * answer(moved)[0, -1].log_softmax(-1)[target])

    return agreement_along(torch.tensor([abs(product)], dtype=read.dtype), value)


def _one_hot(symbols: Int[Tensor, "batch time"], vocabulary_size: int) -> Float[Tensor, "batch time word"]:
    return F.one_hot(symbols, vocabulary_size).double()
