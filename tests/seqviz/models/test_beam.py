"""A beam of one is greedy, a beam of all is exact, and many sentences are searched as each alone."""

import itertools

import numpy as np
import pytest
import torch

from seqviz.errors import ConfigError
from seqviz.models import beam_search, greedy
from seqviz.models.beam import check_width
from seqviz.models.seq2seq import END
from tests.seqviz.models.test_decoding import LENGTHS, SOURCE, built


def words(tree, hypothesis=0):
    return tree.token[tree.path(int(tree.found[hypothesis]))].tolist()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("settings", [{}, {"cell": "lstm", "layers": 2, "order": "after"}, {"attention": "none"}])
def test_a_beam_of_one_is_greedy(seed, settings):
    model = built(seed, **settings)
    written = greedy(model, SOURCE, LENGTHS, most=6)
    for row, tree in enumerate(beam_search(model, SOURCE, LENGTHS, width=1, most=6)):
        tokens = written.tokens[row][written.tokens[row] >= 0].tolist()
        assert words(tree) == tokens
        np.testing.assert_allclose(tree.log_probability, written.log_probabilities[row, : len(tokens)], atol=1e-12)
        if tree.weights is not None:
            np.testing.assert_allclose(tree.weights, written.weights[row, : len(tokens), : LENGTHS[row]], atol=1e-12)


def every_sentence(most):
    """Yield all sentences over five words that end within ``most`` words or are cut off there."""
    others = [word for word in range(5) if word != END]
    for length in range(1, most + 1):
        for start in itertools.product(others, repeat=length - 1):
            yield [*start, END]
    yield from (list(sentence) for sentence in itertools.product(others, repeat=most))


@pytest.mark.parametrize("normalisation", [0.0, 1.0])
@pytest.mark.parametrize("seed", range(3))
def test_a_beam_of_all_hypotheses_finds_the_best_sentence_there_is(seed, normalisation):
    model, most = built(seed), 3
    tree = beam_search(model, SOURCE[:1], width=100, most=most, length_normalisation=normalisation)[0]
    sentences = list(every_sentence(most))
    padded = torch.tensor([sentence + [-100] * (most - len(sentence)) for sentence in sentences])
    log_probabilities = model(SOURCE[:1].expand(len(sentences), -1), None, padded).logits.log_softmax(-1)
    each = log_probabilities.gather(2, padded.clamp(min=0).unsqueeze(2)).squeeze(2).masked_fill(padded < 0, 0).sum(1)
    ranks = each / torch.tensor([len(sentence) for sentence in sentences]) ** normalisation
    assert words(tree) == sentences[int(ranks.argmax())]
    np.testing.assert_allclose(tree.ranks[0], ranks.max(), atol=1e-12)
    if not normalisation:
        np.testing.assert_allclose(np.exp(tree.ranks).sum(), 1, atol=1e-9)  # 85 sentences, all of them held


@pytest.mark.parametrize("width", [2, 5])
def test_sentences_together_are_searched_as_each_alone(width):
    model = built(2)
    for row, tree in enumerate(beam_search(model, SOURCE, LENGTHS, width=width, most=6, length_normalisation=0.6)):
        alone = beam_search(
            model, SOURCE[row : row + 1, : LENGTHS[row]], width=width, most=6, length_normalisation=0.6
        )[0]  # fmt: skip
        assert tree.token.tolist() == alone.token.tolist()
        assert tree.parent.tolist() == alone.parent.tolist()
        assert tree.found.tolist() == alone.found.tolist()
        np.testing.assert_allclose(tree.total, alone.total, atol=1e-12)
        np.testing.assert_allclose(tree.weights, alone.weights, atol=1e-12)


@pytest.mark.parametrize("width", [1, 3])
def test_the_running_product_of_a_branch_is_the_probability_that_forward_gives_it(width):
    model = built(3)
    for row, tree in enumerate(beam_search(model, SOURCE, LENGTHS, width=width, most=5)):
        for node in range(len(tree.token)):
            path = tree.path(node)
            target = torch.from_numpy(tree.token[path]).unsqueeze(0)
            logits = model(SOURCE[row : row + 1, : LENGTHS[row]], None, target).logits
            log_probabilities = logits.log_softmax(-1).gather(2, target.unsqueeze(2)).flatten()
            np.testing.assert_allclose(tree.log_probability[path], log_probabilities, atol=1e-12)
            assert tree.total[node] == pytest.approx(float(log_probabilities.sum()), abs=1e-12)


def test_a_wider_beam_finds_no_less_probable_sentence_here():
    model = built(5)
    best = [beam_search(model, SOURCE[:1], width=width, most=6)[0].ranks[0] for width in (1, 4, 100)]
    assert best[0] <= best[2] + 1e-12
    assert best[1] <= best[2] + 1e-12


def test_every_hypothesis_begins_with_the_prefix():
    prefix = torch.tensor([[3, 4], [4, 4], [1, 3]])
    for row, tree in enumerate(beam_search(built(), SOURCE, LENGTHS, width=3, most=5, prefix=prefix)):
        assert len(tree.found) == 3
        assert all(words(tree, found)[:2] == prefix[row].tolist() for found in range(3))
        assert (tree.parent == -1).sum() == 1


@pytest.mark.parametrize("width", [0, 1000, -1, 2.0, True, None])
def test_a_width_out_of_range_is_refused_in_one_sentence(width):
    with pytest.raises(ConfigError, match=r"the beam width must be a whole number in \[1, 100\], got"):
        check_width(width)


def test_a_search_refuses_a_width_out_of_range():
    with pytest.raises(ConfigError, match="got 1000"):
        beam_search(built(), SOURCE, LENGTHS, width=1000, most=3)
