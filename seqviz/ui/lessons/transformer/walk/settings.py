"""What the page "One token's way" can be set to."""

from collections.abc import Mapping
from dataclasses import replace

from seqviz.subjects.walk import WalkedToken
from seqviz.ui.shell.links import Control, choice_control, controls_of, text_control

NAME = "walk"
SAMPLES = 12  # held-out sentences offered; what is typed is one more choice
CODE = "print(min(left, right"  # where its network reads characters

GUESSES: Mapping[str, str] = {
    "none": "no guess",
    "same": "the same sentence",
    "order": "the same words in another order",
    "other": "other words",
}
NEXT_GUESSES: Mapping[str, str] = {"none": "no guess", "same": "the same {noun}", "other": "another {noun}"}

CONTROLS: Mapping[str, Control] = {
    "network": text_control("network", "[a-z0-9-]{0,80}", "", "one that came with the app, by its name"),
    "run": text_control("run", "([0-9a-f]{20})?", "", "a run of this server, in the place of a network that came with it"),
    "sentence": choice_control(
        "held-out sentence", {**{f"s{i + 1}": f"sentence {i + 1}" for i in range(SAMPLES)}, "typed": "what I type"}, "s1"
    ),
    **controls_of(WalkedToken, only=("text",)),
    "token": text_control(
        "token", r"([ed][1-9]\d{0,2})?", "", "e3 is the third word that the encoder reads, d3 the decoder's",
        form="e3 or d3 (the encoder's or the decoder's third token)",
    ),
    "guess": replace(choice_control("What does it write then?", GUESSES, "none"), shown=True),
}  # fmt: skip
