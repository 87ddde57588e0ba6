"""What the page "Watch it translate" can be set to."""

from collections.abc import Mapping

from seqviz.experiment.subject import Sentence
from seqviz.ui.links import Control, choice_control, controls_of

NAME = "translate"

NETWORKS: Mapping[str, str] = {
    "additive": "additive attention",
    "dot": "dot attention",
    "general": "general attention",
    "scaled": "scaled dot attention",
    "none": "no attention",
}
SAMPLES = 12  # held-out sentences offered; what is typed is one more choice

_FIELDS = ("text", "given", "looks", "temperature", "seed", "width")

CONTROLS: Mapping[str, Control] = {
    "network": choice_control("network", NETWORKS, "additive", "a GRU encoder and decoder, trained on the same sentences"),
    "sentence": choice_control(
        "sentence", {**{f"s{i + 1}": f"sentence {i + 1}" for i in range(SAMPLES)}, "typed": "what I type"}, "s1"
    ),
    **controls_of(
        Sentence, only=_FIELDS, spans={"temperature": (0.0, 2.0), "width": (1, 12)}, steps={"temperature": 0.1},
        defaults={"text": "le petit chat noir ne voit pas la maison"},
    ),
}  # fmt: skip
