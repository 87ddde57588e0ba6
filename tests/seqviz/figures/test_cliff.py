"""What is said of two descents is true of their numbers, whatever becomes of them."""

import numpy as np
import pytest

from seqviz.figures.cliff import descent_finding, jump_finding, steepness_finding
from seqviz.records import Agreement, ErrorSurface, GradientDescent

WINDOW = ((2.0, 7.0), (-4.0, -1.0))


def record(free, clipped, *, threshold=1.0, was_clipped=True):
    places = np.array([free, clipped], dtype=float)
    flags = np.zeros(places.shape[:2], dtype=bool)
    flags[1, 0] = was_clipped
    return GradientDescent(
        unit="rnn", rate=0.1, threshold=threshold, places=places, errors=np.full(places.shape[:2], 0.25),
        gradients=np.ones_like(places), clipped=flags, agreement=Agreement(relative_error=1e-9, gradient=1.0, difference=1.0),
    )  # fmt: skip


INSIDE = [(3, -2), (3.1, -2), (3.2, -2)]


def test_a_jump_out_of_the_picture_is_told_with_its_step_and_length():
    said = descent_finding(record([(3, -2), (3, -2), (33, 38)], INSIDE), WINDOW)
    assert said == (
        "Without clipping, step 2 is 50 long and leaves the picture, and the error is 0.25 after 2 steps; "
        "with the norm clipped at 1, the path stays in the picture and its error is 0.25."
    )


def test_what_is_no_number_any_more_is_said():
    said = descent_finding(record([(3, -2), (np.inf, np.nan), (np.nan, np.nan)], INSIDE), WINDOW)
    assert said.startswith(
        "Without clipping, step 1 is longer than any number, and nothing can be said of the error after 2 steps"
    )


def test_paths_that_are_never_clipped_are_one():
    said = descent_finding(record(INSIDE, INSIDE, was_clipped=False), WINDOW)
    assert said.startswith("No gradient on the way is longer than 1, so both paths are one: the path stays in the picture")


def test_a_threshold_of_0_is_a_lesson():
    said = descent_finding(record(INSIDE, [(3, -2)] * 3, threshold=0.0), WINDOW)
    assert said.startswith(
        "A threshold of 0 shortens every step to nothing, and the clipped path stays at its start; without, "
    )


def test_one_step_is_not_steps():
    assert "after 1 step;" in descent_finding(record(INSIDE[:2], INSIDE[:2]), WINDOW)


def test_the_first_steps_lengths_are_told():
    assert jump_finding(record([(3, -2), (3, 28)], INSIDE[:2])) == "It is 30 long; with the norm clipped at 1, 0.1."


@pytest.mark.parametrize(("norms", "share"), [([[0.5, 0.1], [0.2, 40.0]], "25 %"), ([[0.5, 0.1], [0.2, 0.3]], "none")])
def test_steepness_is_counted(norms, share):
    axis = np.array([0.0, 1.0])
    norms = np.array(norms)
    surface = ErrorSurface(unit="rnn", w=axis, b=axis, errors=np.array([[0.1, 0.1], [0.1, 0.4]]), gradient_norms=norms)
    said = steepness_finding(surface)
    assert f"{share} of them have one longer than 1, the longest {norms.max():g}" in said
    assert said.startswith("Of 4 points drawn, ")
    assert said.endswith("Between two neighbours the error jumps by up to 0.3.")
