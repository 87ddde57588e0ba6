"""Networks that write together write by the mean of their probabilities; one alone, or beside itself, as it does alone."""

import pytest
import torch

from seqviz.errors import ConfigError
from seqviz.experiment import Seq2SeqConfig
from seqviz.models import Ensemble, beam_search, build_network, greedy

WORDS = 9
SOURCE = torch.tensor([[4, 5, 6, 7], [8, 4, 4, 5], [6, 6, 8, 7]])


def network(seed, words=WORDS, **settings):
    config = Seq2SeqConfig(**{"hidden_size": 6, "embedding_size": 5, **settings})
    model = build_network(config, input_size=WORDS, output_size=words, generator=torch.Generator().manual_seed(seed))
    with torch.no_grad():
        model.readout.weight.mul_(6)  # so that the likeliest words differ from network to network
    return model.double().eval().requires_grad_(False)


@pytest.mark.parametrize("settings", [{}, {"cell": "lstm", "layers": 2}, {"attention": "none"}, {"order": "after"}])
@pytest.mark.parametrize("copies", [1, 3])
def test_copies_of_one_network_write_what_it_writes_alone(settings, copies):
    one = network(0, **settings)
    alone, together = greedy(one, SOURCE, most=8), greedy(Ensemble([one] * copies), SOURCE, most=8)
    assert together.tokens.tolist() == alone.tokens.tolist()
    torch.testing.assert_close(together.log_probabilities, alone.log_probabilities)
    searches = [beam_search(model, SOURCE, width=3, most=8) for model in (one, Ensemble([one] * copies))]
    for tree, other in zip(*searches, strict=True):
        assert tree.token.tolist() == other.token.tolist()
        torch.testing.assert_close(torch.from_numpy(tree.total), torch.from_numpy(other.total))


def test_each_word_is_chosen_by_the_mean_of_the_members_probabilities():
    members = [network(seed) for seed in range(3)]
    written = greedy(Ensemble(members), SOURCE, most=6)
    for row, tokens, said in zip(SOURCE, written.tokens, written.log_probabilities, strict=True):
        words = tokens[tokens >= 0][None]
        means = torch.stack([one(row[None], None, words).logits.softmax(-1) for one in members]).mean(0)[0]
        assert means.argmax(-1).tolist() == words[0].tolist()
        torch.testing.assert_close(said[tokens >= 0], means.gather(1, words.T).squeeze(1).log())
    assert any(one_alone(one) != written.tokens.tolist() for one in members)


def one_alone(one):
    return greedy(one, SOURCE, most=6).tokens.tolist()


def test_a_beam_scores_words_by_the_mean_of_the_members_probabilities():
    members = [network(seed, attention="general", order="after") for seed in range(2)]
    tree = beam_search(Ensemble(members), SOURCE[:1], width=4, most=5)[0]
    path = tree.path(int(tree.found[0]))
    words = torch.from_numpy(tree.token[path])[None]
    means = torch.stack([one(SOURCE[:1], None, words).logits.softmax(-1) for one in members]).mean(0)[0]
    assert float(tree.total[path[-1]]) == pytest.approx(float(means.gather(1, words.T).log().sum()))


@pytest.mark.parametrize("members", [[], [network(0), network(1, words=WORDS + 1)]])
def test_no_member_or_members_with_other_words_are_refused(members):
    with pytest.raises(ConfigError, match="at least one and know the same words"):
        Ensemble(members)
