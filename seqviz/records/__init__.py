"""What a trace is: frozen records of plain numpy arrays, with named axes. No torch, no plotly here.

Axes, the same everywhere:

========== =====================================================================================
layer      0 is the layer that reads the input
direction  0 forward, 1 backward (only in a bidirectional network)
batch      one sequence each; an unbatched input counts as a batch of 1
time       position in the sequence, from 0, also for the backward direction
unit       of the hidden state
cell_unit  of the cell state and the gates: as many, or more in an LSTM with a projection
state      the full recurrent state: the units of h, for an LSTM those of h and then those of c
loss_time  the position of the loss
state_time the position of the state
step       a training step; 0 is the untrained network
========== =====================================================================================
"""

from seqviz.records.agreement import AGREES as AGREES
from seqviz.records.agreement import Agreement as Agreement
from seqviz.records.attribution import Attribution as Attribution
from seqviz.records.attribution import ForcedAttention as ForcedAttention
from seqviz.records.caption import Captioning as Captioning
from seqviz.records.caption import PointingGame as PointingGame
from seqviz.records.chains import ScalarChain as ScalarChain
from seqviz.records.chains import ScalarUnroll as ScalarUnroll
from seqviz.records.cliff import ErrorSurface as ErrorSurface
from seqviz.records.cliff import GradientDescent as GradientDescent
from seqviz.records.comparison import ComparedTranslator as ComparedTranslator
from seqviz.records.contributions import WeightContributions as WeightContributions
from seqviz.records.cost import TrainingCost as TrainingCost
from seqviz.records.criterion import ROUNDING as ROUNDING
from seqviz.records.criterion import PascanuCriterion as PascanuCriterion
from seqviz.records.distance import DistantGradient as DistantGradient
from seqviz.records.distance import LengthTimes as LengthTimes
from seqviz.records.dropout import DropoutMasks as DropoutMasks
from seqviz.records.encoder import EncoderGradient as EncoderGradient
from seqviz.records.encoder import SentenceStates as SentenceStates
from seqviz.records.evaluation import Evaluation as Evaluation
from seqviz.records.examination import Examination as Examination
from seqviz.records.forget_bias import ForgetBiasReach as ForgetBiasReach
from seqviz.records.gates import GateTrace as GateTrace
from seqviz.records.gradient_flow import GradientFlow as GradientFlow
from seqviz.records.gradient_map import GradientMap as GradientMap
from seqviz.records.heads import AttentionHeads as AttentionHeads
from seqviz.records.heads import HeadAlignment as HeadAlignment
from seqviz.records.heads import HeadTrace as HeadTrace
from seqviz.records.influence import DependencyAccuracy as DependencyAccuracy
from seqviz.records.influence import InputInfluence as InputInfluence
from seqviz.records.influence import WordInfluence as WordInfluence
from seqviz.records.jacobians import JacobianTrace as JacobianTrace
from seqviz.records.layers import LayerGradients as LayerGradients
from seqviz.records.leaks import PADDING as PADDING
from seqviz.records.leaks import Leak as Leak
from seqviz.records.leaks import Leaks as Leaks
from seqviz.records.nudge import Nudge as Nudge
from seqviz.records.pace import Pace as Pace
from seqviz.records.record import Record as Record
from seqviz.records.scaling import PLAIN as PLAIN
from seqviz.records.scaling import SCALED as SCALED
from seqviz.records.scaling import HeadScaling as HeadScaling
from seqviz.records.scaling import ScaledAttention as ScaledAttention
from seqviz.records.training import EXACT_OF as EXACT_OF
from seqviz.records.training import METRIC_COLUMNS as METRIC_COLUMNS
from seqviz.records.training import Metrics as Metrics
from seqviz.records.training import Probes as Probes
from seqviz.records.training import StepRow as StepRow
from seqviz.records.training_step import StepTrace as StepTrace
from seqviz.records.training_step import WeightStep as WeightStep
from seqviz.records.translation import Neighbours as Neighbours
from seqviz.records.translation import SearchTree as SearchTree
from seqviz.records.translation import Translation as Translation
from seqviz.records.units import UnitRanking as UnitRanking
from seqviz.records.units import UnitSaturation as UnitSaturation
from seqviz.records.walk import TokenWalk as TokenWalk
from seqviz.records.watched import WatchedLayer as WatchedLayer
from seqviz.records.watched import WatchedRun as WatchedRun
from seqviz.records.watched import WatchedStep as WatchedStep
from seqviz.records.weights import WeightsTrace as WeightsTrace
