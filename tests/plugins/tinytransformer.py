"""A tiny Transformer whose every weight counts, and a sentence for it to read."""

import torch
from torch import nn

from seqviz.corpora import WordVocabulary
from seqviz.experiment import TransformerConfig
from seqviz.models.transformer import build_transformer
from seqviz.tracing.translation import Choice
from seqviz.tracing.walk import Reading

SOURCE, TARGET = WordVocabulary(("le", "chat", "noir", "dort")), WordVocabulary(("the", "black", "cat", "sleeps", "now"))
SENTENCE, GIVEN = ("le", "chat", "noir", "miaule"), ("the", "black", "cat", "<eos>")


def network(**settings):
    config = TransformerConfig(**{"layers": 2, "heads": 2, "width": 8, "inner": 12, **settings})
    sizes = {"source_words": len(SOURCE), "target_words": len(TARGET)}
    model = build_transformer(config, **sizes, generator=torch.Generator().manual_seed(0)).double()
    drawn = torch.Generator().manual_seed(1)
    for name, weight in model.named_parameters():
        if name.endswith("bias") or "norm" in name:  # which begin as 0 and 1, where mistakes do not show
            nn.init.normal_(weight, std=0.5, generator=drawn)
    return model.requires_grad_(False)


def reading(given=GIVEN, sentence=SENTENCE):
    return Reading(sentence=sentence, source=SOURCE, target=TARGET, choice=Choice(most=9, given=given))
