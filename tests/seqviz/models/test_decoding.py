"""What is written has the probability that the network gives it, and a batch is written as each sentence alone."""

import pytest
import torch

from seqviz.experiment import Seq2SeqConfig
from seqviz.models import build_network, greedy, sample
from seqviz.models.seq2seq import END

SOURCE = torch.tensor([[4, 5, 6, 7], [7, 6, 0, 0], [5, 5, 5, 0]])
LENGTHS = torch.tensor([4, 2, 3])


def built(seed=0, spread=4.0, **settings):
    config = Seq2SeqConfig(**({"hidden_size": 5, "embedding_size": 4} | settings))
    model = build_network(config, input_size=8, output_size=5, generator=torch.Generator().manual_seed(seed)).double()
    for parameter in model.parameters():
        parameter.data *= spread  # so that its words differ in probability
    return model.requires_grad_(False)


def said_by_forward(model, tokens):
    """Return log p of each token by one pass over the whole sentence, 0 where there is none."""
    log_probabilities = model(SOURCE, LENGTHS, tokens).logits.log_softmax(-1)
    asked = tokens >= 0
    return log_probabilities.gather(2, tokens.clamp(min=0).unsqueeze(2)).squeeze(2).masked_fill(~asked, 0)


@pytest.mark.parametrize(
    "settings", [{}, {"cell": "lstm", "layers": 2, "order": "after"}, {"attention": "none", "cell": "rnn"}]
)
@pytest.mark.parametrize("drawn", [False, True])
def test_written_words_have_the_probability_that_forward_gives_them(settings, drawn):
    model = built(**settings)
    more = {"generator": torch.Generator().manual_seed(4)} if drawn else {}
    written = (sample if drawn else greedy)(model, SOURCE, LENGTHS, most=7, **more)
    torch.testing.assert_close(written.log_probabilities, said_by_forward(model, written.tokens), rtol=0, atol=1e-12)
    if not drawn:
        likeliest = model(SOURCE, LENGTHS, written.tokens).logits.argmax(-1)
        assert torch.equal(likeliest[written.tokens >= 0], written.tokens[written.tokens >= 0])


@pytest.mark.parametrize("order", ["before", "after"])
def test_sentences_together_are_written_as_each_alone(order):
    model = built(order=order)
    together = greedy(model, SOURCE, LENGTHS, most=6)
    for row, length in enumerate(LENGTHS.tolist()):
        alone = greedy(model, SOURCE[row : row + 1, :length], most=6)
        steps = alone.tokens.shape[1]
        assert torch.equal(alone.tokens[0], together.tokens[row, :steps])
        assert torch.all(together.tokens[row, steps:] < 0)
        torch.testing.assert_close(alone.weights[0], together.weights[row, :steps, :length], rtol=0, atol=1e-12)


def test_nothing_is_written_behind_the_end():
    written = greedy(built(seed=1), SOURCE, LENGTHS, most=9)
    for tokens in written.tokens.tolist():
        if END in tokens:
            assert set(tokens[tokens.index(END) + 1 :]) <= {-100}


def test_a_prefix_is_written_first_and_the_rest_follows_from_it():
    model, prefix = built(), torch.tensor([[3, 4], [4, 4], [1, 3]])
    written = greedy(model, SOURCE, LENGTHS, most=6, prefix=prefix)
    assert torch.equal(written.tokens[:, :2], prefix)
    torch.testing.assert_close(written.log_probabilities, said_by_forward(model, written.tokens), rtol=0, atol=1e-12)


def test_samples_follow_the_networks_probabilities():
    model = built(spread=1.0)
    many = SOURCE[:1].expand(4000, -1)
    drawn = sample(model, many, most=1, generator=torch.Generator().manual_seed(0)).tokens[:, 0]
    expected = model(SOURCE[:1], None, torch.tensor([[3]])).logits.softmax(-1)[0, 0]
    torch.testing.assert_close(drawn.bincount(minlength=5) / 4000, expected.float(), rtol=0, atol=0.03)
    cold = sample(model, many[:9], most=3, generator=torch.Generator(), temperature=1e-4)
    assert torch.equal(cold.tokens, greedy(model, many[:9], most=3).tokens)
