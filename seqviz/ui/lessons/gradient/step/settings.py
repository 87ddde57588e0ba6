"""What the page "One training step" can be set to, and the experiment that its settings ask for."""

from collections.abc import Mapping

from seqviz.experiment import CELLS, Experiment, RecurrentConfig, TrainingConfig
from seqviz.experiment.task import AddingConfig
from seqviz.ui.runs.sharing import runs_control
from seqviz.ui.shell.links import Control, choice_control, controls_of, integer_control, seed_control, text_control
from seqviz.ui.shell.page import Page
from seqviz.ui.shell.prediction import guess_control

NAME = "step"
GUESSES: Mapping[str, str] = {"none": "…", "falls": "it falls", "same": "it stays about the same", "rises": "it rises"}
HIDDEN, BATCH, FRESH_STEPS = 4, 4, 200

CONTROLS: Mapping[str, Control] = {
    "runs": runs_control("of which run?", most=1),
    "cell": choice_control("network", CELLS, "rnn"),
    **controls_of(RecurrentConfig, only=("hidden_size",), spans={"hidden_size": (1, 16)}, defaults={"hidden_size": HIDDEN}),
    "length": integer_control("sequence length T", 2, 20, 6),
    **controls_of(
        TrainingConfig, only=("optimizer", "learning_rate", "clip", "threshold"),
        defaults={"optimizer": "sgd", "learning_rate": 0.1, "threshold": 0.5},
    ),
    "seed": seed_control(),
    "done": integer_control("training steps done before", 0, 10_000_000, 0, typed=True),
    "weight": text_control(
        "Which weight?", "[A-Za-z0-9_.]{1,80}", "rnn.weight_hh_l0", form="rnn.weight_hh_l0 (a weight's name)"
    ),
    "guess": guess_control(GUESSES),
}  # fmt: skip

FRESH = ("cell", "hidden_size", "length", "optimizer", "learning_rate", "clip", "threshold", "seed")


def fresh(page: Page) -> Experiment:
    """Return the small network that the page is set to, on the adding problem.

    Raises:
        ConfigError: the settings do not go together.
    """
    training: TrainingConfig = page.config(TrainingConfig, batch_size=BATCH, steps=FRESH_STEPS)
    return Experiment(
        task=AddingConfig(length=page["length"]),
        model=RecurrentConfig(name=page["cell"], hidden_size=page["hidden_size"]),
        training=training,
        seed=page["seed"],
    )


def weight_names(model: RecurrentConfig) -> list[str]:
    """Return the PyTorch names of a network's weights, in their order.

    >>> weight_names(RecurrentConfig(name="gru"))
    ['rnn.weight_ih_l0', 'rnn.weight_hh_l0', 'rnn.bias_ih_l0', 'rnn.bias_hh_l0', 'readout.weight', 'readout.bias']
    """
    ends = ("", "_reverse") if model.bidirectional else ("",)
    kinds = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    cell = [f"rnn.{kind}_l{layer}{end}" for layer in range(model.layers) for end in ends for kind in kinds]
    return [*cell, "readout.weight", "readout.bias"]
