"""Every question that can be asked of a network, one line each: its name, its subject, its record, its size.

A question's name leads through all layers. The first part of it is the idea: ``layers.agreement`` is answered by
``answer_layers_agreement`` in ``seqviz/answers/layers.py``, is asked of a subject in ``seqviz/subjects/``, and gives a
record of ``seqviz/records/``, computed by ``seqviz/tracing/layers.py`` and drawn by ``seqviz/figures/layers.py``. No torch
here: workers answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

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
    WeightsTrace,
    WordInfluence,
)
from seqviz.subjects.caption import HeldOutPictures, Picture
from seqviz.subjects.cliff import UnitDescent, UnitSurface
from seqviz.subjects.distance import DistantLoss, TimedLength
from seqviz.subjects.dropout import DropoutSteps
from seqviz.subjects.encoder import EncodedSentences, EncoderGradients
from seqviz.subjects.evaluation import FreshSequences
from seqviz.subjects.examination import Examined
from seqviz.subjects.forget_bias import ForgetBiases, ForgetBiasPlace
from seqviz.subjects.heads import ReadByHeads
from seqviz.subjects.influence import DistantInputs, DistantWords, ReadSentence
from seqviz.subjects.layers import UntrainedFeedforward
from seqviz.subjects.nudge import NudgedNetwork
from seqviz.subjects.pace import TimedSteps
from seqviz.subjects.published import ReadByPublished
from seqviz.subjects.recurrent import Reading
from seqviz.subjects.scaling import RandomAttention, TrainedAttention
from seqviz.subjects.training_step import TrainingStep
from seqviz.subjects.translation import Sentence
from seqviz.subjects.units import UnitSearch
from seqviz.subjects.walk import WalkedToken
from seqviz.subjects.weights import ReadByWeights

Subject = TypeVar("Subject", contravariant=True)
Record = TypeVar("Record", covariant=True)


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """How large a recurrent network is, and what it reads."""

    layers: int
    directions: int
    batch: int
    time: int
    units: int
    states: int  # 2 with a cell state, else 1
    gates: int

    @property
    def places(self) -> int:
        """The number of states: one a layer, direction, sequence and time step."""
        return self.layers * self.directions * self.batch * self.time


@dataclass(frozen=True)
class Question(Generic[Subject, Record]):
    """A question of a subject, and the record that answers it."""

    name: str
    subject: type[Subject]
    record: type[Record]
    values: Callable[[Sizes], int] | None = None  # about how many numbers the record holds, where that may be too many

    @property
    def idea(self) -> str:
        """The name of the module that answers it."""
        return self.name.partition(".")[0]

    @property
    def answer(self) -> str:
        """The name of the function that answers it."""
        return f"answer_{self.name.replace('.', '_')}"


GATES = Question("gates", Reading, GateTrace, lambda of: of.places * of.units * (of.states + of.gates))
GRADIENT_FLOW = Question("gradient_flow", Reading, GradientFlow, lambda of: of.places * 3)
GRADIENT_MAP = Question("gradient_map", Reading, GradientMap, lambda of: of.places * of.time * of.states)
JACOBIANS = Question("jacobians", Reading, JacobianTrace, lambda of: of.time * ((of.states * of.units) ** 2 + 3 * of.time))
CONTRIBUTIONS = Question("contributions", Reading, WeightContributions, lambda of: 2 * of.time)
AGREEMENT = Question("agreement", Reading, Agreement)
CRITERION = Question("criterion", Reading, PascanuCriterion)
NUDGE = Question("nudge", NudgedNetwork, Nudge)
UNITS = Question("units", UnitSearch, UnitRanking)
DROPOUT = Question("dropout", DropoutSteps, DropoutMasks)
TRAINING_STEP = Question("training_step", TrainingStep, StepTrace)
EVALUATION = Question("evaluation", FreshSequences, Evaluation)
PACE = Question("pace", TimedSteps, Pace)

INPUT_INFLUENCE = Question("influence.inputs", DistantInputs, InputInfluence)
WORD_INFLUENCE = Question("influence.words", ReadSentence, WordInfluence)
DEPENDENCIES = Question("influence.dependencies", DistantWords, DependencyAccuracy)
ERROR_SURFACE = Question("cliff.surface", UnitSurface, ErrorSurface)
DESCENT = Question("cliff.descent", UnitDescent, GradientDescent)
FORGET_BIAS = Question("forget_bias", ForgetBiases, ForgetBiasReach)
FORGET_BIAS_AGREEMENT = Question("forget_bias.agreement", ForgetBiasPlace, Agreement)
LAYERS = Question("layers", UntrainedFeedforward, LayerGradients)
LAYERS_AGREEMENT = Question("layers.agreement", UntrainedFeedforward, Agreement)

TRANSLATION = Question("translation", Sentence, Translation)
BEAM_SEARCH = Question("translation.search", Sentence, SearchTree)
NEIGHBOURS = Question("translation.neighbours", Sentence, Neighbours)
ATTRIBUTION = Question("attribution", Sentence, Attribution)
EXAMINATION = Question("examination", Examined, Examination)
ENCODER_GRADIENT = Question("encoder.gradient", EncoderGradients, EncoderGradient)
SENTENCE_STATES = Question("encoder.states", EncodedSentences, SentenceStates)
CAPTION = Question("caption", Picture, Captioning)
POINTING_GAME = Question("caption.pointing", HeldOutPictures, PointingGame)

HEADS = Question("heads", ReadByHeads, HeadTrace)
HEAD_ALIGNMENT = Question("heads.alignment", Examined, HeadAlignment)
PUBLISHED_HEADS = Question("published", ReadByPublished, HeadTrace)
OWN_WEIGHTS = Question("weights", ReadByWeights, WeightsTrace)
WALK = Question("walk", WalkedToken, TokenWalk)
SCALING = Question("scaling", RandomAttention, ScaledAttention)
TRAINED_SCALING = Question("scaling.trained", TrainedAttention, HeadScaling)
DISTANT_GRADIENT = Question("distance", DistantLoss, DistantGradient)
DISTANCE_AGREEMENT = Question("distance.agreement", DistantLoss, Agreement)
LENGTH_TIMES = Question("distance.times", TimedLength, LengthTimes)

QUESTIONS: Mapping[str, Question[Any, Any]] = {one.name: one for one in list(globals().values()) if isinstance(one, Question)}
