"""What reads one sentence and writes another, with recurrence or without."""

from seqviz.models.seq2seq import Seq2Seq
from seqviz.models.transformer import Transformer

EncoderDecoder = Seq2Seq | Transformer
