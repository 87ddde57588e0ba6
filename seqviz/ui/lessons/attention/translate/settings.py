"""What the page "Watch it translate" can be set to."""

from collections.abc import Mapping

from seqviz.subjects.translation import Sentence
from seqviz.ui.runs.networks import run_control
from seqviz.ui.runs.translators import reads_control, sentence_control
from seqviz.ui.shell.links import Control, choice_control, controls_of
from seqviz.ui.shell.prediction import guess_control

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
GUESSES: Mapping[str, str] = {
    "none": "no guess",
    "same": "the same sentence",
    "other": "another sentence",
    "stuck": "one word again and again",
}

_FIELDS = ("text", "given", "looks", "temperature", "seed", "width")

CONTROLS: Mapping[str, Control] = {
    "network": choice_control("network", NETWORKS, "additive"),
    "run": run_control(),
    "sentence": sentence_control(),
    "guess": guess_control(GUESSES, "What does it write then?", shown=True),
    "reads": reads_control(),
    **controls_of(
        Sentence, only=_FIELDS, spans={"temperature": (0.0, 2.0), "width": (1, 12)}, steps={"temperature": 0.1},
        defaults={"text": "le petit chat noir ne voit pas la maison"},
    ),
}  # fmt: skip
