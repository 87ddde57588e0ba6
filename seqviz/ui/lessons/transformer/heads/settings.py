"""What the page "Heads" can be set to."""

from collections.abc import Mapping
from dataclasses import replace

from seqviz.records.heads import CROSS, MASKED, SELF
from seqviz.subjects.heads import ReadByHeads
from seqviz.subjects.published import ReadByPublished
from seqviz.subjects.translation import Sentence
from seqviz.ui.runs.networks import network_control, run_control
from seqviz.ui.runs.translators import reads_control, sentence_control
from seqviz.ui.shell.links import Control, choice_control, controls_of, integer_control
from seqviz.ui.shell.prediction import guess_control

NAME = "heads"
PUBLISHED_TEXTS = (  # the first that a model can read; each letter may be a token
    "The animal did not cross the street because it was too tired.",
    "The animal was too tired.",
    "It is",
    "a",
)

OWN_WORDS = "empty: what the network writes itself"
LINE = "def add(left, right): return [left, (left + right)]"

ATTENTIONS: Mapping[str, str] = {
    "cross": "decoder to source (cross)",
    "self": "encoder (self)",
    "masked": "decoder (masked self)",
}
KINDS: Mapping[str, str] = {"cross": CROSS, "self": SELF, "masked": MASKED}  # slug → of the record
GUESSES: Mapping[str, str] = {
    "none": "no guess",
    "few": "fewer than half",
    "many": "half or more, not all",
    "all": "all of them",
}

_MOST = 16_384  # of what a link counts; what a network has is checked when it is known

CONTROLS: Mapping[str, Control] = {
    "network": network_control(),
    "run": run_control(),
    **controls_of(ReadByPublished, only=("folder",)),
    "target": replace(controls_of(ReadByPublished, only=("target",))["target"], empty=OWN_WORDS),
    "sentence": sentence_control(),
    **controls_of(ReadByHeads, only=("text", "seed"), spans={"seed": (0, 99)}),
    "reads": reads_control(),
    "given": replace(controls_of(Sentence, only=("given",))["given"], empty=OWN_WORDS),
    "attention": choice_control("attention", ATTENTIONS, "cross", shown=True),
    **{
        name: integer_control(name, 0, _MOST, 0, "counted from 1; 0 is what the title speaks of")
        for name in ("layer", "head", "query", "key")
    },
    "guess": guess_control(GUESSES, "How many?", shown=True),
}  # fmt: skip
