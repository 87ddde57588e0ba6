"""Figures of units say what the scores say: which unit follows what, and plainly when none does."""

import numpy as np

ROWS = 7  # properties


def ranking(best=0.2, chance=0.15, units=5):
    from seqviz.records import UnitRanking

    scores = np.full((ROWS, units), 0.05)
    scores[0, 3] = best
    return UnitRanking(scores=scores, chance=np.full(ROWS, chance), shares=np.full(ROWS, 0.1), positions=1000)


def saturation(units=10):
    from seqviz.records import UnitSaturation

    left, right = np.zeros((1, 1, units)), np.zeros((1, 1, units))
    left[0, 0, 1], right[0, 0, :3] = 0.95, 0.9
    right[0, 0, 1] = 0
    return UnitSaturation(left={"input": left * 0, "forget": left}, right={"input": right * 0, "forget": right})


def test_ranking_figure_draws_every_unit_and_what_chance_reaches():
    from seqviz.figures import unit_ranking_figure

    figure = unit_ranking_figure(ranking(best=-0.9), chosen=("quotes", 3))
    dots, chance, ring = figure.data
    assert len(dots.x) == ROWS * 5
    assert max(dots.x) == 0.9
    assert dots.customdata[3] == "unit 3: AUC 0.95"
    assert list(chance.x) == [0.15] * ROWS
    assert list(ring.x) == [0.9]
    assert list(ring.y) == ["inside quotes"]


def test_ranking_figure_stands_for_nothing():
    from seqviz.figures import unit_ranking_figure
    from seqviz.records import UnitRanking

    nothing = UnitRanking(scores=np.full((ROWS, 2), np.nan), chance=np.zeros(ROWS), shares=np.zeros(ROWS), positions=10)
    figure = unit_ranking_figure(nothing, name="cell state", chosen=("quotes", 1))
    assert figure.layout.title.text == "No unit's cell state clearly follows any of these properties."
    assert figure.layout.meta["empty"]


def test_ranking_finding_names_the_best_and_what_nobody_follows():
    from seqviz.figures.units import ranking_finding

    assert ranking_finding(ranking(best=-0.9), "cell state") == (
        "Unit 3's cell state follows “inside quotes” closest of all; none clearly follows “inside triple quotes”, “inside a "
        "comment”, “after if”, “bracket depth”, “indentation” and “position in the line”."
    )


def test_unit_finding_says_high_low_and_plainly_not():
    from seqviz.figures.units import unit_finding

    high, low, weak = ranking(best=0.9), ranking(best=-0.9), ranking(best=0.3)
    measured = "AUC 0.95 on unseen text, where chance reaches 0.57"
    assert unit_finding(high, "quotes", 3, "cell state") == f"Unit 3's cell state is high inside quotes: {measured}."
    assert unit_finding(low, "quotes", 3, "cell state") == f"Unit 3's cell state is low inside quotes: {measured}."
    assert unit_finding(high, "quotes", 0, "cell state").startswith(
        "Unit 0's cell state does not clearly follow “inside quotes”"
    )
    assert unit_finding(high, "quotes", 0, "cell state").endswith("Unit 3's does.")
    assert unit_finding(weak, "quotes", 3, "cell state").startswith("No unit's cell state clearly follows “inside quotes”.")
    assert "rank correlation 0.05" in unit_finding(high, "column", 3, "cell state")


def test_a_score_within_reach_of_chance_is_no_following():
    from seqviz.figures.units import follows

    assert follows(ranking(best=0.6, chance=0.4), "quotes", 3)
    assert not follows(ranking(best=0.6, chance=0.55), "quotes", 3)
    assert not follows(ranking(best=0.45, chance=0.1), "quotes", 3)


def test_a_dot_of_the_ranking_figure_is_its_unit():
    from seqviz.figures.units import unit_at

    record = ranking(best=-0.9)
    assert unit_at(record, "inside quotes", 0.9) == ("quotes", 3)
    assert unit_at(record, "no such row", 0.9) is None


def test_contest_figure_shows_the_best_unit_of_each_network():
    from seqviz.figures import unit_contest_figure

    figure = unit_contest_figure({"rnn": ranking(best=0.3), "lstm": ranking(best=-0.9)}, prop="quotes")
    assert [each.name for each in figure.data] == ["RNN", "LSTM"]
    assert figure.data[1].x[0] == 0.9
    assert figure.layout.title.text == "“inside quotes”, AUC of each network's best unit: LSTM 0.95 and RNN 0.65."


def test_saturation_figure_draws_shares_and_counts_the_keepers():
    from seqviz.figures import unit_saturation_figure

    figure = unit_saturation_figure(saturation(), unit=1)
    forget = next(each for each in figure.data if each.name == "forget gate")
    assert (forget.x[1], forget.y[1], forget.y[0]) == (0.95, 0, 0.9)
    assert figure.layout.title.text == "2 of 10 units keep the forget gate open at nine of ten characters, and 1 shut."


def test_saturation_figure_of_a_network_without_gates_says_so():
    from seqviz.figures import unit_saturation_figure
    from seqviz.records import UnitSaturation

    figure = unit_saturation_figure(UnitSaturation(left={}, right={}))
    assert figure.layout.title.text == "A plain RNN has no gates that could be open or shut."
