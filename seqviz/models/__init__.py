"""Networks, built from their settings."""

from seqviz.models.recurrent import SequenceModel as SequenceModel
from seqviz.models.recurrent import build_model as build_model
