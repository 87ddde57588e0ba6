"""What sees a picture and writes about it, with recurrence or without."""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from seqviz.models.captioner import Captioner
from seqviz.models.glances import SeenPicture
from seqviz.models.seq2seq import END, NOTHING_ASKED, START
from seqviz.models.transformer_captioner import TransformerCaptioner

AnyCaptioner = Captioner | TransformerCaptioner


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
