"""What the figures of translators say is true of what they draw."""

import numpy as np
import pytest

from seqviz.figures.chance import differ, wilson_interval
from seqviz.figures.comparison import (
    alignment_figure,
    bleu_figure,
    heads_figure,
    held_out_figure,
    learning_figure,
    pace_figure,
    parameters_figure,
)
from seqviz.records import ComparedTranslator, HeadAlignment, Probes


def row(label, *right, error=None, bleu=50.0, parameters=1000, seconds=0.01):
    def seeds(value):
        return np.full(len(right), value)

    return ComparedTranslator(
        label=label, exact=np.array(right) / 1000, of=1000, bleu=seeds(bleu), parameters=parameters,
        alignment_error=None if error is None else seeds(error), step_seconds=seeds(seconds),
    )  # fmt: skip


def probes(shares):
    nothing = np.zeros((len(shares), 1, 1, 1))
    steps = 100 * np.arange(len(shares))
    return Probes(step=steps, hidden_norms=nothing, cell_norms=None, direct_norms=nothing, exact=np.array(shares))


ROWS = [
    row("GRU without attention", 533, bleu=62.06, parameters=300, seconds=0.02),
    row("GRU with attention", 984, error=0.07, bleu=99.3, parameters=500, seconds=0.05),
    row("Transformer", 966, error=0.05, bleu=98.2, parameters=250, seconds=0.04),
]


def title(drawn):
    return drawn.layout.title.text


def test_held_out_shares_stand_with_their_intervals_and_who_really_differs():
    drawn = held_out_figure(ROWS)
    assert title(drawn) == (
        "Of 1,000 held-out sentences, written without a mistake: 98.4 % by the GRU with attention, 96.6 % by the Transformer "
        "and 53.3 % by the GRU without attention; the best two differ by more than chance."
    )
    whisker = next(trace for trace in drawn.data if trace.name == "GRU without attention, 95 % interval")
    assert list(whisker.x) == pytest.approx(wilson_interval(533, 1000))
    near = [row("one", 984), row("other", 980)]
    assert title(held_out_figure(near)).endswith("chance alone may part the best two.")


def test_several_seeds_are_told_by_their_median_and_by_whether_they_overlap():
    apart = held_out_figure([row("one", 984, 990, 980), row("other", 970, 979, 975)])
    assert title(apart) == (
        "Of 1,000 held-out sentences, written without a mistake: 98.4 % by the one and 97.5 % by the other "
        "(medians of 3 seeds); every seed of the one does better than every seed of the other."
    )
    dots, median = apart.data[:2]
    assert list(dots.x) == pytest.approx([0.984, 0.99, 0.98])
    assert list(median.x) == pytest.approx([0.984, 0.984])
    overlapping = held_out_figure([row("one", 984, 990, 980), row("other", 970, 981, 975)])
    assert title(overlapping).endswith("seeds of the best two overlap.")


def test_differing_by_chance_is_as_often_told_as_95_percent_says():
    """Newcombe's interval on two draws of one share: 0 is outside about one time in twenty."""
    generator = np.random.default_rng(0)
    draws = generator.binomial(1000, 0.95, (4000, 2))
    wrong = np.mean([differ((int(one), 1000), (int(other), 1000)) for one, other in draws])
    assert 0.03 < wrong < 0.07


def test_a_name_beside_an_axis_is_short_and_no_markup():
    drawn = bleu_figure([row("run “<b>bold</b> & a name that goes on and on”", 900)])
    assert drawn.layout.yaxis.ticktext == ("run “&lt;b&gt;bold&lt;/b&gt; &amp; a name…",)


def test_measures_are_ranked_best_first():
    without = bleu_figure([*ROWS[:2], row("run “own”", 900, bleu=np.nan)])
    assert without.layout.title.text == "BLEU: 99.3 (GRU with attention) and 62.1 (GRU without attention)."
    assert [(each.y, each.text) for each in without.layout.annotations] == [(2, "no run of four words")]
    alone = bleu_figure([row("run “own”", 900, bleu=np.nan)])
    assert title(alone) == "BLEU counts runs of up to 4 words, and no right translation here has 4."
    assert title(bleu_figure(ROWS)) == "BLEU: 99.3 (GRU with attention), 98.2 (Transformer) and 62.1 (GRU without attention)."
    assert title(parameters_figure(ROWS)).startswith("Weights: 250 (Transformer), 300 (GRU without attention)")
    assert title(pace_figure(ROWS)) == (
        "One training step: 20 ms (GRU without attention), 40 ms (Transformer) and 50 ms (GRU with attention)."
    )


def test_what_does_not_attend_has_no_alignment_and_no_dot():
    drawn = alignment_figure(ROWS, 0.019)
    assert title(drawn) == (
        "Alignment error: 0.050 (Transformer) and 0.070 (GRU with attention); one word a look cannot get below 0.019."
    )
    assert [trace.name for trace in drawn.data] == ["GRU with attention", "Transformer"]
    assert [trace.y[0] for trace in drawn.data] == [1, 2]
    assert [(each.y, each.text) for each in drawn.layout.annotations] == [(0, "does not attend")]
    assert title(alignment_figure(ROWS[:1], 0.019)) == "None of them attends."


def test_learning_is_told_by_steps_and_by_seconds():
    runs = {"slow": probes([0.0, 0.5, 0.95]), "quick": probes([0.0, 0.5, 0.91]), "never": probes([0.0, 0.1, 0.2])}
    assert title(learning_figure(runs, None)) == (
        "90 % without a mistake is first reached by the slow and the quick at step 200; not by the never."
    )
    drawn = learning_figure(runs, {"slow": 0.5, "quick": 0.1, "never": 0.1})
    assert (
        title(drawn)
        == "90 % without a mistake is first reached by the quick after 20 s and the slow after 100 s; not by the never."
    )
    assert drawn.data[0].x.tolist() == [0, 50, 100]
    assert title(learning_figure({"never": runs["never"]}, None)).startswith("None of them ever writes 90 %")


def test_the_head_that_comes_closest_is_named_and_coloured():
    record = HeadAlignment(
        errors=np.array([[0.3, 0.2], [0.06, 0.1]]),
        near_errors=np.array([[0.2, 0.1], [0.05, 0.1]]),
        mean_error=0.05,
        sentences=9,
    )
    drawn = heads_figure(record, 0.019, 0.069)
    assert title(drawn).startswith("Head 1 of layer 2 comes closest to the grammar’s links, alignment error 0.060; the mean of")
    assert "the GRU with attention 0.069" in title(drawn)
    colours = drawn.data[0].marker.color
    assert colours.count(colours[2]) == 1
    assert [trace.y[0] for trace in drawn.data[1:]] == [0.05, 0.069, 0.019]
