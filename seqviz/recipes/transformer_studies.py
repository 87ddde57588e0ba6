"""Studies that hold Transformers against recurrent networks: copying, with positions and without; and translation."""

from collections.abc import Mapping
from dataclasses import dataclass

from seqviz.experiment import Experiment, RecurrentConfig, TrainingConfig, TransformerConfig
from seqviz.experiment.cells import CELL_SPECS
from seqviz.experiment.task import CopyingConfig
from seqviz.recipes.transformer import transformer_recipes
from seqviz.recipes.translation import translation_recipes
from seqviz.studies import Study, seeds_each


@dataclass(frozen=True, kw_only=True)
class Copier:
    """One network that copies, and the learning rate that suits it."""

    title: str
    network: str  # in a sentence
    model: TransformerConfig | RecurrentConfig
    learning_rate: float


def _knowing(positions: str, title: str) -> Copier:
    network = f"a Transformer {'without positions' if positions == 'none' else f'with {title}'}"
    return Copier(
        title=title, network=network, model=TransformerConfig(name="causal", positions=positions), learning_rate=0.003
    )


def _recurrent(cell: str) -> Copier:
    spec = CELL_SPECS[cell]
    return Copier(title=spec.title, network=spec.one, model=RecurrentConfig(name=cell, hidden_size=96), learning_rate=0.005)


COPIERS: Mapping[str, Copier] = {
    "sinusoidal": _knowing("sinusoidal", "sinusoids"),
    "learned": _knowing("learned", "learned positions"),
    "none": _knowing("none", "no positions"),
    "lstm": _recurrent("lstm"),
    "gru": _recurrent("gru"),
}
DELAY, STEPS, SEEDS = 20, 800, (0, 1, 2)
COMPARED = (0, 1, 2)  # seeds of the translators


def copier(arm: str, *, length: int = DELAY, steps: int = STEPS, seed: int = 0) -> Experiment:
    """Return one arm's experiment on copying memory."""
    one = COPIERS[arm]
    training = TrainingConfig(
        optimizer="adam", learning_rate=one.learning_rate, batch_size=50, steps=steps, clip="norm", threshold=1.0
    )
    return Experiment(task=CopyingConfig(length=length), model=one.model, training=training, seed=seed)


def positions_study() -> Study:
    """Return the study of positions: one task, three Transformers and two recurrent networks, several seeds each."""
    return Study(
        name="positions",
        title=f"Copying memory at T = {DELAY}, batches of 50, {seeds_each(SEEDS)}.",
        arms={arm: copier(arm) for arm in COPIERS},
        seeds=SEEDS,
        measure="learning",
    )


def comparison_study() -> Study:
    """Return the study of three translators that come with the app: without attention, with it, and a Transformer."""
    recipes = {**translation_recipes(), **transformer_recipes("python")}
    arms = ("none", "additive", "transformer")
    return Study(
        name="comparison",
        title="French to English, 20,000 sentences of up to 12 words, 1,500 training steps of 64.",
        arms={arm: recipes[f"translation-{arm}"].experiment for arm in arms},
        seeds=COMPARED,
        measure="translation",
    )
