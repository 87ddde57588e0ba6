"""The captioner follows its equations, checked against plain PyTorch; every intermediate is returned."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from seqviz.experiment import CaptionerConfig
from seqviz.models import build_network, captioned, trained_network
from seqviz.models.seq2seq import END, START

WORDS = 9
SETTINGS = [{}, {"cell": "gru"}, {"layers": 2}, {"cell": "rnn", "layers": 2}]


def built(seed=0, **settings):
    config = CaptionerConfig(**({"hidden_size": 5, "embedding_size": 4, "channels": 8} | settings))
    return build_network(config, output_size=WORDS, generator=torch.Generator().manual_seed(seed)).double()


def pictures(count=2):
    return torch.rand(count, 64, 64, 3, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


TARGETS = torch.tensor([[4, 5, 6, 2, -100], [7, 8, 4, 5, 2]])


def by_hand(model, picture, read):
    """Scores, weights, contexts and logits of one picture, from the weights alone, one number of a cell at a time."""
    values = 1 - picture.permute(2, 0, 1)
    for convolution, stride, padding in zip(model.convolutions[:3], (2, 2, 2), (1, 1, 2), strict=True):
        values = F.conv2d(values[None], convolution.weight, convolution.bias, stride=stride, padding=padding)[0].clamp(min=0)
    last, cells = model.convolutions[3], []
    for row in range(8):
        for column in range(8):
            place = torch.tensor([-1 + 2 * column / 7, -1 + 2 * row / 7], dtype=torch.float64)
            seen = (last.weight[:, :, 0, 0] @ values[:, row, column] + last.bias).clamp(min=0)
            cells.append(torch.cat([seen, place]))
    annotations = torch.stack(cells)
    begun = [torch.tanh(line.weight @ annotations.mean(0) + line.bias) for line in model.beginnings]
    rnn, layers = model.decoder, model.config.layers
    module = type(rnn)(4 + 2, 5, layers, batch_first=True).double()  # PyTorch's own, word by word
    module.load_state_dict(rnn.state_dict())
    first = torch.stack(begun[:layers])
    state = (first, torch.stack(begun[layers:])) if isinstance(rnn, nn.LSTM) else first
    score, place, steps = model.score, torch.zeros(2, dtype=torch.float64), []
    for word in read:
        output, state = module(torch.cat([model.embedding.weight[word], place])[None], state)
        h = output[0]
        scores = torch.stack([score.value @ torch.tanh(score.query_weight @ h + score.key_weight @ a) for a in annotations])
        weights = scores.exp() / scores.exp().sum()
        context = sum(weight * a for weight, a in zip(weights, annotations, strict=True))
        place = context[-2:]
        inner = model.embedding.weight[word] + model.from_state.weight @ h + model.from_context.weight @ context
        steps.append((scores, weights, context, model.readout.weight @ inner + model.readout.bias))
    return [torch.stack(parts) for parts in zip(*steps, strict=True)]


@pytest.mark.parametrize("settings", SETTINGS)
def test_captioner_is_its_equations_written_out(settings):
    model, shown = built(**settings), pictures()
    with torch.no_grad():
        glances = model(shown, TARGETS)
        for at, target in enumerate(TARGETS):
            read = torch.cat([torch.tensor([START]), target[:-1].clamp(min=0)])
            scores, weights, contexts, logits = by_hand(model, shown[at], read)
            torch.testing.assert_close(glances.scores[at], scores)
            torch.testing.assert_close(glances.weights[at], weights)
            torch.testing.assert_close(glances.contexts[at], contexts)
            torch.testing.assert_close(glances.logits[at], logits)


@pytest.mark.parametrize("settings", SETTINGS)
def test_one_word_at_a_time_is_all_words_at_once(settings):
    model = built(**settings)
    with torch.no_grad():
        whole, seen = model(pictures(), TARGETS), model.see(pictures())
        carried = (*seen.carried[:-1], torch.zeros(2, 2, dtype=torch.float64))  # the picture's middle
        for time, word in enumerate(model.read(TARGETS).unbind(1)):
            step = model.step(seen, carried, word)
            carried = (*step.carried[:-1], step.contexts[:, 0, -2:])
            for name in ("logits", "scores", "weights", "contexts", "hidden"):
                torch.testing.assert_close(getattr(step, name)[:, 0], getattr(whole, name)[:, time])


def test_weights_sum_to_1_and_the_context_is_the_weighted_sum_of_annotations():
    model = built(seed=3)
    with torch.no_grad():
        seen, glances = model.see(pictures()), model(pictures(), TARGETS)
    torch.testing.assert_close(glances.weights.sum(-1), torch.ones(2, 5, dtype=torch.float64))
    expected = (glances.weights.unsqueeze(-1) * seen.annotations.unsqueeze(1)).sum(2)
    torch.testing.assert_close(glances.contexts, expected)


def test_a_cell_sees_23_pixels_each_way_and_nothing_beyond():
    model, shown = built(seed=4, channels=16), pictures(1)
    shown.requires_grad_(True)
    model.see(shown).annotations[0, 8 * 4 + 3].sum().backward()
    rows, columns = np.nonzero(shown.grad[0].abs().sum(-1).numpy())
    assert rows.max() - rows.min() + 1 <= 23
    assert columns.max() - columns.min() + 1 <= 23
    assert rows.min() <= 4 * 8 < 5 * 8 - 1 <= rows.max()
    assert columns.min() <= 3 * 8 < 4 * 8 - 1 <= columns.max()


def test_a_caption_is_the_likeliest_word_each_time_until_its_end():
    model = built(seed=6)
    written = captioned(model, pictures(6), most=7)
    for row, picture in zip(written, pictures(6), strict=True):
        seen = model.see(picture[None])
        carried, word, expected = seen.carried, torch.tensor([START]), []
        while len(expected) < 7 and int(word) != END:
            step = model.step(seen, carried, word)
            carried, word = step.carried, step.logits[:, 0].argmax(-1)
            expected.append(int(word))
        assert row[row >= 0].tolist() == expected


def test_the_seed_alone_draws_the_weights_and_the_global_random_state_is_left_alone():
    before = torch.get_rng_state()
    one, same, other = built(5).state_dict(), built(5).state_dict(), built(6).state_dict()
    assert torch.equal(before, torch.get_rng_state())
    assert all(torch.equal(one[name], same[name]) for name in one)
    assert not any(torch.equal(one[name], other[name]) for name in one if not name.endswith("bias") or "readout" in name)


def test_weights_of_a_run_make_the_same_network():
    model = built()
    again = trained_network(model.config, {name: value.numpy() for name, value in model.state_dict().items()}).double()
    with torch.no_grad():
        torch.testing.assert_close(again(pictures(), TARGETS).logits, model(pictures(), TARGETS).logits)
