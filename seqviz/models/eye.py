"""The eye of a captioner: convolutions that make one annotation vector of each cell of a picture."""

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

RED_GREEN_BLUE = 3  # numbers of a pixel


def convolutions(channels: int) -> nn.ModuleList:
    """Return three convolutions of stride 2, which see each cell of 8 × 8 pixels and those around it, 23 × 23 in all, and a
    fourth of size 1, which makes ``channels`` numbers of it.
    """
    return nn.ModuleList(
        [
            nn.Conv2d(RED_GREEN_BLUE, channels // 4, 3, stride=2, padding=1),
            nn.Conv2d(channels // 4, channels // 2, 3, stride=2, padding=1),
            nn.Conv2d(channels // 2, channels, 5, stride=2, padding=2),
            nn.Conv2d(channels, channels, 1),
        ]
    )


@torch.no_grad()
def initialise_convolutions(layers: nn.ModuleList, generator: torch.Generator) -> None:
    """Draw weights from a Gaussian that keeps the size of what passes a ReLU (He et al. 2015), and set biases to 0."""
    for weight in layers.parameters():
        if weight.dim() == 1:
            nn.init.zeros_(weight)
        else:
            nn.init.kaiming_normal_(weight, nonlinearity="relu", generator=generator)


def seen_by(
    layers: nn.ModuleList, pictures: Float[Tensor, "batch height width colour"]
) -> Float[Tensor, "batch channel row column"]:
    """Return what the convolutions make of each cell."""
    values = 1 - pictures.movedim(3, 1)  # paper is near 0, so that it hardly disturbs the shapes on it
    for convolution in layers:
        values = F.relu(convolution(values))
    return values
