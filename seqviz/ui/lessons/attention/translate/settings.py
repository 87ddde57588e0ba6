"""What the page "Watch it translate" can be set to."""

from collections.abc import Mapping
from dataclasses import replace

from seqviz.subjects.translation import Sentence
from seqviz.ui.shell.links import Control, choice_control, controls_of, text_control

NAME = "translate"

NETWORKS: Mapping[str, str] = {
    "additive": "additive attention, French → English",
    "dot": "dot attention, French → English",
    "general": "general attention, French → English",
    "scaled": "scaled dot attention, French → English",
    "none": "no attention, French → English",
    "transformer": "Transformer, French → English",
    "dates": "dates → ISO 8601, additive attention",
    "reversal": "reversal, additive attention",
    "sorting": "sorting, additive attention",
}
SAMPLES = 12  # held-out sentences offered; what is typed is one more choice
READS: Mapping[str, str] = {"own": "its own words", "right": "the right words"}
GUESSES: Mapping[str, str] = {
    "none": "no guess",
    "same": "the same sentence",
    "other": "another sentence",
    "stuck": "one word again and again",
}

_FIELDS = ("text", "given", "looks", "temperature", "seed", "width")

CONTROLS: Mapping[str, Control] = {
    "network": choice_control("network", NETWORKS, "additive"),
    "run": text_control("run", "([0-9a-f]{20})?", "", "a run of this server, in the place of a network that came with it"),
    "sentence": choice_control(
        "held-out sentence", {**{f"s{i + 1}": f"sentence {i + 1}" for i in range(SAMPLES)}, "typed": "what I type"}, "s1"
    ),
    "guess": replace(choice_control("What does it write then?", GUESSES, "none"), shown=True),
    "reads": choice_control("the decoder reads", READS, "own", "as its previous word; the right ones are teacher forcing"),
    **controls_of(
        Sentence, only=_FIELDS, spans={"temperature": (0.0, 2.0), "width": (1, 12)}, steps={"temperature": 0.1},
        defaults={"text": "le petit chat noir ne voit pas la maison"},
    ),
}  # fmt: skip
