"""What the page "The bottleneck" can be set to."""

from collections.abc import Mapping
from dataclasses import replace

from seqviz.corpora.traits import TRAITS
from seqviz.figures.encoder import LOSSES
from seqviz.subjects.examination import Examined
from seqviz.ui.shell.links import Control, choice_control, controls_of, integer_control, view_control
from seqviz.ui.shell.prediction import guess_control

NAME = "bottleneck"

VIEW_TITLES: Mapping[str, str] = {
    "length": "by length",
    "gradient": "gradient",
    "states": "the vector itself",
    "reversal": "reading backwards",
    "ensemble": "several together",
}
MEASURES: Mapping[str, str] = {"exact": "exactly right", "bleu": "BLEU"}
GUESSES: Mapping[str, str] = {
    "none": "…",
    "stays": "it stays as good",
    "falls": "it gets worse",
    "fails": "hardly one comes out right",
}
MEMBERS = 4
SENTENCES = 500  # examined at a time, by whole networks
TOGETHER = 300  # by ensembles
LEARNED_LONGEST = 12
FAR = 20  # words from which the question is about

CONTROLS: Mapping[str, Control] = {
    "view": view_control(VIEW_TITLES),
    "measure": choice_control("measured by", MEASURES, "exact", "BLEU counts words, and two to four in a row, that are right"),
    **controls_of(Examined, only=("longest", "width"), spans={"longest": (4, 25)}),
    "loss": choice_control("loss of", LOSSES, "whole", "how much the encoder's states matter to it"),
    "length": replace(integer_control("words of the sentences", 4, 12, 12), limited=False),
    "sentences": replace(integer_control("sentences", 1, 40, 20, "1 shows its words"), limited=False),
    "first": integer_control("from the one numbered", 0, 39, 0),
    "colour": choice_control("coloured by", {name: trait.title for name, trait in TRAITS.items()}, "question"),
    "guess": guess_control(GUESSES),
}  # fmt: skip
