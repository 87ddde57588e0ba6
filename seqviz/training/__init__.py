"""Training: a run, one step at a time."""

from seqviz.training.device import choose_device as choose_device
from seqviz.training.trainer import Trainer as Trainer
