"""What can be asked of a network: every trace by its verb. No torch here; ``seqviz.answers.answering`` answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from seqviz.errors import LimitError
from seqviz.experiment import MODELS
from seqviz.records import (
    Agreement,
    Attribution,
    Captioning,
    DependencyAccuracy,
    DistantGradient,
    DropoutMasks,
    EncoderGradient,
    ErrorSurface,
    Evaluation,
    Examination,
    ForgetBiasReach,
    GateTrace,
    GradientDescent,
    GradientFlow,
    GradientMap,
    HeadAlignment,
    HeadScaling,
    HeadTrace,
    InputInfluence,
    JacobianTrace,
    LayerGradients,
    LengthTimes,
    Neighbours,
    Nudge,
    Pace,
    PascanuCriterion,
    PointingGame,
    ScaledAttention,
    SearchTree,
    SentenceStates,
    StepTrace,
    TokenWalk,
    Translation,
    UnitRanking,
    WeightContributions,
    WordInfluence,
)
from seqviz.settings import Limits
from seqviz.subjects.recurrent import RunMoment, UntrainedNetwork

Subject = UntrainedNetwork | RunMoment


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """How large the network and what it reads are."""

    layers: int
    directions: int
    batch: int
    time: int
    units: int
    states: int  # 2 with a cell state, else 1
    gates: int


@dataclass(frozen=True, kw_only=True)
class Verb:
    """One trace."""

    title: str  # what a page calls it
    record: type  # what it returns
    values: Callable[[Sizes], int]  # about how many numbers that holds


def _everywhere(sizes: Sizes) -> int:
    return sizes.layers * sizes.directions * sizes.batch * sizes.time


VERBS: Mapping[str, Verb] = {
    "gates": Verb(
        title="gates and states", record=GateTrace,
        values=lambda sizes: _everywhere(sizes) * sizes.units * (sizes.states + sizes.gates),
    ),
    "flow": Verb(title="gradient flow", record=GradientFlow, values=lambda sizes: _everywhere(sizes) * 3),
    "map": Verb(
        title="gradient map", record=GradientMap, values=lambda sizes: _everywhere(sizes) * sizes.time * sizes.states
    ),
    "jacobians": Verb(
        title="Jacobians of the recurrence", record=JacobianTrace,
        values=lambda sizes: sizes.time * ((sizes.states * sizes.units) ** 2 + 3 * sizes.time),
    ),
    "contributions": Verb(
        title="contributions to the gradient of the recurrent weights", record=WeightContributions,
        values=lambda sizes: 2 * sizes.time,
    ),
    "agreement": Verb(title="agreement with finite differences", record=Agreement, values=lambda sizes: 3),
    "criterion": Verb(title="Pascanu's criterion", record=PascanuCriterion, values=lambda sizes: 3),
    "units": Verb(title="units that follow the text", record=UnitRanking, values=lambda sizes: 9 * sizes.units),
    "translation": Verb(title="translation", record=Translation, values=lambda sizes: 0),  # bounded by the words allowed
    "neighbours": Verb(title="nearest sentences", record=Neighbours, values=lambda sizes: 0),
    "search": Verb(title="beam search", record=SearchTree, values=lambda sizes: 0),
    "caption": Verb(title="caption of a picture", record=Captioning, values=lambda sizes: 0),
    "pointing": Verb(title="pointing game", record=PointingGame, values=lambda sizes: 0),
    "attribution": Verb(title="attention beside gradient × input", record=Attribution, values=lambda sizes: 0),
    "examination": Verb(title="examination", record=Examination, values=lambda sizes: 0),  # bounded by its subject
    "encoder_gradient": Verb(title="gradient at the encoder", record=EncoderGradient, values=lambda sizes: 0),
    "sentence_states": Verb(title="sentences in the encoder's last state", record=SentenceStates, values=lambda sizes: 0),
    "masks": Verb(title="masks of dropout", record=DropoutMasks, values=lambda sizes: 0),  # bounded by its subject
    "layers": Verb(title="gradient by layer", record=LayerGradients, values=lambda sizes: 0),
    "layer_agreement": Verb(title="one layer held against finite differences", record=Agreement, values=lambda sizes: 3),
    "nudge": Verb(title="nudge of an input", record=Nudge, values=lambda sizes: 0),  # bounded as "flow" is
    "distant_inputs": Verb(title="influence of distant inputs", record=InputInfluence, values=lambda sizes: 0),
    "word_influence": Verb(title="influence of words", record=WordInfluence, values=lambda sizes: 0),  # by the words allowed
    "dependencies": Verb(title="dependencies by distance", record=DependencyAccuracy, values=lambda sizes: 0),
    "fresh": Verb(title="answers to fresh sequences", record=Evaluation, values=lambda sizes: 0),  # bounded by its subject
    "step": Verb(title="one training step", record=StepTrace, values=lambda sizes: 0),  # bounded by what is shown of a weight
    "error_surface": Verb(title="error surface of one unit", record=ErrorSurface, values=lambda sizes: 0),
    "descent": Verb(title="gradient descent on it", record=GradientDescent, values=lambda sizes: 0),
    "forget_bias": Verb(title="reach of the gradient by forget-gate bias", record=ForgetBiasReach, values=lambda sizes: 0),
    "forget_bias_agreement": Verb(title="that reach held against finite differences", record=Agreement, values=lambda sizes: 3),
    "heads": Verb(title="heads of attention", record=HeadTrace, values=lambda sizes: 0),  # bounded by the tokens allowed
    "published_heads": Verb(title="heads of a published Transformer", record=HeadTrace, values=lambda sizes: 0),
    "pace": Verb(title="pace of training", record=Pace, values=lambda sizes: 3),
    "distant_gradient": Verb(title="gradient by distance", record=DistantGradient, values=lambda sizes: 0),  # by its subject
    "distance_agreement": Verb(title="that gradient held against finite differences", record=Agreement, values=lambda sizes: 3),
    "head_alignment": Verb(title="alignment of heads", record=HeadAlignment, values=lambda sizes: 0),
    "timed_length": Verb(title="time by length", record=LengthTimes, values=lambda sizes: 0),
    "scaling": Verb(title="attention with scores divided and not", record=ScaledAttention, values=lambda sizes: 0),
    "trained_scaling": Verb(title="the same of trained heads", record=HeadScaling, values=lambda sizes: 0),
    "walk": Verb(title="one token through a Transformer", record=TokenWalk, values=lambda sizes: 0),  # by the words allowed
}  # fmt: skip


def untrained_sizes(subject: UntrainedNetwork) -> Sizes:
    """Return how large an untrained network is, before it is built."""
    spec = MODELS[subject.name]
    return Sizes(
        layers=subject.layers, directions=2 if subject.bidirectional else 1, batch=subject.batch_size,
        time=subject.length, units=subject.hidden_size, states=len(spec.states), gates=len(spec.gates),
    )  # fmt: skip


def check_size(verb: str, sizes: Sizes, limits: Limits) -> None:
    """Refuse a trace that is larger than this server allows.

    Raises:
        LimitError: naming what is too large, the limit and what was asked.
    """
    asked = {"length": sizes.time, "hidden_size": sizes.units, "layers": sizes.layers, "batch_size": sizes.batch}
    for name, value in asked.items():
        if value > getattr(limits, name):
            raise LimitError(f"{name} may be at most {getattr(limits, name):,} on this server, got {value:,}")
    values = VERBS[verb].values(sizes)
    if values > limits.traced_values:
        raise LimitError(
            f"this trace would hold {values:,} numbers, and this server allows {limits.traced_values:,}: "
            "take a shorter sequence, fewer of them, or a smaller network"
        )
