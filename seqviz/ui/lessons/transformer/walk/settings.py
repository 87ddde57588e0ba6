"""What the page "One token's way" can be set to."""

from collections.abc import Mapping

from seqviz.subjects.walk import WalkedToken
from seqviz.ui.runs.networks import network_control, run_control
from seqviz.ui.runs.translators import sentence_control
from seqviz.ui.shell.links import Control, controls_of, text_control
from seqviz.ui.shell.prediction import guess_control

NAME = "walk"
CODE = "print(min(left, right"  # where its network reads characters

GUESSES: Mapping[str, str] = {
    "none": "no guess",
    "same": "the same sentence",
    "order": "the same words in another order",
    "other": "other words",
}
NEXT_GUESSES: Mapping[str, str] = {"none": "no guess", "same": "the same {noun}", "other": "another {noun}"}

CONTROLS: Mapping[str, Control] = {
    "network": network_control(),
    "run": run_control(),
    "sentence": sentence_control(),
    **controls_of(WalkedToken, only=("text",)),
    "token": text_control(
        "token", r"([ed][1-9]\d{0,2})?", "", "e3 is the third word that the encoder reads, d3 the decoder's",
        form="e3 or d3 (the encoder's or the decoder's third token)",
    ),
    "guess": guess_control(GUESSES, "What does it write then?", shown=True),
}  # fmt: skip
