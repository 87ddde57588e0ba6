"""What sees a picture and writes about it, with recurrence or without."""

from collections.abc import Mapping

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from seqviz.experiment.model import CaptionerConfig
from seqviz.experiment.transformer import TransformerConfig
from seqviz.models.captioner import Captioner, trained_captioner
from seqviz.models.glances import SeenPicture
from seqviz.models.seq2seq import END, NOTHING_ASKED, START
from seqviz.models.transformer_captioner import TransformerCaptioner, trained_transformer_captioner

AnyCaptioner = Captioner | TransformerCaptioner


def trained_any_captioner(config: CaptionerConfig | TransformerConfig, weights: Mapping[str, np.ndarray]) -> AnyCaptioner:
    """Return the network that ``config`` describes with the ``weights`` of a run, copied, by their PyTorch names."""
    if isinstance(config, TransformerConfig):
        return trained_transformer_captioner(config, weights)
    return trained_captioner(config, weights)


@torch.no_grad()
def captioned(
    model: AnyCaptioner, pictures: Float[Tensor, "batch height width colour"], *, most: int
) -> Int[Tensor, "batch time"]:
    """Return the caption that ``model`` writes for each picture, the likeliest word each time; -100 behind its end."""
    return written(model, model.see(pictures), most=most)


@torch.no_grad()
def written(model: AnyCaptioner, seen: SeenPicture, *, most: int) -> Int[Tensor, "batch time"]:
    """Return what :func:`captioned` does, of pictures that have been seen already."""
    carried = seen.carried
    word = seen.annotations.new_full((len(seen.annotations),), START, dtype=torch.long)
    over, words = torch.zeros_like(word, dtype=torch.bool), list[Tensor]()
    while len(words) < most and not bool(over.all()):
        glances = model.step(seen, carried, word)
        carried, word = glances.carried, glances.logits[:, 0].argmax(-1)
        words.append(word.masked_fill(over, NOTHING_ASKED))
        over = over | (word == END)
    return torch.stack(words, dim=1)
