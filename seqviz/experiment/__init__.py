"""What a run is: an experiment's settings, its links and its address. No torch here."""

from seqviz.experiment.experiment import Experiment as Experiment
from seqviz.experiment.experiment import Parent as Parent
from seqviz.experiment.feedforward import FeedforwardConfig as FeedforwardConfig
from seqviz.experiment.fitting import misfit as misfit
from seqviz.experiment.model import CELL_SPECS as CELL_SPECS
from seqviz.experiment.model import CELLS as CELLS
from seqviz.experiment.model import INITIALISATIONS as INITIALISATIONS
from seqviz.experiment.model import MODELS as MODELS
from seqviz.experiment.model import CaptionerConfig as CaptionerConfig
from seqviz.experiment.model import ModelConfig as ModelConfig
from seqviz.experiment.model import RecurrentConfig as RecurrentConfig
from seqviz.experiment.model import Seq2SeqConfig as Seq2SeqConfig
from seqviz.experiment.task import TASKS as TASKS
from seqviz.experiment.training import CLIPS as CLIPS
from seqviz.experiment.training import OPTIMIZERS as OPTIMIZERS
from seqviz.experiment.training import SCHEDULES as SCHEDULES
from seqviz.experiment.training import TrainingConfig as TrainingConfig
from seqviz.experiment.transformer import TransformerConfig as TransformerConfig
