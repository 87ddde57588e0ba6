"""Two networks whose gradient explodes, clipped by norm, by value, not at all; and the studies of clipping."""

from collections.abc import Mapping

from seqviz.experiment.clipping import (
    CLIPPING,
    RACE_LENGTH,
    SHORT,
    SWEEP_LENGTHS,
    VALUE_LIMIT,
    Explosion,
    arm_of,
    race,
    temporal_order,
)
from seqviz.recipes.recipe import Recipe
from seqviz.studies import SEEDS, Study, seeds_each

FINDINGS = {
    "norm": "Its gradients are scaled down to length 1, keep their direction, and never throw it off.",
    "value": "Each number of its gradients is cut, so that their direction turns.",
    "off": "Nothing is clipped: a few steps too long, and the next loss is infinite.",
}
SHORT_FINDINGS = {
    "norm": "Its gradients are scaled down to length 1, and it learns.",
    "value": "Each number of its gradients is cut, so that their direction turns, and it learns too.",
    "off": "Nothing is clipped: a few steps too long, and the next loss is infinite.",
}
THRESHOLDS = {"norm": 1.0, "value": VALUE_LIMIT, "off": 1.0}


def clipping_recipes() -> Mapping[str, Recipe]:
    """Return the runs of the page on clipping, by name."""
    long = {f"clipping-{clip}": _recipe(Explosion(), clip, finding) for clip, finding in FINDINGS.items()}
    short = {f"clipping-short-{clip}": _recipe(SHORT, clip, finding) for clip, finding in SHORT_FINDINGS.items()}
    return long | short


def _recipe(network: Explosion, clip: str, finding: str) -> Recipe:
    experiment = network.trained(clip, THRESHOLDS[clip])
    return Recipe(experiment=experiment, finding=finding, snapshot_bytes=0, keeps_checkpoint=network != SHORT or clip == "off")


def optimizer_study() -> Study:
    """Return the study of five optimizers that clip the same network's gradients alike, from several seeds each."""
    return Study(
        name="optimizers",
        title=f"Temporal order at T = {RACE_LENGTH}: five optimizers, each at its own rate, all clipped at norm 1, "
        f"{seeds_each(SEEDS)}.",
        arms=race(),
        seeds=SEEDS,
        measure="clipping",
    )


def sweep_study() -> Study:
    """Return the temporal-order sweep: each length with and without clipping, from several seeds each."""
    return Study(
        name="temporal-order",
        title=f"Temporal order by length, with clipping at norm 1 and without, {seeds_each(SEEDS)}.",
        arms={arm_of(length, clip): temporal_order(length, clip) for length in SWEEP_LENGTHS for clip in CLIPPING},
        seeds=SEEDS,
        measure="fresh",
        may_diverge=True,
    )
