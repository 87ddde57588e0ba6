"""Scores of units equal a direct count of pairs and a direct correlation; chance is what shifted labels give."""

import numpy as np

from seqviz.measures.units import rank_units


def counted_auc(values: np.ndarray, holds: np.ndarray) -> float:
    """How often a position where it holds has the larger value, over all pairs; ties count half."""
    inside, outside = values[holds > 0, None], values[None, holds == 0]
    return float((inside > outside).mean() + 0.5 * (inside == outside).mean())


def ranked(values: np.ndarray) -> np.ndarray:
    return np.array([(values < one).sum() + ((values == one).sum() + 1) / 2 for one in values])


def data(length: int = 300) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(3)
    holds = (np.arange(length) // 17 % 3 == 0).astype(float)
    number = np.cumsum(draw.normal(size=length)).round()
    values = draw.normal(size=(length, 6)).round(1)  # many ties
    values[:, 2] += 3 * holds
    values[:, 4] -= number
    return values, np.stack([holds, number])


def test_scores_equal_counted_pairs_for_a_claim_and_spearmans_correlation_for_a_number():
    values, properties = data()
    ranking = rank_units(values, properties, [True, False])
    for unit, column in enumerate(values.T):
        np.testing.assert_allclose((ranking.scores[0, unit] + 1) / 2, counted_auc(column, properties[0]), atol=1e-12)
        spearman = np.corrcoef(ranked(column), ranked(properties[1]))[0, 1]
        np.testing.assert_allclose(ranking.scores[1, unit], spearman, atol=1e-12)
    assert np.abs(ranking.scores).argmax(axis=1).tolist() == [2, 4]


def test_chance_is_the_best_of_all_units_at_any_turn():
    values, properties = data()
    turns = (np.linspace(0.1, 0.9, 24) * len(values)).astype(int)
    best = max(abs(2 * counted_auc(column, np.roll(properties[0], turn)) - 1) for turn in turns for column in values.T)
    np.testing.assert_allclose(rank_units(values, properties, [True, False]).chance[0], best, atol=1e-12)


def test_noise_follows_nothing_better_than_chance():
    noise = np.random.default_rng(5).normal(size=(2000, 20))
    ranking = rank_units(noise, data(2000)[1], [True, False])
    assert (np.abs(ranking.scores).max(axis=1) < 1.5 * ranking.chance).all()


def test_scores_do_not_depend_on_a_units_scale_or_shape():
    values, properties = data()
    values = values.round(1)  # so that bending neither makes nor breaks a tie
    plain = rank_units(values, properties, [True, False])
    bent = rank_units(np.tanh(values / 10) * 7 + 1, properties, [True, False])
    np.testing.assert_allclose(bent.scores, plain.scores)
    np.testing.assert_allclose(bent.chance, plain.chance)


def test_what_never_changes_has_no_score():
    values, properties = data()
    values[:, 1] = 0.5
    ranking = rank_units(values, np.stack([np.ones(len(values)), properties[1]]), [True, False])
    assert np.isnan(ranking.scores[0]).all()
    assert np.isnan(ranking.scores[1]).tolist() == [False, True, False, False, False, False]
    assert np.isfinite(ranking.chance).all()
    assert ranking.chance[0] == 0
    assert ranking.shares[0] == 1
    assert ranking.positions == len(values)
