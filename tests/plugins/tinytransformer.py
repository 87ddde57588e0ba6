"""Tiny Transformers whose every weight counts, and what they read: a sentence, or a text."""

import numpy as np
import torch
from torch import nn

from seqviz.corpora import WordVocabulary
from seqviz.experiment import TransformerConfig
from seqviz.models.network import build_network
from seqviz.tracing.translation import Choice
from seqviz.tracing.walk import Reading, Text

SOURCE, TARGET = WordVocabulary(("le", "chat", "noir", "dort")), WordVocabulary(("the", "black", "cat", "sleeps", "now"))
SENTENCE, GIVEN = ("le", "chat", "noir", "miaule"), ("the", "black", "cat", "<eos>")


def network(**settings):
    sizes = {"input_size": len(SOURCE), "output_size": len(TARGET)}
    return _counting(build_network(_config(**settings), **sizes, generator=torch.Generator().manual_seed(0)))


def causal(**settings):
    sizes = {"input_size": len(TARGET), "output_size": len(TARGET), "answer": "every"}
    config = _config(name="causal", **settings)
    return _counting(build_network(config, **sizes, generator=torch.Generator().manual_seed(0)))


def _config(**settings):
    return TransformerConfig(**{"layers": 2, "heads": 2, "width": 8, "inner": 12, **settings})


def _counting(model):
    model, drawn = model.double(), torch.Generator().manual_seed(1)
    for name, weight in model.named_parameters():
        if name.endswith("bias") or "norm" in name:  # which begin as 0 and 1, where mistakes do not show
            nn.init.normal_(weight, std=0.5, generator=drawn)
    return model.requires_grad_(False)


def reading(given=GIVEN, sentence=SENTENCE):
    return Reading(sentence=sentence, source=SOURCE, target=TARGET, choice=Choice(most=9, given=given))


def text(tokens=("the", "black", "dog", "now")):
    return Text(tokens=tokens, symbols=TARGET.encode(tokens), known=TARGET.decode(np.arange(len(TARGET))), noun="word")
