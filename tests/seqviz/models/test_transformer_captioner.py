"""The Transformer captioner's decoder equals PyTorch's, says the same word by word and all at once, and looks at cells."""

import itertools
from random import Random

import numpy as np
import pytest
import torch
from torch import nn

from seqviz.errors import ConfigError
from seqviz.experiment import CaptionerConfig, TransformerConfig
from seqviz.experiment.transformer import CELL_POSITIONS
from seqviz.models import build_network, captioned, trained_network
from seqviz.models.seq2seq import END, START
from seqviz.models.transformer_captioner import cell_positions
from seqviz.models.transformer_layers import causal_mask, positions_of
from seqviz.tasks.captions import WORDS as TASK_WORDS
from seqviz.tasks.captions import caption_batch, is_true
from seqviz.tasks.judging import cross_entropy
from tests.seqviz.models.test_transformer import close, copy_attention

SMALL = {"name": "transformer_captioner", "layers": 2, "heads": 2, "width": 8, "inner": 12, "learned_positions": 6}
WORDS = 9
TARGETS = torch.tensor([[4, 5, 6, 2, -100], [7, 8, 4, 5, 2]])
READ = torch.tensor([[START, 4, 5, 6, 2], [START, 7, 8, 4, 5]])
KINDS = list(itertools.product(("pre", "post"), ("sinusoidal", "learned", "none"), CELL_POSITIONS))


def built(seed=0, **settings):
    config = TransformerConfig(**{**SMALL, **settings})
    model = build_network(config, output_size=WORDS, generator=torch.Generator().manual_seed(seed)).double()
    drawn = torch.Generator().manual_seed(1)
    for name, weight in model.named_parameters():
        if name.endswith("bias") or "norm" in name:  # which begin as 0 and 1, where mistakes do not show
            nn.init.normal_(weight, std=0.5, generator=drawn)
    return model.requires_grad_(False)


def pictures(count=2):
    return torch.rand(count, 64, 64, 3, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


def pytorchs(model):
    """Return ``nn.TransformerDecoder`` with the weights of the model's decoder."""
    config = model.config
    layer = nn.TransformerDecoderLayer(
        config.width, config.heads, config.inner, 0.0, batch_first=True, norm_first=config.norm == "pre", dtype=torch.float64
    )
    theirs = nn.TransformerDecoder(layer, config.layers, norm=model.decoder.norm).requires_grad_(False).eval()
    for ours, other in zip(model.decoder.layers, theirs.layers, strict=True):
        copy_attention(ours.self_attention, other.self_attn)
        copy_attention(ours.cross_attention, other.multihead_attn)
        other.linear1.load_state_dict(ours.expand.state_dict())
        other.linear2.load_state_dict(ours.contract.state_dict())
        for number, kind in enumerate(("self", "cross", "feedforward"), start=1):
            getattr(other, f"norm{number}").load_state_dict(ours.norms[kind].state_dict())
    return theirs


@pytest.mark.parametrize(("norm", "positions", "cells"), KINDS)
def test_decoder_equals_pytorchs_and_is_step_repeated(norm, positions, cells):
    model = built(norm=norm, positions=positions, cells=cells)
    whole, seen = model(pictures(), TARGETS), model.see(pictures())
    entered = model.embedding(READ) * 8**0.5 + model.decoder.placed(0, 5).double()
    memory = model.norm(seen.annotations + model.placed(8, 8).double())
    close(whole.logits, model.readout(pytorchs(model)(entered, memory, tgt_mask=~causal_mask(5))))
    close(model.answers(pictures(), TARGETS), whole.logits)
    carried = seen.carried
    for time, word in enumerate(READ.unbind(1)):
        step = model.step(seen, carried, word)
        carried = step.carried
        for name in ("logits", "weights", "heads"):
            close(getattr(step, name)[:, 0], getattr(whole, name)[:, time])


def test_weights_are_the_mean_of_the_last_layers_heads_as_pytorch_computes_them():
    model = built()
    whole, did = model(pictures(), TARGETS), model.walk(pictures(), READ)
    last, ours = did.decoder.layers[-1][1], model.decoder.layers[-1].cross_attention
    theirs = nn.MultiheadAttention(8, 2, batch_first=True, dtype=torch.float64).requires_grad_(False)
    copy_attention(ours, theirs)
    memory = model.norm(model.see(pictures()).annotations + model.placed(8, 8))
    _, heads = theirs(last.read, memory, memory, average_attn_weights=False)
    close(whole.heads, heads.transpose(1, 2))
    close(whole.weights, heads.mean(1))
    close(whole.weights.sum(-1), torch.ones(2, 5, dtype=torch.float64))
    close(last.attended.scores.softmax(-1), heads)
    close(did.logits, whole.logits)


def test_a_word_sees_no_word_behind_it():
    model, other = built(), READ.clone()
    other[:, 3:] = 3
    close(model.walk(pictures(), READ).logits[:, :3], model.walk(pictures(), other).logits[:, :3])


def test_it_sees_with_the_eye_of_the_recurrent_captioner():
    model = built()
    other = build_network(CaptionerConfig(channels=8), output_size=WORDS, generator=torch.Generator().manual_seed(5)).double()
    other.convolutions.load_state_dict(model.convolutions.state_dict())
    close(model.see(pictures()).annotations, other.see(pictures()).annotations[..., :-2])


def test_sinusoids_of_a_cell_tell_its_row_in_one_half_and_its_column_in_the_other():
    placed = cell_positions("sinusoidal", 3, 5, 12).view(3, 5, 12)
    for row, column in itertools.product(range(3), range(5)):
        close(placed[row, column, :6], positions_of("sinusoidal", row, 1, 6)[0])
        close(placed[row, column, 6:], positions_of("sinusoidal", column, 1, 6)[0])
    assert len(placed.flatten(0, 1).unique(dim=0)) == 15
    assert not cell_positions("none", 3, 5, 7).any()


def test_without_positions_of_cells_a_picture_is_a_bag_of_what_its_cells_show():
    shuffled = torch.randperm(64, generator=torch.Generator().manual_seed(3))
    for kind in CELL_POSITIONS:
        model = built(cells=kind)
        seen = model.see(pictures())
        placed = seen.annotations[:, shuffled] + model.placed(8, 8).double()
        moved = type(seen)(**{**vars(seen), "keys": model.decoder.look(model.norm(placed))})
        same = torch.allclose(model.look(seen, READ).logits, model.look(moved, READ).logits, rtol=0, atol=1e-11)
        assert same == (kind == "none")


def test_a_caption_is_the_likeliest_word_each_time_until_its_end():
    model = built(seed=6, positions="none")
    written = captioned(model, pictures(5), most=7)
    for row, picture in zip(written, pictures(5), strict=True):
        read = [START]
        while len(read) < 8 and read[-1] != END:
            read.append(int(model.walk(picture[None], torch.tensor([read])).logits[0, -1].argmax()))
        assert row[row >= 0].tolist() == read[1:]


def test_a_few_scenes_are_soon_captioned_better_than_by_the_best_constant_caption():
    shown, targets = caption_batch(12, Random(3), held=False, most=1)
    config = TransformerConfig(name="transformer_captioner", layers=1, heads=2, width=16, inner=32)
    model = build_network(config, output_size=len(TASK_WORDS), generator=torch.Generator().manual_seed(0))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(60):
        optimizer.zero_grad()
        cross_entropy(model.answers(shown, targets), targets).backward()
        optimizer.step()
    written = captioned(model, shown, most=targets.shape[1])
    padded = nn.functional.pad(written, (0, targets.shape[1] - written.shape[1]), value=-100)
    constant = max(float(is_true(caption.expand_as(targets), targets).double().mean()) for caption in targets)
    assert float(is_true(padded, targets).double().mean()) > 0.5 > 2 * constant


def test_the_seed_alone_draws_the_weights_and_those_of_a_run_make_the_same_network():
    before = torch.get_rng_state()
    one, same, other = (
        build_network(
            TransformerConfig(**SMALL, cells="learned"), output_size=WORDS, generator=torch.Generator().manual_seed(seed)
        ).state_dict()
        for seed in (5, 5, 6)
    )
    assert torch.equal(before, torch.get_rng_state())
    assert all(torch.equal(one[name], same[name]) for name in one)
    assert all(torch.isfinite(value).all() for value in one.values())
    assert not torch.equal(one["cells"], other["cells"])
    model = built(cells="learned")
    weights = {name: value.numpy() for name, value in model.state_dict().items()}
    again = trained_network(model.config, {name: np.float32(value) for name, value in weights.items()}).double()
    torch.testing.assert_close(again(pictures(), TARGETS).logits, model(pictures(), TARGETS).logits, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"heads": 3}, "the width must be a multiple of the heads, got 8 numbers for 3 heads"),
        ({"width": 2, "heads": 1}, "must have a width of at least 4, got 2"),
        ({"width": 6, "heads": 2}, "it must be a multiple of 4, got 6"),
        ({"cells": "polar"}, "cells must be one of sinusoidal, learned, none, got 'polar'"),
        ({"layers": 13}, r"layers must be a whole number in \[1, 12\], got 13"),
    ],
)
def test_settings_that_do_not_go_together_are_one_sentence(settings, said):
    with pytest.raises(ConfigError, match=said):
        TransformerConfig(**{**SMALL, **settings})


def test_another_grid_than_the_one_learned_is_refused():
    with pytest.raises(ConfigError, match="learned the positions of 64 cells, got 16"):
        built(cells="learned").see(pictures()[:, :32, :32])
