"""The parts of a script that trains a word language model: the sentences it learns from, and how they are read."""

import json
import zlib
from base64 import b64encode
from textwrap import wrap

from seqviz.corpora import learned_dependencies
from seqviz.corpora.dependency_lexicon import DEPENDENCY_WORDS
from seqviz.errors import ConfigError
from seqviz.experiment import Experiment
from seqviz.experiment.task import WordsConfig
from seqviz.export.writing import LARGEST
from seqviz.export.writing_template import DATA

READ_SENTENCES = '''
def read_sentences():
    """Return the words that are known, and the sentences to learn from, by name."""
    found = json.loads(zlib.decompress(base64.b64decode(SENTENCES)))  # SENTENCES: at the end of this file, compressed
    return found["words"], found["sentences"]


def numbered(sentences, known):
    """Return the number of each word: 0 pads behind a sentence's end, 3 is every unknown word, the known ones begin at 4."""
    numbers = {word: number for number, word in enumerate(known, start=4)}
    longest = max(map(len, sentences))
    return torch.tensor([[numbers.get(word, 3) for word in one] + [0] * (longest - len(one)) for one in sentences])
'''

MAIN_SENTENCES = """
    known, written = read_sentences()
    sentences = {name: numbered(some, known) for name, some in written.items()}"""


def name_of(task: WordsConfig) -> str:
    """Return what a script calls the sentences of ``task``.

    >>> name_of(WordsConfig(sentences=500, fillers=1))
    '500 with up to 1'
    """
    return f"{task.sentences} with up to {task.fillers}"


def words_data(line: tuple[Experiment, ...]) -> str:
    """Return the sentences that are learned from, and the words that are known, as the end of a script.

    Args:
        line: the experiment, and before it those that it goes on from; each may learn from other sentences.

    Raises:
        ConfigError: they are more than a script should hold.
    """
    tasks = {name_of(one.task): one.task for one in line if isinstance(one.task, WordsConfig)}
    sentences = {
        name: [one.words for one in learned_dependencies(task.sentences, task.fillers)] for name, task in tasks.items()
    }
    written = json.dumps({"words": DEPENDENCY_WORDS, "sentences": sentences}, separators=(",", ":"))
    packed = b64encode(zlib.compress(written.encode(), 9)).decode()
    if len(packed) > LARGEST:
        raise ConfigError(
            f"a script holds the sentences that it learns from, at most {LARGEST:,} characters of them compressed, and these "
            f"{sum(map(len, sentences.values())):,} take {len(packed):,}: let the network learn from fewer"
        )
    return DATA.format(lines="\n".join(wrap(packed, 120)))
