"""Networks, built from their settings."""

from seqviz.models.recurrent import SequenceModel as SequenceModel
from seqviz.models.recurrent import build_model as build_model
from seqviz.models.recurrent import trained_model as trained_model
