"""Networks, built from their settings."""

from seqviz.models.beam import beam_search as beam_search
from seqviz.models.captioner import Captioner as Captioner
from seqviz.models.captioners import AnyCaptioner as AnyCaptioner
from seqviz.models.captioners import captioned as captioned
from seqviz.models.causal import CausalTransformer as CausalTransformer
from seqviz.models.decoding import greedy as greedy
from seqviz.models.decoding import sample as sample
from seqviz.models.encoder_decoder import EncoderDecoder as EncoderDecoder
from seqviz.models.ensemble import Ensemble as Ensemble
from seqviz.models.feedforward import Feedforward as Feedforward
from seqviz.models.network import Network as Network
from seqviz.models.network import build_network as build_network
from seqviz.models.network import trained_network as trained_network
from seqviz.models.recurrent import SequenceModel as SequenceModel
from seqviz.models.seq2seq import NOTHING_ASKED as NOTHING_ASKED
from seqviz.models.seq2seq import Seq2Seq as Seq2Seq
from seqviz.models.transformer import Transformer as Transformer
from seqviz.models.transformer_captioner import TransformerCaptioner as TransformerCaptioner
