"""The exhibits of the home page: small real figures, each linked to its lesson."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import plotly.graph_objects as go

from seqviz import questions
from seqviz.experiment import CELLS
from seqviz.experiment.feedforward import CONNECTIONS
from seqviz.figures import (
    gate_trace_figure,
    gradient_flow_figure,
    gradient_map_figure,
    singular_values_figure,
    translation_figure,
    weight_contributions_figure,
)
from seqviz.figures.distance import distance_figure
from seqviz.figures.encoder import encoder_gradient_figure
from seqviz.figures.examination import length_figure
from seqviz.figures.heads import head_figure
from seqviz.figures.layers import layer_gradients_figure
from seqviz.figures.nudge import nudge_figure
from seqviz.figures.sweep import success_figure
from seqviz.figures.walk import lens_figure
from seqviz.subjects.distance import READERS, DistantLoss
from seqviz.subjects.encoder import EncoderGradients
from seqviz.subjects.examination import Examined
from seqviz.subjects.heads import ReadByHeads
from seqviz.subjects.layers import UntrainedFeedforward
from seqviz.subjects.nudge import SIZES, NudgedNetwork
from seqviz.subjects.recurrent import RunMoment, UntrainedNetwork
from seqviz.subjects.translation import Sentence
from seqviz.subjects.walk import WalkedToken
from seqviz.ui.runs.shipped import SWEEP, shipped_cards, shipped_studies, shipped_study, swept_errors

Asked = tuple[tuple[questions.Question[Any, Any], Any], ...]

VANISHING = "pages/recurrent/vanishing.py"
GATES = "pages/recurrent/gates.py"
INFLUENCE = "pages/gradient/influence.py"
DEPTH = "pages/gradient/depth.py"
CLIPPING = "pages/gradient/clipping.py"
TRANSLATE = "pages/attention/translate.py"
BOTTLENECK = "pages/attention/bottleneck.py"
DISTANCE = "pages/transformer/distance.py"
WALK = "pages/transformer/walk.py"
HEADS = "pages/transformer/heads.py"
CALL = "print(left, right)"
SENTENCE = "le petit chat noir ne voit pas la maison"
WAYS = {"with attention": "translation-additive", "without attention": "translation-none"}
LINE = 'def add(left, right):  # sum\n    return [left + right, "("]\n'

NUDGED = 0.1  # how far, in the picture

_NETWORK = UntrainedNetwork(hidden_size=32)


@dataclass(frozen=True, kw_only=True)
class Exhibit:
    """One picture on the home page and the door behind it."""

    title: str
    page: str
    query: Mapping[str, str] = field(default_factory=dict)
    asked: Asked  # the questions to ask; their records are drawn
    draw: Callable[[list[Any]], go.Figure]


EXHIBITS: Mapping[str, Exhibit] = {
    "flow": Exhibit(
        title="How far back does the gradient reach?", page=VANISHING,
        asked=tuple((questions.GRADIENT_FLOW, replace(_NETWORK, name=cell)) for cell in CELLS),
        draw=lambda records: gradient_flow_figure(dict(zip(CELLS, records, strict=True)), direct=False),
    ),
    "map": Exhibit(
        title="Every loss, every state", page=VANISHING, query={"view": "map", "cell": "gru"},
        asked=((questions.GRADIENT_MAP, replace(_NETWORK, name="gru")),), draw=lambda records: gradient_map_figure(records[0]),
    ),
    "values": Exhibit(
        title="Which directions survive?", page=VANISHING, query={"view": "values"},
        asked=((questions.JACOBIANS, replace(_NETWORK, name="rnn")),), draw=lambda records: singular_values_figure(records[0]),
    ),
    "weights": Exhibit(
        title="What is a weight's gradient made of?", page=VANISHING, query={"view": "weights", "cell": "lstm"},
        asked=((questions.CONTRIBUTIONS, replace(_NETWORK, name="lstm")),),
        draw=lambda records: weight_contributions_figure(records[0]),
    ),
    "depth": Exhibit(
        title="Is it only recurrent networks?", page=DEPTH,
        asked=tuple((questions.LAYERS, UntrainedFeedforward(name=kind)) for kind in CONNECTIONS),
        draw=lambda records: layer_gradients_figure(dict(zip(CONNECTIONS, records, strict=True))),
    ),
    "nudge": Exhibit(
        title="Does the gradient foretell what a nudge changes?", page=INFLUENCE,
        asked=tuple((questions.NUDGE, NudgedNetwork(name=cell, hidden_size=32)) for cell in CELLS),
        draw=lambda records: nudge_figure(dict(zip(CELLS, records, strict=True)), SIZES.index(NUDGED)),
    ),
    "distance": Exhibit(
        title="And without a chain of steps?", page=DISTANCE,
        asked=tuple((questions.DISTANT_GRADIENT, DistantLoss(name=name, seeds=1)) for name in READERS),
        draw=lambda records: distance_figure(dict(zip(READERS, records, strict=True)), READERS),
    ),
}  # fmt: skip


def exhibits() -> Mapping[str, Exhibit]:
    """Return all exhibits, without those whose shipped network is missing."""
    return {**EXHIBITS, "gates": _reading(), **_clipping(), **_attending(), **_walking(), **_looking()}


def _clipping() -> dict[str, Exhibit]:
    if SWEEP not in shipped_studies():
        return {}
    return {
        "clipping": Exhibit(
            title="What does clipping buy?", page=CLIPPING, query={"view": "sweep"}, asked=(),
            draw=lambda records: success_figure(swept_errors(shipped_study(SWEEP))),
        ),
    }  # fmt: skip


def _attending() -> dict[str, Exhibit]:
    cards = shipped_cards()
    if not set(WAYS.values()) <= set(cards):
        return {}
    runs = {label: cards[name].run for label, name in WAYS.items()}
    return {
        "translation": Exhibit(
            title="Where does it look while it writes?", page=TRANSLATE, query={"sentence": "typed", "text": SENTENCE},
            asked=((questions.TRANSLATION, Sentence(run=runs["with attention"], text=SENTENCE)),),
            draw=lambda records: translation_figure(records[0]),
        ),
        "length": Exhibit(
            title="What does one vector hold?", page=BOTTLENECK,
            asked=tuple((questions.EXAMINATION, Examined(run=run, sentences=200)) for run in runs.values()),
            draw=lambda records: length_figure(dict(zip(runs, records, strict=True))),
        ),
        "reach": Exhibit(
            title="What does attention do to the gradient?", page=BOTTLENECK, query={"view": "gradient"},
            asked=tuple((questions.ENCODER_GRADIENT, EncoderGradients(run=run, sentences=8)) for run in runs.values()),
            draw=lambda records: encoder_gradient_figure(dict(zip(runs, records, strict=True))),
        ),
    }  # fmt: skip


def _walking() -> dict[str, Exhibit]:
    card, token = shipped_cards().get("translation-transformer"), 4
    if card is None:
        return {}
    return {
        "walk": Exhibit(
            title="When does it know the next word?", page=WALK,
            query={"sentence": "typed", "text": SENTENCE, "token": f"d{token}"},
            asked=((questions.WALK, WalkedToken(run=card.run, text=SENTENCE, position=token - 1)),),
            draw=lambda records: lens_figure(records[0]),
        ),
    }  # fmt: skip


def _looking() -> dict[str, Exhibit]:
    card = shipped_cards().get("characters-transformer")
    if card is None:
        return {}
    return {
        "heads": Exhibit(
            title="What does a head look at?", page=HEADS, query={"network": card.name, "text": CALL},
            asked=((questions.HEADS, ReadByHeads(run=card.run, text=CALL)),),
            draw=lambda records: head_figure(records[0].attentions[0]),
        ),
    }  # fmt: skip


def _reading() -> Exhibit:
    """The gates of the shipped character model reading a line of code; of an untrained one if it is missing."""
    card = shipped_cards().get("characters-lstm")
    subject = replace(_NETWORK, name="lstm") if card is None else RunMoment(run=card.run, text=LINE, loss="every")
    return Exhibit(
        title="What do the gates do?", page=GATES, asked=((questions.GATES, subject),),
        draw=lambda records: gate_trace_figure(records[0], "forget"),
    )  # fmt: skip
