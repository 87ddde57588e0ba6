"""Networks, built from their settings."""

from seqviz.models.beam import beam_search as beam_search
from seqviz.models.captioner import Captioner as Captioner
from seqviz.models.captioner import build_captioner as build_captioner
from seqviz.models.captioner import captioned as captioned
from seqviz.models.captioner import trained_captioner as trained_captioner
from seqviz.models.decoding import greedy as greedy
from seqviz.models.decoding import sample as sample
from seqviz.models.ensemble import Ensemble as Ensemble
from seqviz.models.feedforward import Feedforward as Feedforward
from seqviz.models.feedforward import build_feedforward as build_feedforward
from seqviz.models.network import Network as Network
from seqviz.models.network import build_network as build_network
from seqviz.models.recurrent import SequenceModel as SequenceModel
from seqviz.models.recurrent import build_model as build_model
from seqviz.models.recurrent import trained_model as trained_model
from seqviz.models.seq2seq import NOTHING_ASKED as NOTHING_ASKED
from seqviz.models.seq2seq import Seq2Seq as Seq2Seq
from seqviz.models.seq2seq import build_seq2seq as build_seq2seq
from seqviz.models.seq2seq import trained_seq2seq as trained_seq2seq
