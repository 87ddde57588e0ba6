"""Sentences and their translations: generated, with known alignments, or uploaded. No torch here."""

from seqviz.corpora.alignment import alignment_error_rate as alignment_error_rate
from seqviz.corpora.alignment import strongest_links as strongest_links
from seqviz.corpora.columns import Columns as Columns
from seqviz.corpora.corpus import CORPORA as CORPORA
from seqviz.corpora.corpus import Corpus as Corpus
from seqviz.corpora.corpus import held_out as held_out
from seqviz.corpora.corpus import is_held_out as is_held_out
from seqviz.corpora.corpus import learned as learned
from seqviz.corpora.dependencies import Dependency as Dependency
from seqviz.corpora.dependencies import held_out_dependencies as held_out_dependencies
from seqviz.corpora.dependencies import held_out_dependency as held_out_dependency
from seqviz.corpora.dependencies import learned_dependencies as learned_dependencies
from seqviz.corpora.own import dealt_out as dealt_out
from seqviz.corpora.own import own_corpus as own_corpus
from seqviz.corpora.own import own_words as own_words
from seqviz.corpora.own import pairs_as_text as pairs_as_text
from seqviz.corpora.own import pairs_of_text as pairs_of_text
from seqviz.corpora.pair import SentencePair as SentencePair
from seqviz.corpora.parallel import ParallelLimits as ParallelLimits
from seqviz.corpora.parallel import parallel_pairs as parallel_pairs
from seqviz.corpora.parallel import parallel_table as parallel_table
from seqviz.corpora.text import joined as joined
from seqviz.corpora.text import tokenise as tokenise
from seqviz.corpora.vocabulary import WordVocabulary as WordVocabulary
