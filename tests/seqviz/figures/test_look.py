"""The palette can be told apart by everyone, on light and dark pages; nothing an axis cannot hold is dropped."""

import itertools

import numpy as np
import pytest

LIGHT_PAGE, DARK_PAGE = "#ffffff", "#12151a"

# Machado, Oliveira & Fernandes (2009), severity 1.0, on linear RGB.
DEFICIENCIES = {
    "none": np.eye(3),
    "protan": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "deutan": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
}
CELLS = ("rnn", "lstm", "gru")


def linear(colour: str) -> np.ndarray:
    values = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    weights = np.array([0.2126, 0.7152, 0.0722])
    high, low = sorted((float(weights @ linear(one)), float(weights @ linear(other))), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ np.clip(rgb, 0, 1)
    scaled = xyz / np.array([0.9505, 1.0, 1.089])
    f = np.where(scaled > 0.008856, np.cbrt(scaled), 7.787 * scaled + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_every_role_stands_out_from_the_page_in_light_and_dark():
    from seqviz.figures.look import DARK, ROLES

    for light in ROLES.values():
        assert contrast(light, LIGHT_PAGE) >= 4.5
        assert contrast(DARK[light], DARK_PAGE) >= 4.5


def test_there_are_at_most_eight_hues():
    from seqviz.figures.look import ROLES

    assert len(set(ROLES.values())) == len(ROLES) <= 8


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("dark", [False, True])
def test_the_three_cells_can_be_told_apart_by_colour_blind_people(deficiency, dark):
    from seqviz.figures.look import DARK, ROLES

    for one, other in itertools.combinations(CELLS, 2):
        pair = [DARK[ROLES[each]] if dark else ROLES[each] for each in (one, other)]
        seen = [lab(DEFICIENCIES[deficiency] @ linear(colour)) for colour in pair]
        assert np.linalg.norm(seen[0] - seen[1]) > 14, (one, other)


def test_every_colour_has_a_twin_for_dark_pages():
    from seqviz.figures.look import DARK, GATE_SCALE, RATIO_SCALE, ROLES, STATE_SCALE

    for colour in (*ROLES.values(), *RATIO_SCALE, *GATE_SCALE, *STATE_SCALE):
        assert DARK[colour] != colour


def test_ratio_scale_is_cool_below_one_and_warm_above():
    from seqviz.figures.look import RATIO_SCALE

    red, blue = np.array([[int(colour[1:3], 16), int(colour[5:7], 16)] for colour in RATIO_SCALE]).T
    middle = len(RATIO_SCALE) // 2
    assert (blue[:middle] > red[:middle]).all()
    assert (red[middle + 1 :] > blue[middle + 1 :]).all()


def test_marks_name_every_zero_infinity_and_nan():
    from seqviz.figures.look import marks

    x = np.arange(5)
    found = {trace.name: list(trace.x) for trace in marks([("one", x, np.array([1.0, 0.0, np.inf, np.nan, 2.0]))])}
    assert found == {"0, below any log axis": [1], "∞": [2], "not a number": [3]}


def test_what_stands_under_a_mark_is_no_markup_and_in_a_file_it_is_as_it_was():
    from plotlytext import HOSTILE, stands_as_it_is

    from seqviz.figures.look import figure, marks

    drawn = figure(marks([(HOSTILE, np.arange(1), np.zeros(1))]), "", x="", y="")
    assert stands_as_it_is(drawn)
    assert drawn.data[0].meta["labels"] == [[HOSTILE]]


def test_marks_lie_within_the_axis():
    from seqviz.figures.look import log_axis, marks

    y = np.array([1e-30, 0.0, np.inf, np.nan, 2.0])
    low, high = log_axis([y])["range"]
    for trace in marks([("one", np.arange(5), y)]):
        assert all(low < np.log10(each) < high for each in trace.y)


def test_log_axis_stands_where_nothing_can_be_drawn():
    from seqviz.figures.look import log_axis

    assert log_axis([np.array([0.0, np.nan, np.inf])])["range"] == [-1.8, 0.5]
    assert log_axis([])["range"] == [-1.8, 0.5]


@pytest.mark.parametrize(("low", "high", "every"), [(1.0, 11.0, 1), (0.02, 3.0, 1), (1e-9, 10.0, 2), (1e-30, 1.0, 5)])
def test_a_log_axis_reads_whole_powers_of_ten(low, high, every):
    from seqviz.figures.look import log_axis

    assert log_axis([np.array([low, high])])["dtick"] == every


def test_numbers_within_a_decade_keep_the_digits_between_powers():
    from seqviz.figures.look import log_axis

    assert "dtick" not in log_axis([np.array([1.2, 9.0])])
