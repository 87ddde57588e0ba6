"""The sentences that a run learned from, compressed, at the end of its script."""

import base64
import json
import textwrap
import zlib
from collections.abc import Iterable, Mapping

from seqviz import corpora
from seqviz.corpora import learned_dependencies
from seqviz.corpora.dependency_lexicon import DEPENDENCY_WORDS
from seqviz.errors import ConfigError, TextError
from seqviz.experiment.task import OWN, TaskConfig, TranslationConfig, WordsConfig

LARGEST = 3_000_000  # characters of the sentences in a script
SENTENCES = ""  # what templates read: in a script, what :func:`sentences_of` returns


def sentences_of(tasks: Iterable[TaskConfig], text: str | None = None) -> str:
    """Return the sentences that ``tasks`` learn from, and the words that are known, as a script has them; or nothing.

    Args:
        tasks: of the experiments that a script trains; each may learn from other sentences of the same words.
        text: a person's own sentences.

    Raises:
        TextError: a person's own sentences are not given.
        ConfigError: they are more than a script should hold.
    """
    words = [task for task in tasks if isinstance(task, WordsConfig)]
    translations = [task for task in tasks if isinstance(task, TranslationConfig)]
    if words:
        return packed(*_dependencies(words))
    return packed(*_pairs(translations[-1], text)) if translations else ""


def packed(content: Mapping[str, object], count: int) -> str:
    """Return ``content``, which has ``count`` sentences, as text.

    Raises:
        ConfigError: there are more sentences than a script should hold.
    """
    written = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    lines = base64.b64encode(zlib.compress(written, 9)).decode()
    if len(lines) > LARGEST:
        raise ConfigError(
            f"a script holds the sentences that it learns from, at most {LARGEST:,} characters of them compressed, and these "
            f"{count:,} take {len(lines):,}: let the network learn from fewer"
        )
    about = "# The sentences that the run learned from, and the words that it knows: JSON, compressed, as text."
    return f'{about}\nSENTENCES = """\n' + "\n".join(textwrap.wrap(lines, 120)) + '\n"""'


def _dependencies(tasks: Iterable[WordsConfig]) -> tuple[Mapping[str, object], int]:
    names = {f"{task.sentences} with up to {task.fillers}": task for task in tasks}
    sentences = {
        name: [one.words for one in learned_dependencies(task.sentences, task.fillers)] for name, task in names.items()
    }
    return {"words": DEPENDENCY_WORDS, "sentences": sentences}, sum(map(len, sentences.values()))


def _pairs(task: TranslationConfig, text: str | None) -> tuple[Mapping[str, object], int]:
    learned, source, target = _learned(task, text)
    return {"source": source, "target": target, "pairs": [(pair.source, pair.target) for pair in learned]}, len(learned)


def _learned(task: TranslationConfig, text: str | None) -> tuple[list[corpora.SentencePair], tuple[str, ...], tuple[str, ...]]:
    if task.corpus != OWN:
        corpus = corpora.CORPORA[task.corpus]
        return corpora.learned(task.corpus, task.sentences, task.longest), corpus.source_words, corpus.target_words
    if text is None:
        raise TextError(f"a script that learns from {task.text} needs these sentences")
    learned, _ = corpora.dealt_out(corpora.pairs_of_text(text), task.sentences, task.longest, drawn=task.drawn)
    source, target = corpora.own_words(learned, task.vocabulary)
    return learned, source.words, target.words
