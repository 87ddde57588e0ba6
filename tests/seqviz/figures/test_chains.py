"""A chain of factors is said in words also where no float can hold it."""

import numpy as np
import pytest


def chain(factors):
    from seqviz.records import ScalarChain

    factors = np.asarray(factors, dtype=float)
    with np.errstate(over="ignore", under="ignore", divide="ignore"):
        derivatives = np.append(np.cumprod(factors[::-1])[::-1], 1.0)
        sizes = np.append(np.cumsum(np.log10(np.abs(factors))[::-1])[::-1], 0.0)
        values = np.append(1.0, np.cumprod(factors))
    return ScalarChain(factors=factors, values=values, derivatives=derivatives, log10_sizes=sizes)


@pytest.mark.parametrize(
    ("factors", "said"),
    [
        ([0.1, 0.01, 0.01], "The product of 3 factors is 10⁻⁵."),
        ([-10.0, 2.0], "The product of 2 factors is -20."),
        ([0.1] * 400, "The product of 400 factors is 10^-400, which is too small for a float: it becomes 0."),
        ([-10.0] * 401, "The product of 401 factors is -10^401, which is too large for a float: it becomes ∞."),
        ([10.0] * 400 + [0.1] * 400, "The product of 800 factors is 1, but multiplied one by one in floats it becomes 0."),
        ([0.1] * 400 + [10.0] * 400, "The product of 800 factors is 1, but multiplied one by one in floats it becomes ∞."),
        ([0.5, 0.0, 0.5], "One factor is 0, so nothing before it can be felt."),
        ([], "There are no factors to multiply."),
    ],
)
def test_finding(factors, said):
    from seqviz.figures import scalar_chain_figure

    assert scalar_chain_figure(chain(factors)).layout.title.text == said


def test_sizes_are_drawn_where_the_derivative_underflows():
    from seqviz.figures import scalar_chain_figure

    figure = scalar_chain_figure(chain([0.1] * 400))
    assert figure.data[0].y[0] == pytest.approx(-400)


def test_exact_zeros_are_marked():
    from seqviz.figures import scalar_chain_figure

    assert list(scalar_chain_figure(chain([0.5, 0.0, 0.5])).data[1].x) == [0, 1]
