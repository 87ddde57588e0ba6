"""What happens to a gradient before it is applied."""

from collections.abc import Callable, Mapping

import torch
from jaxtyping import Bool, Float
from torch import Tensor

Scalar = Float[Tensor, ""]
Clipped = tuple[Scalar, Bool[Tensor, ""]]


def gradient_norm(gradients: list[Tensor]) -> Scalar:
    """Return the L2 norm of all gradients together, on their device.

    It is summed in double precision, since the square of a gradient beyond 1e19 is infinite in single precision: a
    gradient that clipping would save must not be called infinite. (Apple's MPS has no double precision.)
    """
    precision = torch.float32 if gradients[0].device.type == "mps" else torch.float64
    norms = [torch.linalg.vector_norm(gradient, dtype=precision) for gradient in gradients]
    norm: Tensor = torch.linalg.vector_norm(torch.stack(norms))
    return norm


def flattened(gradients: list[Tensor]) -> Tensor:
    """Return all numbers of ``gradients`` behind each other, as a copy."""
    return torch.cat([gradient.flatten() for gradient in gradients])


def gradient_cosine(before: Tensor, after: Tensor) -> Scalar:
    """Return the cosine of the angle between a gradient before and after clipping, both as :func:`flattened` returns them.

    It is NaN where either has no direction. Both are brought to a largest number of 1 first, so that no square overflows.
    """
    one, other = _largest_is_one(before), _largest_is_one(after)
    cosine: Tensor = (torch.dot(one, other) / (torch.dot(one, one) * torch.dot(other, other)).sqrt()).clamp(-1.0, 1.0)
    return cosine


def _largest_is_one(numbers: Tensor) -> Tensor:
    precision = torch.float32 if numbers.device.type == "mps" else torch.float64
    largest = torch.stack(torch.aminmax(numbers)).abs().max()
    return numbers.to(precision).div_(largest)


def clip_by_norm(gradients: list[Tensor], norm: Scalar, threshold: float) -> Clipped:
    """Scale ``gradients`` in place to ``threshold``/``norm``, if ``norm`` is above the threshold.

    The direction stays. Returns the norm that is left, and whether anything changed.

    Source:
        Pascanu, Mikolov & Bengio (2013), algorithm 1, https://arxiv.org/abs/1211.5063
    """
    too_large = norm > threshold
    factor = torch.where(too_large, threshold / norm, 1.0)
    for gradient in gradients:
        gradient.mul_(factor)
    return norm.clamp(max=threshold), too_large


def clip_by_value(gradients: list[Tensor], norm: Scalar, threshold: float) -> Clipped:
    """Cut each number of ``gradients`` in place to [-threshold, threshold], which may turn the direction."""
    too_large = torch.stack([gradient.abs().max() for gradient in gradients]).max() > threshold
    for gradient in gradients:
        gradient.clamp_(-threshold, threshold)
    return gradient_norm(gradients), too_large


def leave_unclipped(gradients: list[Tensor], norm: Scalar, threshold: float) -> Clipped:
    """Leave ``gradients`` as they are."""
    return norm, torch.zeros((), dtype=torch.bool, device=norm.device)


CLIPPERS: Mapping[str, Callable[[list[Tensor], Scalar, float], Clipped]] = {
    "off": leave_unclipped,
    "norm": clip_by_norm,
    "value": clip_by_value,
}
