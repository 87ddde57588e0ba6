"""What training cost: published models as a lecture's slide counts them, and a training's operations. No torch here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from seqviz.experiment.experiment import Experiment
from seqviz.experiment.task import CopyingConfig
from seqviz.records.cost import SECONDS_A_DAY, Span, TrainingCost

PETAFLOP_DAY = 1e15 * SECONDS_A_DAY  # operations of one petaflop/s for a day
A_WEIGHT_AND_TOKEN = 6  # operations: two forward, four backward (Kaplan et al. 2020, section 2.1, arxiv.org/abs/2001.08361)


@dataclass(frozen=True, kw_only=True)
class Published:
    """A published model: when the slide dates it, what its training cost, and why operations are unknown where they are."""

    title: str
    month: date
    costs: tuple[TrainingCost, ...]  # the same training, by device
    unknown: str = ""


def operations_of(weights: float, tokens: float) -> float:
    """Return about how many floating-point operations it takes to train ``weights`` on ``tokens``, each met once."""
    return A_WEIGHT_AND_TOKEN * weights * tokens


def tokens_a_sequence(experiment: Experiment) -> int | None:
    """Return how many time steps a training sequence has, or None where that differs from one to the next."""
    if isinstance(experiment.task, CopyingConfig):
        return experiment.task.length + 20
    length: int | None = getattr(experiment.task, "length", None)
    return length


_BERT_TOKENS = (1e6 * 256 * (0.9 * 128 + 0.1 * 512), 1e6 * 128_000.0)  # as it was trained, and at full length throughout
_BERT_OPERATIONS: Span = (operations_of(340e6, _BERT_TOKENS[0]), operations_of(340e6, _BERT_TOKENS[1]))

PUBLISHED: Mapping[str, Published] = {
    "ulmfit": Published(
        title="ULMFiT", month=date(2018, 1, 1),
        costs=(TrainingCost(name="ULMFiT", device="GPU", days=(1, 1), operations=None, told="the slide: 1 GPU day"),),
        unknown="its sources do not give the tokens read",
    ),
    "gpt": Published(
        title="GPT", month=date(2018, 6, 1),
        costs=(
            TrainingCost(
                name="GPT", device="GPU", days=(240, 240), operations=(0.96 * PETAFLOP_DAY, 0.96 * PETAFLOP_DAY),
                told="the slide: 240 GPU days; OpenAI: 8 GPUs for a month, 0.96 petaflop/s-days",
            ),
        ),
    ),
    "bert": Published(
        title="BERT", month=date(2018, 10, 1),
        costs=(
            TrainingCost(
                name="BERT", device="TPU", days=(256, 256), operations=_BERT_OPERATIONS,
                told="the slide: 256 TPU days; the paper: 64 chips for 4 days, 340 million weights, 10⁶ steps",
            ),
            TrainingCost(
                name="BERT", device="GPU", days=(320, 560), operations=None, about=True,
                told="the slide: ~320–560 GPU days",
            ),
        ),
    ),
    "gpt2": Published(
        title="GPT-2", month=date(2019, 2, 1),
        costs=(
            TrainingCost(
                name="GPT-2", device="TPU", days=(2048, 2048), operations=None, about=True,
                told="the slide: ~2048 TPU v3 days according to a reddit thread",
            ),
        ),
        unknown="its paper does not give the tokens read",
    ),
}  # fmt: skip
