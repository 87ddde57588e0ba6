"""A captioning is what the network computes, word by word, and the pointing game counts what it says it counts."""

import numpy as np
import pytest
import torch

from seqviz.errors import TraceError
from seqviz.experiment import CaptionerConfig, TransformerConfig
from seqviz.models import build_network, captioned
from seqviz.scenes import LONGEST, arranged, captions, described, drawn, held_out, regions
from seqviz.tasks.captions import WORDS
from seqviz.tracing.caption import MOST, PLACES, caption, pointing_game

SHOWN = described("a large orange circle above two small blue squares".split())  # noqa: SIM905
SCENE = arranged(SHOWN, 3)


def network(seed=0):
    config = CaptionerConfig(hidden_size=6, embedding_size=5, channels=8)
    return (
        build_network(config, output_size=len(WORDS), generator=torch.Generator().manual_seed(seed))
        .double()
        .requires_grad_(False)
    )


def with_heads(seed=0):
    config = TransformerConfig(name="transformer_captioner", heads=2, width=8, inner=6)
    model = build_network(config, output_size=len(WORDS), generator=torch.Generator().manual_seed(seed))
    return model.double().requires_grad_(False)


def picture(scene=SCENE):
    return torch.from_numpy(drawn(scene)).double()[None]


def test_a_caption_is_what_greedy_writing_gives():
    record = caption(network(), SCENE, WORDS)
    written = captioned(network(), picture(), most=MOST)[0]
    assert record.written == WORDS.decode(written[written >= 0].numpy())
    np.testing.assert_array_equal(record.picture, drawn(SCENE))


def test_weights_sum_to_1_and_each_context_is_the_annotations_each_as_much_as_its_weight():
    record = caption(network(), SCENE, WORDS, given=SHOWN.words)
    np.testing.assert_allclose(record.weights.sum(axis=(1, 2)), 1, atol=1e-12)
    expected = np.einsum("wrc,rca->wa", record.weights, record.annotations)
    np.testing.assert_allclose(record.contexts, expected, rtol=0, atol=1e-12)
    shares = np.exp(record.scores) / np.exp(record.scores).sum(axis=(1, 2), keepdims=True)
    np.testing.assert_allclose(record.weights, shares, atol=1e-12)


def test_of_a_transformer_every_heads_look_is_kept_and_the_heat_is_their_mean():
    model, record = with_heads(), caption(with_heads(), SCENE, WORDS, given=SHOWN.words)
    targets = torch.from_numpy(np.append(WORDS.encode(record.words), 2))[None]
    did = model.walk(picture(), model.read(targets))
    last = did.decoder.layers[-1][1].attended.weights[0].transpose(0, 1)[: len(record.written)]
    np.testing.assert_allclose(record.heads, last.view(-1, 2, 8, 8), rtol=0, atol=1e-12)
    np.testing.assert_allclose(record.weights, record.heads.mean(axis=1), atol=1e-15)
    np.testing.assert_allclose(record.heads.sum(axis=(2, 3)), 1, atol=1e-12)
    np.testing.assert_array_equal(record.through(2).weights, record.heads[:, 1])
    assert record.scores is record.contexts is None


def test_each_head_points_by_its_own_looks():
    model, scenes = with_heads(3), [(description, arranged(description, seed)) for description, seed in held_out(8)]
    game, rows = pointing_game(model, scenes, WORDS), ([], [])
    for description, scene in scenes:
        record = caption(model, scene, WORDS, given=description.words)
        for head, found in enumerate(rows, start=1):
            one = record.through(head)
            top = np.unravel_index(one.weights[0].argmax(), (8, 8))
            found.append((one.regions[0][top], one.inside[0], one.areas[0]))
    assert [each.head for each in game.heads] == [1, 2]
    for each, found in zip(game.heads, rows, strict=True):
        np.testing.assert_allclose([each.hits[0], each.inside[0], each.areas[0]], np.mean(found, axis=0))
    np.testing.assert_allclose(game.inside, np.mean([each.inside for each in game.heads], axis=0))
    assert game.through(2) is game.heads[1]
    assert pointing_game(network(), scenes, WORDS).heads == ()


def test_the_product_of_the_words_probabilities_is_the_captions():
    given = (*SHOWN.words, "<eos>")
    record, model = caption(network(), SCENE, WORDS, given=given), network()
    targets = torch.from_numpy(np.append(WORDS.encode(SHOWN.words), 2))[None]
    chances = model(picture(), targets).logits.log_softmax(-1).gather(2, targets[..., None]).sum()
    assert record.written == given
    assert record.probability == pytest.approx(float(chances.exp()), rel=1e-9)
    assert record.is_true
    assert record.given.all()


def test_what_is_offered_are_the_likeliest_words_and_their_probabilities():
    record = caption(network(), SCENE, WORDS)
    for offered, word, chance in zip(record.alternatives, record.written, record.log_probabilities, strict=True):
        assert [each for _, each in offered] == sorted((each for _, each in offered), reverse=True)
        assert offered[0] == (word, pytest.approx(np.exp(chance)))


def test_words_that_are_given_are_written_and_the_rest_follows_from_them():
    record = caption(network(), SCENE, WORDS, given=("two", "small"))
    assert record.written[:2] == ("two", "small")
    assert record.given.tolist()[:3] == [True, True, False][: len(record.written)]
    np.testing.assert_array_equal(record.regions, regions(SCENE, record.written))


def test_share_inside_and_area_are_their_definitions():
    record = caption(network(), SCENE, WORDS, given=SHOWN.words)
    cells = regions(SCENE, SHOWN.words)
    assert record.inside[3] == pytest.approx(record.weights[3][cells[3]].sum())
    assert record.areas[3] == cells[3].sum() / 64
    assert record.true == captions(SCENE)


def test_an_untrained_network_is_cut_off_and_true_of_nothing():
    record = caption(network(), SCENE, WORDS, given=("a",) * MOST)
    assert len(record.written) == MOST
    assert (record.ended, record.is_true) == (False, False)


@pytest.mark.parametrize(("given", "said"), [(("zebra",), "cannot write 'zebra'"), (("a",) * 17, "at most 16 words, got 17")])
def test_what_it_cannot_write_is_refused(given, said):
    with pytest.raises(TraceError, match=said):
        caption(network(), SCENE, WORDS, given=given)


def test_pointing_game_counts_hits_shares_and_areas_as_it_says():
    model, scenes = network(2), [(description, arranged(description, seed)) for description, seed in held_out(25)]
    game, rows = pointing_game(model, scenes, WORDS), {place: [] for place in PLACES}
    split = []
    for description, scene in scenes:
        record = caption(model, scene, WORDS, given=description.words)
        said = [at for at, word in enumerate(description.words) if word != "of"]
        for place, at in zip(PLACES, said, strict=False):
            top = np.unravel_index(record.weights[at].argmax(), (8, 8))
            rows[place].append((record.regions[at][top], record.inside[at], record.areas[at]))
        if description.second is not None:
            first, second = record.regions[0], record.regions[len(description.words) - 1] & ~record.regions[0]
            split.append([record.weights[4][first].sum(), record.weights[4][second].sum()])
    for at, place in enumerate(PLACES):
        assert game.pictures[at] == len(rows[place])
        np.testing.assert_allclose([game.hits[at], game.inside[at], game.areas[at]], np.mean(rows[place], axis=0))
    np.testing.assert_allclose(game.relation[:2], np.mean(split, axis=0))
    assert game.relation.sum() == pytest.approx(1)
    assert game.drawn == 25
    right = [caption(model, scene, WORDS).words[: LONGEST + 1] in captions(scene) for _, scene in scenes]
    assert game.true == np.mean(right)


def test_attention_that_is_even_points_by_chance():
    model = network()
    torch.nn.init.zeros_(model.score.value)
    game = pointing_game(model, [(description, arranged(description, seed)) for description, seed in held_out(20)], WORDS)
    np.testing.assert_allclose(game.inside, game.areas)
