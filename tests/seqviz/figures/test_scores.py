"""What is said of a study is what its numbers say, and every seed is drawn."""

import numpy as np
import pytest

from seqviz.figures.scores import (
    alignment_error_figure,
    bleu_figure,
    entropy_figure,
    exact_match_figure,
    parameters_figure,
    speed_figure,
)

EXACT = {
    "additive": np.array([0.90, 0.98, 0.96]),
    "dot": np.array([0.95, 0.93, 0.94]),
    "general": np.array([0.92, 0.93, 0.91]),
    "scaled": np.array([0.97, 0.95, 0.96]),
    "none": np.array([0.5, 0.52, 0.48]),
}
ATTENDING = {arm: values for arm, values in EXACT.items() if arm != "none"}


def title(figure):
    return figure.layout.title.text


def dots(figure, label):
    return next(trace for trace in figure.data if trace.name == label)


def test_exact_match_compares_the_scores_with_the_seeds():
    figure = exact_match_figure(EXACT)
    assert title(figure) == (
        "Without attention 50 % of the sentences come out without a mistake, with it between 92 and 96 % (median of 3 seeds); "
        "the four medians differ by 4.0 points, the seeds of additive alone by 8.0, those of dot by 2.0."
    )


def test_one_seed_has_no_range():
    alone = {arm: values[:1] for arm, values in EXACT.items()}
    figure = exact_match_figure(alone)
    assert "(one seed); the four medians differ by 7.0 points." in title(figure)
    assert not any("range" in trace.name for trace in figure.data)


@pytest.mark.parametrize("arm", EXACT)
def test_every_seed_is_a_dot_and_the_line_is_the_median(arm):
    figure = exact_match_figure(EXACT)
    name = {"scaled": "scaled dot", "none": "no attention"}.get(arm, arm)
    np.testing.assert_array_equal(dots(figure, name).x, EXACT[arm])
    assert set(dots(figure, f"{name}, median").x) == {np.median(EXACT[arm])}
    assert tuple(dots(figure, f"{name}, range").x) == (EXACT[arm].min(), EXACT[arm].max())


def test_alignment_error_names_the_closest_exactly_and_within_one_position_and_draws_the_floor():
    errors = {arm: 1 - values for arm, values in ATTENDING.items()}
    near = {arm: values / (2 if arm == "dot" else 1.5) for arm, values in errors.items()}
    figure = alignment_error_figure(errors, near, 0.019)
    assert title(figure).startswith("Alignment: additive is the closest")
    assert "cannot get below 0.019" in title(figure)
    assert "with one position off forgiven, additive" in title(figure)
    assert figure.layout.shapes[0].x0 == 0.019
    np.testing.assert_array_equal(dots(figure, "dot within one position").x, near["dot"])


def test_entropy_says_one_word_only_of_one_word():
    sharp = dict(zip(ATTENDING, (np.array([value]) for value in (0.5, 0.02, 0.004, np.log(2))), strict=True))
    assert title(entropy_figure(sharp)) == (
        "Entropy: general looks at one word (0.004 nats); scaled dot spreads the most (0.69 nats, as much as 2 words in equal "
        "parts)."
    )
    soft = {arm: values + 0.1 for arm, values in sharp.items()}
    assert "general is the sharpest (0.1 nats)" in title(entropy_figure(soft))


def test_parameters_bleu_and_speed_are_told_by_their_medians():
    sizes = dict(zip(EXACT, (np.full(3, size) for size in (500.0, 350.0, 380.0, 350.0, 250.0)), strict=True))
    assert title(parameters_figure(sizes)) == "Weights: additive has the most, 500, 2 times as many as no attention."
    assert title(bleu_figure({arm: 100 * values for arm, values in EXACT.items()})) == (
        "BLEU: the highest median is 96.0 (additive and scaled dot); the lowest 50.0 (no attention)."
    )
    speeds = dict(zip(EXACT, (np.full(3, speed) for speed in (0.5, 0.75, 0.7, 0.8, 1.0)), strict=True))
    assert title(speed_figure(speeds)) == "Speed: while no attention trains one step, additive trains 0.50, scaled dot 0.80."
