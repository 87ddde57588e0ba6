"""A size's change is said exactly: a 0, an underflow and an overflow are three different things."""

import numpy as np
import pytest


@pytest.mark.parametrize(
    ("sizes", "held_in", "said"),
    [
        ([0.01, 1.0], None, "shrinks to 0.01"),
        ([1.0, 1.0], None, "keeps its size"),
        ([100.0, 1.0], None, "grows 100-fold"),
        ([np.inf, 1.0], None, "grows beyond every number"),
        ([0.0, 0.1, 1.0], None, "vanishes to exactly 0"),  # cut off at once, as by ReLU
        ([0.0, 5e-324, 1.0], None, "shrinks to below what float64 can hold"),
        ([0.0, 1e-44, 1.0], "float32", "shrinks to below what float32 can hold"),
        ([0.0, 1e-44, 1.0], None, "vanishes to exactly 0"),  # float64 could have held it
        ([0.0, 0.0], None, "is exactly 0 at both ends"),
        ([0.5, 0.0], None, "begins at exactly 0 and ends at 0.5"),
        ([np.inf, 0.0], None, "begins at exactly 0 and ends at ∞"),
        ([1.0, np.inf], None, "is beyond every number from the start"),
        ([np.inf, np.inf], None, "is beyond every number from the start"),
        ([np.nan, 1.0], None, "is not a number"),
        ([1.0, np.nan], None, "is not a number"),
        ([1e-200, 1e200], None, "shrinks to 10⁻⁴⁰⁰"),
        ([1e200, 1e-200], None, "grows 10⁴⁰⁰-fold"),
    ],
)
def test_what_became_of_a_size_is_told_as_it_is(sizes, held_in, said):
    from seqviz.language.words import became

    assert became(np.array(sizes), -1, 0, held_in) == said


def test_an_underflow_is_told_of_float32_sizes_as_such():
    from seqviz.language.words import became

    assert became(np.array([0.0, 1e-44, 1.0], np.float32), 2, 0) == "shrinks to below what float32 can hold"
