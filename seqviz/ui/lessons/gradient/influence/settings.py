"""What the page "Influence of the past" can be set to."""

from collections.abc import Mapping

from seqviz.experiment import CELLS
from seqviz.experiment.fields import Rule
from seqviz.subjects.influence import DEPENDENCIES, ReadSentence
from seqviz.subjects.nudge import SIZES, NudgedNetwork
from seqviz.ui.shell.links import Control, choice_control, controls_of, integer_control, several_control, view_control
from seqviz.ui.shell.prediction import guess_control

NAME = "influence"
NUMBERS = 50  # held-out sentences of each kind to look at
TYPED = "nora lived in portugal and her violin was old . today nora speaks"
FILLERS = 9  # at most between a word and the one that it decides, in a sentence that is read
FARTHEST = 20  # … in those that are counted

VIEW_TITLES: Mapping[str, str] = {
    "nudge": "nudge an input",
    "lag": "no dependency, or wrong parameters?",
    "words": "words",
}
NETWORKS: Mapping[str, str] = {"fresh": "fresh from its initialisation", "adding": "trained on the adding problem"}
SENTENCES: Mapping[str, str] = {**DEPENDENCIES, "typed": "what I type"}
READERS: Mapping[str, str] = {  # the language models side by side, by their runs' names
    name: f"words-{name}" for name in (*CELLS, "transformer")
}
MEASURES: Mapping[str, str] = {"replaced": "the word replaced", "gradient": "gradient × input"}
GUESSES: Mapping[str, str] = {"none": "…", "grows": "it grows there", "keeps": "it stays", "shrinks": "it shrinks there"}

CONTROLS: Mapping[str, Control] = {
    "view": view_control(VIEW_TITLES),
    "cells": several_control("networks", CELLS, ("rnn", "lstm", "gru")),
    "size": Control(
        rule=Rule(kind="real", title="size of the nudge ε", low=SIZES[0], high=SIZES[-1]), default=0.1, stops=SIZES
    ),
    "network": choice_control("network", NETWORKS, "fresh"),
    **controls_of(
        NudgedNetwork, only=("nudged", "length", "initialisation", "scale", "hidden_size", "seed"),
        spans={"nudged": (0, 199), "length": (2, 200), "hidden_size": (1, 64), "scale": (0.0, 4.0), "seed": (0, 9999)},
        defaults={"hidden_size": 32}, steps={"scale": 0.05},
    ),
    "later": integer_control("look n steps later", 0, 199, 10),
    "cell": choice_control("network", CELLS, "lstm"),
    "guess": guess_control(GUESSES, shown=True),
    "sentence": choice_control("sentence", SENTENCES, "country", shown=True),
    "number": integer_control("sentence number", 0, NUMBERS - 1, 0, "of a held-out pair of words"),
    "fillers": integer_control("fillers between", 0, FILLERS, 4, "groups of words that decide nothing"),
    "measure": choice_control("influence by", MEASURES, "replaced"),
    **controls_of(ReadSentence, only=("text", "asked"), defaults={"text": TYPED}),
}  # fmt: skip
