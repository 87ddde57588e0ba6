"""What the page "Dropout" can be set to."""

from collections.abc import Mapping
from dataclasses import replace

from seqviz.subjects.dropout import DropoutSteps
from seqviz.ui.shell.links import Control, controls_of
from seqviz.ui.shell.prediction import guess_control

NAME = "dropout"
LAST_STEP = 200

GUESSES: Mapping[str, str] = {"none": "…", "most": "about 80", "half": "about half", "few": "about 10", "nobody": "none"}
SHARES: Mapping[str, tuple[float, float]] = {
    "most": (0.7, 1.0), "half": (0.3, 0.7), "few": (0.02, 0.3), "nobody": (-1.0, 0.02),
}  # fmt: skip

SETTINGS = ("dropout_rate", "layers", "length", "hidden_size", "step", "seed", "training")

CONTROLS: Mapping[str, Control] = {
    **controls_of(
        DropoutSteps,
        only=("dropout", *SETTINGS),
        spans={
            "dropout_rate": (0.0, 0.9), "layers": (1, 3), "length": (2, 12), "hidden_size": (1, 8), "step": (1, LAST_STEP),
            "seed": (0, 9999),
        },
        steps={"dropout_rate": 0.05},
    ),
    "guess": guess_control(GUESSES),
}  # fmt: skip
CONTROLS = {**CONTROLS, "dropout": replace(CONTROLS["dropout"], shown=True)}
