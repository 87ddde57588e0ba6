"""The views of the page "Ways to attend": one function each, from settings to figures."""

from collections.abc import Callable, Mapping

import numpy as np
import streamlit as st

from seqviz.figures.attribution import (
    agreement_figure,
    alignment_errors,
    alignment_map_figure,
    attention_figure,
    attention_range_figure,
    forced_figure,
    gradient_figure,
    mean_attention_figure,
)
from seqviz.figures.scores import (
    alignment_error_figure,
    bleu_figure,
    entropy_figure,
    exact_match_figure,
    parameters_figure,
    speed_figure,
)
from seqviz.language.words import listed, number
from seqviz.questions import ATTRIBUTION, TRANSLATION
from seqviz.records import Attribution
from seqviz.ui.components.figure import show, show_two_a_row
from seqviz.ui.lessons.attention.scores import more
from seqviz.ui.lessons.attention.scores.reading import chosen_pair, floor, on_the_way, pair_of, study
from seqviz.ui.lessons.attention.scores.settings import NAME, NETWORKS
from seqviz.ui.shell.cache import traced, traced_many
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import Page
from seqviz.ui.shell.prediction import answer, question

HALF, A_THOUSANDTH = 0.5, 0.001


def compared(page: Page) -> None:
    """A dot for each seed of each way to attend: how good, how aligned, how sharp, how large, how fast."""
    result = study()
    found, problems = more.extras(page, result)
    seen = more.extended(result, found)

    def of(measure: str, arms: tuple[str, ...] = result.arms) -> dict[str, np.ndarray]:
        return {arm: seen.values(arm, measure) for arm in arms}

    attending = tuple(arm for arm in result.arms if arm != "none")
    errors, near = of("alignment_error", attending), of("near_alignment_error", attending)
    figures = {
        "exact-match": exact_match_figure(of("exact")),
        "alignment-error": alignment_error_figure(errors, near, floor()),
        "bleu": bleu_figure(of("bleu")),
        "entropy": entropy_figure(of("entropy", attending)),
        "parameters": parameters_figure({arm: result.values(arm, "parameters") for arm in result.arms}),
        "speed": speed_figure({arm: result.relative_speed(arm, "none") for arm in result.arms}),
    }
    show_two_a_row(NAME, figures)
    st.markdown(prose(NAME, "compared"))
    speed = f"Speed is processor time on one machine ({result.machine}); another machine's may differ."
    st.caption(f"{result.title} {_extra_words(len(seen.rows) - len(result.rows))}{speed}")
    more.offer(page, result, found, problems)
    predict(page)


def _extra_words(count: int) -> str:
    return f"{count} {'network was' if count == 1 else 'networks were'} trained here besides. " if count else ""


def one(page: Page) -> None:
    """The same sentence's alignment under the four scores, side by side."""
    pair = chosen_pair(page)
    records = dict(zip(NETWORKS, traced_many(tuple((TRANSLATION, on_the_way(each, pair)) for each in NETWORKS)), strict=True))
    errors = {each: alignment_errors(record, pair.links) for each, record in records.items()}
    st.markdown(f"**{closest_words(errors)}**")
    show_two_a_row(
        NAME,
        {
            f"alignment-{name}": alignment_map_figure(record, pair.links, NETWORKS[name].capitalize())
            for name, record in records.items()
        },
    )
    st.markdown(prose(NAME, "one"))


def closest_words(errors: Mapping[str, tuple[float, float]]) -> str:
    """Return which scores come closest to the right links on one sentence, exactly and within one position."""
    said = []
    for which in (0, 1):
        least = min(rates[which] for rates in errors.values())
        best = [NETWORKS[name] for name, rates in errors.items() if rates[which] == least]
        said.append((listed(best) if len(best) < len(errors) else "all four", number(least)))
    (exact, rate), (near, near_rate) = said
    return (
        f"On this sentence the lowest alignment error rate is {rate} ({exact}); where a link one position off counts as found, "
        f"{near_rate} ({near})."
    )


def not_explanation(page: Page) -> None:
    """Attention beside gradient × input, beside forced attention, or beside other seeds'."""
    with st.container(horizontal=True):
        page.control("network")
        beside = page.control("beside")
    chosen_pair(page)
    if beside == "forced":
        page.control("seed")
    BESIDES[beside](page)
    st.markdown(prose(NAME, beside))


def gradient(page: Page) -> None:
    """Attention and gradient × input of the same words, and how far they agree."""
    record = attributed(page)
    show(agreement_figure(record), key=f"{NAME}.agreement", name="kendall-tau")
    show_two_a_row(NAME, {"attention": attention_figure(record), "gradient-times-input": gradient_figure(record)})


def forced(page: Page) -> None:
    """What becomes of each word under uniform and permuted attention."""
    show(forced_figure(attributed(page)), key=f"{NAME}.forced", name="forced-attention")


def seeds(page: Page) -> None:
    """The attention of networks that differ in their seed alone."""
    pair = pair_of(page)
    weights = np.array([row.attention[" ".join(pair.source)] for row in study().of(page["network"])])
    written = (*pair.target, "<eos>")
    mean, spread = mean_attention_figure(weights, pair.source, written), attention_range_figure(weights, pair.source, written)
    show_two_a_row(NAME, {"attention-mean": mean, "attention-range": spread})


def predict(page: Page) -> None:
    """A question to answer before the figure is shown: attention that looks at all words alike."""
    with question(page) as guess:
        if guess is None:
            return
        record = traced(ATTRIBUTION, on_the_way("additive", pair_of(page), seed=page["seed"]))
        share = float(record.uniform.probabilities[0]) / record.probability
        right = "same" if share >= HALF else "less" if share >= A_THOUSANDTH else "never"
        said = f"**It is {number(share)} times as probable.**"
        answer(page, said, guess == right)
        show(forced_figure(record), key=f"{NAME}.predict", name="forced-attention")


def attributed(page: Page) -> Attribution:
    """Return the chosen network's attribution of the chosen sentence's right translation."""
    return traced(ATTRIBUTION, on_the_way(page["network"], pair_of(page), seed=page["seed"]))


VIEWS: Mapping[str, Callable[[Page], None]] = {"compared": compared, "one": one, "not": not_explanation}
BESIDES: Mapping[str, Callable[[Page], None]] = {"gradient": gradient, "forced": forced, "seeds": seeds}
