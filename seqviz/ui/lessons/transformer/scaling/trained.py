"""The view of the page "Why scale" on a trained Transformer: its queries and keys are no longer random."""

import streamlit as st

from seqviz.figures.scaling import head_gradients_figure, head_scores_figure, head_weights_figure
from seqviz.questions import TRAINED_SCALING
from seqviz.subjects.scaling import TrainedAttention
from seqviz.ui.components.figure import show
from seqviz.ui.lessons.transformer.scaling.settings import NAME
from seqviz.ui.runs.shipped import shipped
from seqviz.ui.shell.cache import traced
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import Page

TRANSFORMER = "translation-transformer"  # a shipped run


def trained(page: Page) -> None:
    """The scores, the weights and the gradient of every head of the encoder."""
    record = traced(TRAINED_SCALING, page.config(TrainedAttention, run=shipped(TRANSFORMER).run))
    show(head_scores_figure(record), key=f"{NAME}.heads", name="scores-by-head")
    left, right = st.columns(2, gap="medium")
    with left:
        show(head_weights_figure(record), key=f"{NAME}.headweights", name="largest-weight-by-head")
    with right:
        show(head_gradients_figure(record), key=f"{NAME}.headgradients", name="gradient-by-head")
    st.markdown(prose(NAME, "trained"))
