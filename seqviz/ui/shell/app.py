"""What the app does once a process, and the table of its pages."""

import gc
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from seqviz.ui.shell.assets import library
from seqviz.ui.shell.cache import lab

PAGES: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "": [{"page": "pages/start/home.py", "title": "Home", "default": True}],
    "Recurrent networks": [
        {"page": "pages/recurrent/vanishing.py", "title": "Vanishing and exploding gradients"},
        {"page": "pages/recurrent/gates.py", "title": "Gates and cells"},
        {"page": "pages/train/train.py", "title": "Train"},
    ],
    "Gradients": [
        {"page": "pages/gradient/influence.py", "title": "Influence of the past"},
        {"page": "pages/gradient/cliff.py", "title": "The cliff"},
        {"page": "pages/gradient/initialisation.py", "title": "Initialisation"},
        {"page": "pages/gradient/depth.py", "title": "Depth"},
        {"page": "pages/gradient/dropout.py", "title": "Dropout"},
        {"page": "pages/gradient/clipping.py", "title": "Clipping"},
        {"page": "pages/gradient/step.py", "title": "One training step"},
    ],
    "Attention": [
        {"page": "pages/attention/translate.py", "title": "Watch it translate"},
        {"page": "pages/attention/bottleneck.py", "title": "The bottleneck"},
        {"page": "pages/attention/scores.py", "title": "Ways to attend"},
        {"page": "pages/attention/captions.py", "title": "An image in words"},
    ],
    "Transformer": [
        {"page": "pages/transformer/scaling.py", "title": "Why scale"},
        {"page": "pages/transformer/distance.py", "title": "No chain of steps"},
        {"page": "pages/transformer/comparison.py", "title": "One task, three networks"},
        {"page": "pages/transformer/heads.py", "title": "Heads"},
        {"page": "pages/transformer/walk.py", "title": "One token's way"},
        {"page": "pages/transformer/cost.py", "title": "Cost"},
    ],
    "Your own": [
        {"page": "pages/own/weights.py", "title": "Your weights"},
        {"page": "pages/own/watched.py", "title": "Watched"},
    ],
}


@st.cache_resource(show_spinner=False)
def prepare() -> None:
    """Start the Lab's workers, make JavaScript ready to be sent, take what was imported out of garbage collection."""
    lab()
    library()
    gc.collect()
    gc.freeze()
