"""What is said of heads is true of their weights."""

import numpy as np
import pytest
from plotlytext import HOSTILE, stands_as_it_is

from seqviz.corpora import alignment_error_rate
from seqviz.figures.heads import decided, error_rates, head_figure, head_labels, heads_finding, telling_head
from seqviz.records import AttentionHeads


def record(weights, kind="self", **tokens):
    weights = np.asarray(weights, dtype=np.float32)
    layers, heads, queries, keys = weights.shape
    vectors = {
        name: np.zeros((layers, heads, count, 2), np.float32)
        for name, count in (("queries", queries), ("keys", keys), ("values", keys))
    }
    named = {"queries_of": tuple("abcdef"[:queries]), "keys_of": tuple("uvwxyz"[:keys]), **tokens}
    return AttentionHeads(kind=kind, scores=np.zeros_like(weights), weights=weights, **named, **vectors)


BEFORE = [[0.8, 0.1, 0.1], [0.9, 0.05, 0.05], [0.05, 0.9, 0.05]]
EVEN = np.full((3, 3), 1 / 3)
FIRST = [[1.0, 0.0, 0.0]] * 3


def test_the_head_with_the_largest_mean_on_a_neighbour_is_named_with_it():
    one = record([[EVEN, EVEN], [EVEN, BEFORE]])
    said = heads_finding(one)
    assert said.startswith("Layer 2, head 2 gives the token before 90 % of its attention on average")
    assert "looking at all alike would give 33 %" in said
    assert telling_head(one) == (1, 1)


def test_the_head_told_is_drawn_and_what_cannot_be_seen_stays_blank():
    masked = [[1, 0, 0], [0.9, 0.1, 0], [0.2, 0.3, 0.5]]
    drawn = head_figure(record([[masked]], kind="masked self"))
    np.testing.assert_array_equal(drawn.data[0].customdata, np.float32(masked))
    assert len(drawn.data) == 1  # no mark for what is not a number
    assert drawn.layout.title.text.startswith("Layer 1, head 1 gives the token before 60 %")
    assert drawn.data[0].meta["gap"]


def test_heads_that_look_at_the_first_token_are_counted():
    assert "2 of 4 heads give the first token “u” most of it." in heads_finding(record([[FIRST, EVEN], [FIRST, EVEN]]))
    assert "1 of 4 heads gives the first token “u” most of it." in heads_finding(record([[FIRST, EVEN], [EVEN, EVEN]]))
    assert "most of it" not in heads_finding(record([[EVEN, EVEN], [EVEN, EVEN]]))


def test_labels_name_what_gets_more_than_half():
    assert head_labels(record([[EVEN, BEFORE]])) == [[("", ""), ("before", "90 % on the token before, on average")]]


def test_alignment_is_told_by_its_error_rate_where_the_links_are_known():
    links = {(0, 0), (1, 1)}
    right, wrong = [[0.9, 0.1], [0.2, 0.8], [0.5, 0.5]], [[0.1, 0.9], [0.8, 0.2], [0.5, 0.5]]
    one = record([[wrong, right]], kind="cross", queries_of=("the", "cat", "<eos>"), keys_of=("le", "chat"))
    rates = error_rates(one, links)
    assert rates.tolist() == [[alignment_error_rate({(1, 0), (0, 1)}, links), alignment_error_rate(links, links)]] == [[1, 0]]
    assert telling_head(one, links) == (0, 1)
    assert heads_finding(one, links).startswith("Layer 1, head 2 follows the right alignment best")
    assert "an alignment error rate of 0, those of the head furthest off 1." in heads_finding(one, links)


@pytest.mark.parametrize(
    ("right", "said"),
    [
        ({(1, 0), (1, 1)}, "Heads 1 and 2 of layer 2 follow the right alignment best: the words they look at most have"),
        ({(0, 1), (1, 0), (1, 1)}, "Head 2 of layer 1 and heads 1 and 2 of layer 2 follow the right alignment best"),
        ({(0, 0), (0, 1), (1, 0), (1, 1)}, "All 4 heads follow the right alignment alike: the words they look at most have"),
    ],
)
def test_heads_that_follow_the_alignment_alike_are_named_together(right, said):
    follows, strays = [[0.9, 0.1], [0.2, 0.8]], [[0.1, 0.9], [0.8, 0.2]]
    weights = [[follows if (layer, head) in right else strays for head in range(2)] for layer in range(2)]
    found = heads_finding(record(weights, kind="cross"), {(0, 0), (1, 1)})
    assert found.startswith(said)
    assert "an alignment error rate of 0" in found
    assert ("furthest off 1" in found) == (len(right) < 4)


def test_without_links_the_surest_head_is_told():
    one = record([[[[0.6, 0.4], [0.5, 0.5]], [[0.9, 0.1], [0.2, 0.8]]]], kind="cross")
    assert heads_finding(one).startswith("Layer 1, head 2 is the surest: the token it looks at most has 85 % of its attention")
    assert telling_head(one) == (0, 1)


def test_heads_that_have_decided_are_counted_over_the_queries_with_a_choice():
    assert decided(record([[EVEN, BEFORE, FIRST]])) == 2
    masked = [[1, 0, 0], [0.5, 0.5, 0], [0.4, 0.3, 0.3]]
    assert decided(record([[masked]], kind="masked self")) == 0
    assert decided(record([[[[1.0]]]])) is None


@pytest.mark.parametrize("kind", ["self", "masked self", "cross"])
def test_one_token_is_told_as_what_it_is(kind):
    one = record([[[[1.0]]]], kind=kind)
    assert heads_finding(one) == "There is one token alone to look at: every head gives it all of its attention."
    assert telling_head(one) == (0, 0)
    assert head_labels(one)[0][0][0] in ("", "first", "last")


def test_tokens_stand_as_they_are_beside_the_map():
    assert stands_as_it_is(head_figure(record([[BEFORE]], queries_of=(HOSTILE, "b", "c"))))
