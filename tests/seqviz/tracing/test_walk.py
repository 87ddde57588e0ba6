"""A walk holds the model's own numbers at every position of both sides; position encodings equal the closed form."""

import itertools
import math

import numpy as np
import pytest
import torch
from tinytransformer import GIVEN, SENTENCE, SOURCE, TARGET, causal, network, reading, text
from torch.nn import functional as F

from seqviz.errors import TraceError
from seqviz.models.decoding import greedy
from seqviz.tracing.walk import walk_text, walk_token, without_positions

KINDS = list(itertools.product(("pre", "post"), ("sinusoidal", "learned", "none")))


def close(one, other):
    np.testing.assert_allclose(one, np.asarray(other), rtol=0, atol=1e-12)


@pytest.mark.parametrize("side", ["encoder", "decoder"])
@pytest.mark.parametrize(("norm", "positions"), KINDS)
def test_every_number_is_the_models_own(norm, positions, side):
    model = network(norm=norm, positions=positions)
    source, read = SOURCE.encode(SENTENCE), np.array([1, *TARGET.encode(GIVEN[:-1])])
    did = model.walk(torch.from_numpy(source)[None], torch.from_numpy(read)[None])
    stack = getattr(did, side)
    for position in range(4):
        walk = walk_token(model, reading(), side, position)
        held(walk, stack, position, did.encoder.result[0])
        close(walk.kept * math.sqrt(8), walk.embedded)
        if side == "decoder":
            close(walk.next.logits, did.logits[0, position])
            close(walk.next.chances, did.logits[0, position].softmax(-1))


@pytest.mark.parametrize(("norm", "positions"), KINDS)
def test_every_number_of_a_decoder_alone_is_the_models_own(norm, positions):
    model = causal(norm=norm, positions=positions)
    one_hot = torch.eye(9, dtype=torch.float64)[[4, 5, 3, 8]]  # the black <unk> now
    did, answers = model.walk(one_hot[None]), model(one_hot[None])[0]
    for position in range(4):
        walk = walk_text(model, text(), position)
        held(walk, did.decoder, position)
        close(walk.kept, model.embedding.weight[:, [4, 5, 3, 8][position]])
        close(walk.kept * math.sqrt(8), walk.embedded)
        if norm == "pre":  # nothing is between the stream and what is added to it
            close(walk.entered + sum(one.output for one in walk.sublayers), walk.sublayers[-1].result)
        assert not any(one.look.weights[:, position + 1 :].any() for one in walk.sublayers if one.look)
        close(walk.next.logits, answers[position])
        follows = [5, 3, 8, int(answers[3].argmax())][position]
        close(walk.next.lens.due[-1], answers[position].softmax(-1)[follows])
    assert walk.unknown == ("dog",)
    assert walk.read == ("the", "black", "dog", "now")
    assert walk.written[:3] == ("black", "<unk>", "now")
    assert walk.written[3] == walk.next.words[0] == walk.next.due


def test_a_decoder_alone_without_positions_is_the_network_that_has_none():
    model = causal(positions="learned")
    weights = {name: weight for name, weight in model.state_dict().items() if not name.endswith(".positions")}
    theirs = causal(positions="none")
    theirs.load_state_dict(weights)
    close(walk_text(without_positions(model), text(), 2).next.logits, walk_text(theirs, text(), 2).next.logits)
    assert model.decoder.positions is not None  # the model itself is left alone
    with pytest.raises(TraceError, match="reads 4 tokens here: the position must be 1 to 4, got 5"):
        walk_text(model, text(), 4)


def held(walk, stack, position, source=None):
    """Check every intermediate against what the stack returned."""
    for name in ("embedded", "entered", "result"):
        close(getattr(walk, name), getattr(stack, name)[0, position])
    close(walk.place, stack.positions[position])
    for ours, theirs in zip(walk.sublayers, itertools.chain.from_iterable(stack.layers), strict=True):
        assert ours.kind == theirs.kind
        for name in ("inputs", "read", "output", "added", "result"):
            close(getattr(ours, name), getattr(theirs, name)[0, position])
        if ours.kind == "feedforward":
            close(ours.inner, theirs.inner[0, position])
            continue
        for name in ("queries", "scores", "weights", "mixed"):
            close(getattr(ours.look, name), getattr(theirs.attended, name)[0, :, position])
        close(ours.look.keys, theirs.attended.keys[0])
        close(ours.look.values, theirs.attended.values[0])
        close(ours.look.states, source if ours.kind == "cross" else theirs.read[0])


@pytest.mark.parametrize("norm", ["pre", "post"])
def test_the_lens_is_the_readout_of_the_stream(norm):
    model = network(norm=norm)
    walk = walk_token(model, reading(), "decoder", 2)
    assert walk.next.due == "cat"
    streams = [walk.entered, *(one.result for one in walk.sublayers)]
    for at, stream in enumerate(streams):
        seen = torch.from_numpy(stream)
        if norm == "pre":
            seen = F.layer_norm(seen, (8,), model.decoder.norm.weight, model.decoder.norm.bias)
        chances = F.softmax(F.linear(seen, model.readout.weight, model.readout.bias), -1)
        close(walk.next.lens.due[at], chances[6])
        assert walk.next.lens.words[at] == TARGET.decode(np.array([int(chances.argmax())]))[0]
        close(walk.next.lens.likeliest[at], chances.max())
    close(walk.next.lens.due[-1], walk.next.chances[6])


def test_positions_equal_the_sinusoid():
    walk = walk_token(network(), reading(), "encoder", 3)
    for time, unit in itertools.product((0, 1, 3, 40), range(8)):
        wave = math.cos if unit % 2 else math.sin
        assert walk.places[time, unit] == pytest.approx(wave(time / 10_000 ** ((unit - unit % 2) / 8)), abs=1e-12)
    close(walk.place, walk.places[3])
    products = walk.places @ walk.places.T
    close(np.ptp(np.diagonal(products, 5)), 0)  # of sinusoids, the distance alone counts


def test_no_more_learned_positions_are_drawn_than_there_are():
    model = network(positions="learned", learned_positions=12)
    walk = walk_token(model, reading(), "decoder", 1)
    close(walk.places, model.decoder.positions)


def test_what_it_writes_itself_is_what_greedy_search_writes():
    model = network()
    theirs = greedy(model, torch.from_numpy(SOURCE.encode(SENTENCE))[None], most=9)
    walk = walk_token(model, reading(given=()), "decoder", 0)
    assert TARGET.encode([word for word in walk.written if word != "<eos>"]).tolist() == [
        symbol for symbol in theirs.tokens[0].tolist() if symbol > 2
    ]
    assert walk.read == ("<sos>", *walk.written[:-1])
    assert walk.unknown == ("miaule",)


@pytest.mark.parametrize("positions", ["sinusoidal", "learned"])
def test_without_positions_it_is_the_network_that_has_none(positions):
    model = network(positions=positions)
    weights = {name: weight for name, weight in model.state_dict().items() if not name.endswith(".positions")}
    theirs = network(positions="none")
    theirs.load_state_dict(weights)
    walk = walk_token(without_positions(model), reading(), "decoder", 2)
    close(walk.next.logits, walk_token(theirs, reading(), "decoder", 2).next.logits)
    assert not walk.place.any()
    assert model.config.positions == positions  # the model itself is left alone


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"position": 4}, "the encoder reads 4 tokens here: the position must be 1 to 4, got 5"),
        ({"position": -1}, "must be 1 to 4, got 0"),
        ({"given": ("flibbertigibbet",)}, "cannot write 'flibbertigibbet'"),
        ({"sentence": ()}, "at least one word"),
    ],
)
def test_what_cannot_be_walked_is_one_sentence(asked, said):
    position = asked.pop("position", 0)
    with pytest.raises(TraceError, match=said):
        walk_token(network(), reading(**asked), "encoder", position)
