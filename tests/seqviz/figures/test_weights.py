"""Losses are drawn token by token, and the title is true of them."""

import numpy as np

from seqviz.figures import token_losses_figure
from seqviz.records import GateTrace, GradientFlow, WeightsTrace


def trace(losses, tokens):
    norms = np.ones((1, 1, 1, 2))
    return WeightsTrace(
        kind="LSTM", names={}, tokens=tuple(tokens), asked="", map=None, losses=None if losses is None else np.array(losses),
        gates=GateTrace(hidden=np.ones((1, 1, 1, 2, 3)), cell=None, gates={}),
        flow=GradientFlow(hidden_norms=norms, cell_norms=None, direct_norms=norms),
    )  # fmt: skip


def test_the_token_that_surprises_most_is_named():
    figure = token_losses_figure(trace([0.5, 2.5, 0.0], "abcd"), symbols=10)
    assert figure.layout.title.text == (
        "The network reads this text with a perplexity of 2.7; what surprises it most is “c”, token 3."
    )
    assert list(figure.data[0].y) == [0.5, 2.5, 0.0]
    assert list(figure.layout.xaxis.ticktext) == ["b", "c", "d"]
    assert figure.data[1].y[0] == np.log(10)


def test_tokens_are_text():
    figure = token_losses_figure(trace([1.0], ["a", "<b>x</b>"]))
    assert figure.layout.xaxis.ticktext[0] == "&lt;b&gt;x&lt;/b&gt;"


def test_where_nothing_is_predicted_it_says_so():
    assert token_losses_figure(trace(None, "ab")).layout.title.text == "This network predicts no next token."
    assert token_losses_figure(trace([np.nan], "ab")).layout.title.text == "A loss is not a finite number."
