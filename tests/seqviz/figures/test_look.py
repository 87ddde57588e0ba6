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
    from seqviz.figures.look import DARK, ROLES, hue

    for light in map(hue, ROLES):
        assert contrast(light, LIGHT_PAGE) >= 4.5
        assert contrast(DARK[light], DARK_PAGE) >= 4.5


def test_there_are_at_most_eight_hues():
    from seqviz.figures.look import PALETTE

    assert len(set(PALETTE.values())) == len(PALETTE) <= 8


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("dark", [False, True])
def test_the_three_cells_can_be_told_apart_by_colour_blind_people(deficiency, dark):
    from seqviz.figures.look import DARK, hue

    for one, other in itertools.combinations(CELLS, 2):
        pair = [DARK[hue(each)] if dark else hue(each) for each in (one, other)]
        seen = [lab(DEFICIENCIES[deficiency] @ linear(colour)) for colour in pair]
        assert np.linalg.norm(seen[0] - seen[1]) > 14, (one, other)


def test_every_colour_has_a_twin_for_dark_pages():
    from seqviz.figures.look import DARK, GATE_SCALE, PALETTE, RATIO_SCALE, STATE_SCALE

    for colour in (*PALETTE.values(), *RATIO_SCALE, *GATE_SCALE, *STATE_SCALE):
        assert DARK[colour] != colour


def test_every_kind_of_network_has_a_colour_of_its_own():
    from seqviz.figures.look import NETWORKS, hue

    assert len({hue(network) for network in NETWORKS}) == len(NETWORKS)


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


def metrics():
    from seqviz.records import Metrics

    size = np.array([0.5, 0.25])
    return Metrics(
        step=np.arange(1, 3), loss=size, metric=size, gradient_norm=8 * size, applied_norm=size, clipped=size > 0,
        cosine=size,
    )  # fmt: skip


def drawings():
    """Figures of many meanings, several of which share the LSTM's hue, each as what draws it."""
    from seqviz.figures import gradient_flow_figure, metrics_figure
    from seqviz.figures.activations import activations_figure
    from seqviz.figures.clipping import clipped_norms_figure, recovery_figure, turn_figure
    from seqviz.figures.optimizers import optimizer_figure
    from seqviz.figures.scores import exact_match_figure
    from seqviz.figures.sweep import errors_figure, success_figure
    from seqviz.records import GradientFlow

    norms = np.array([0.1, 0.5, 1.0]).reshape(1, 1, 1, 3)
    flow = GradientFlow(hidden_norms=norms, cell_norms=norms, direct_norms=norms)
    seeds, solved = np.array([[0.5, 0.25], [0.25, 0.125]]), {"off": {20: {0: 0.5}}, "norm": {20: {0: 0.001}}}
    sums = (np.arange(2), seeds)
    return {
        "flow: rnn, lstm, gru": lambda: gradient_flow_figure(dict.fromkeys(("rnn", "lstm", "gru"), flow)),
        "flow: rnn, gru": lambda: gradient_flow_figure(dict.fromkeys(("rnn", "gru"), flow)),
        "flow: one without a name": lambda: gradient_flow_figure(flow),
        "loss: lstm, gru": lambda: metrics_figure({"lstm": metrics(), "gru": metrics()}, at=1),
        "loss: transformer": lambda: metrics_figure({"transformer": metrics()}, threshold=0.3),
        "activations": lambda: activations_figure(dict.fromkeys(("relu", "tanh", "sigmoid"), sums), {}, layer=1, depth=2),
        "clipping": lambda: clipped_norms_figure(metrics(), "norm", 1.0),
        "turn": lambda: turn_figure({"norm": metrics(), "value": metrics()}),
        "recovery": lambda: recovery_figure(metrics(), 1, metrics()),
        "optimizers": lambda: optimizer_figure(dict.fromkeys(("sgd", "momentum", "rmsprop", "adam", "adadelta"), seeds)),
        "scores": lambda: exact_match_figure(dict.fromkeys(("additive", "dot", "general", "scaled", "none"), seeds[0])),
        "sweep": lambda: success_figure(solved),
        "each network of the sweep": lambda: errors_figure(solved),
    }


def test_another_colour_for_the_lstm_repaints_the_lstm_alone(monkeypatch):
    from seqviz.figures import look

    before = {name: draw().to_json() for name, draw in drawings().items()}
    assert sum(look.hue("lstm") in figure for figure in before.values()) > 8  # the hue means other things too
    monkeypatch.setitem(look.ROLES, "lstm", "magenta")
    after = {name: draw() for name, draw in drawings().items()}
    changed = {name for name, figure in after.items() if figure.to_json() != before[name]}
    assert changed == {name for name in before if "lstm" in name}
    for trace in after["flow: rnn, lstm, gru"].data:
        assert (trace.line.color == look.hue("lstm")) == trace.name.startswith("LSTM")


def test_each_role_of_the_lstms_hue_repaints_the_figures_that_ask_for_it_and_no_others(monkeypatch):
    from seqviz.figures import look

    class Asked(dict):
        def __getitem__(self, role):
            asked.setdefault(role, set()).add(name)
            return super().__getitem__(role)

    asked, before, roles = {}, {}, dict(look.ROLES)
    with monkeypatch.context() as watched:
        watched.setattr(look, "ROLES", Asked(roles))
        for name, draw in drawings().items():
            before[name] = draw().to_json()
    shared = [role for role in asked if roles[role] == roles["lstm"]]
    assert len(shared) > 6
    for role in shared:
        with monkeypatch.context() as repainted:
            repainted.setitem(look.ROLES, role, "magenta")
            assert {name for name, draw in drawings().items() if draw().to_json() != before[name]} == asked[role]


def test_the_palette_in_turn_belongs_to_no_role(monkeypatch):
    from seqviz.figures import look

    before = [look.colour_of("a run of nobody's kind", index) for index in range(9)]
    for role in look.ROLES:
        monkeypatch.setitem(look.ROLES, role, "magenta")
    assert [look.colour_of("a run of nobody's kind", index) for index in range(9)] == before
    assert before[8] == before[0]


def test_outside_the_app_a_long_title_is_wrapped_and_has_room():
    from seqviz.figures.look import figure, lines, standalone

    finding = (
        "A sentence that is far too long for one line of a picture that is 800 pixels wide, and <b>not</b> bold in any case."
    )
    curves = [lines(name, np.arange(3), np.ones(3), colour="#0063a8") for name in ("one", "two")]
    drawn = figure(curves, finding, x="x", y="y")
    shown = standalone(drawn)
    assert shown.layout.title.text.count("<br>") == 1
    assert "&lt;b&gt;not&lt;/b&gt;" in shown.layout.title.text
    assert shown.layout.margin.t > 2 * 20 + 24
    assert shown.layout.height == drawn.layout.height + shown.layout.margin.t - 36
    assert drawn.layout.title.text == finding


def test_a_saved_page_stands_alone(tmp_path):
    from seqviz.figures.look import figure

    figure([], "Nothing.", x="x", y="y").write_html(tmp_path / "one.html")
    written = (tmp_path / "one.html").read_text()
    assert "Plotly.newPlot" in written
    assert len(written) > 1_000_000


def test_images_without_kaleido_are_one_sentence(monkeypatch, tmp_path):
    from seqviz.figures import look

    monkeypatch.setattr(look, "find_spec", lambda name: None)
    drawn = look.figure([], "Nothing.", x="x", y="y")
    for save in (drawn.to_image, lambda: drawn.write_image(tmp_path / "one.svg")):
        with pytest.raises(
            ModuleNotFoundError, match="images need kaleido and an installed Chromium or Chrome: pip install kaleido"
        ):
            save()
