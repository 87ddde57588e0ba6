"""The parts of the page "Cost", from settings to figures."""

from math import log2

import streamlit as st

from seqviz.experiment.cost import PUBLISHED
from seqviz.figures.cost import DAYS, cost_figure
from seqviz.ui.components.figure import show
from seqviz.ui.lessons.transformer.cost.costs import own_runs, shipped_costs
from seqviz.ui.lessons.transformer.cost.settings import MODELS, MONTHS, NAME
from seqviz.ui.runs.followed import Views, follow_found, tell
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import Page, escaped
from seqviz.ui.shell.prediction import answer, question


def settings(page: Page) -> None:
    """Draw the controls: what is counted, and what your own runs are compared with."""
    left, right = st.columns(2, gap="medium")
    with left:
        page.control("count")
    with right:
        page.control(
            "against", titles={name: title for name, title in MODELS.items() if page["count"] == DAYS or _is_counted(name)}
        )


def drawn(page: Page) -> None:
    """Every training on one axis; your own runs move along it while they train."""
    shipped, mine = shipped_costs(), own_runs()

    def draw(views: Views) -> None:
        own = mine.costs(views)
        figure = cost_figure(shipped, own, against=page["against"], count=page["count"])
        show(figure, key=f"{NAME}.costs", name="cost-of-training")
        st.markdown(f"{prose(NAME, page['count'])} {'' if own else prose(NAME, 'none')}")
        tell({run: view for run, view in views.items() if view.live}, {run: escaped(name) for run, name in mine.names.items()})

    follow_found(page, mine.now, draw)


def predict(page: Page) -> None:
    """A question to answer before the number is shown: how fast the cost doubled over the models of the slide."""
    with question(page) as guess:
        if guess is None:
            return
        months, doublings = doubling()
        low, high = MONTHS[guess]
        said = f"{months / doublings:.1f} months: {doublings:g} doublings in {months} months"
        answer(page, f"**{said}.**", low <= months / doublings < high)


def _is_counted(name: str) -> bool:
    return any(cost.operations is not None for cost in PUBLISHED[name].costs)


def doubling() -> tuple[int, float]:
    """Return the months from the first model of the slide to the last, and how often device days doubled in them."""
    first, *_, last = PUBLISHED.values()
    months = 12 * (last.month.year - first.month.year) + last.month.month - first.month.month
    spans = [each.costs[0].days or (1.0, 1.0) for each in (first, last)]
    return months, log2(spans[1][0] / spans[0][0])
