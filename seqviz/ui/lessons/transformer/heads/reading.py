"""What a Transformer is given to read, and which pairs of words belong together where that is known."""

from dataclasses import dataclass, replace

from seqviz.corpora import SentencePair, held_out_dependency
from seqviz.corpora.dependencies import KINDS
from seqviz.corpora.vocabulary import EOS, SPECIAL
from seqviz.errors import LimitError
from seqviz.experiment.task import CharactersConfig, TranslationConfig, WordsConfig
from seqviz.questions import HEADS, PUBLISHED_HEADS
from seqviz.records import HeadTrace
from seqviz.store.published.offered import state_of, translates
from seqviz.subjects.heads import ReadByHeads
from seqviz.subjects.published import ReadByPublished
from seqviz.ui.lessons.transformer.heads.settings import LINE, PUBLISHED_TEXTS
from seqviz.ui.lessons.transformer.heads.sources import PublishedReader
from seqviz.ui.runs.networks import Network
from seqviz.ui.runs.translators import Translator, chosen_sentence, translator_of
from seqviz.ui.shell.cache import traced
from seqviz.ui.shell.page import Page

END = SPECIAL[EOS]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What the heads do with a text, and the pair of sentences that it is of, where one was chosen."""

    record: HeadTrace
    pair: SentencePair | None = None

    @property
    def links(self) -> frozenset[tuple[int, int]] | None:
        """The right links (source, target), where what is written is the right translation."""
        if self.pair is None or not self.pair.links:
            return None
        written = self.record.written[: -1 if self.record.written[-1:] == (END,) else None]
        return self.pair.links if written == self.pair.target else None


def chosen_reading(page: Page, reader: Network | PublishedReader) -> Reading:
    """Draw what can be set of the text, and return what the heads do with it.

    Raises:
        SeqvizError: the text cannot be read.
    """
    if isinstance(reader, PublishedReader):
        return _published(page, reader)
    task = reader.experiment.task
    if isinstance(task, TranslationConfig):
        return _translated(page, translator_of(reader))
    asked = ReadByHeads(run=reader.run, step=reader.step)
    if isinstance(task, CharactersConfig | WordsConfig):
        if not page["text"]:
            page["text"] = sample_text(task)
        return Reading(record=traced(HEADS, replace(asked, text=page.control("text"))))
    return Reading(record=traced(HEADS, replace(asked, seed=page.control("seed"))))


def sample_text(task: CharactersConfig | WordsConfig) -> str:
    """Return a text to begin with."""
    if isinstance(task, CharactersConfig):
        return LINE
    return " ".join(held_out_dependency(next(iter(KINDS)), min(task.fillers, 3), 0).words)


def _published(page: Page, reader: PublishedReader) -> Reading:
    asked = ReadByPublished(folder=reader.folder, state=state_of(reader.folder))
    if not page["text"]:
        page["text"] = _readable(asked)
    asked = replace(asked, text=page.control("text"))
    if translates(reader.folder):
        asked = replace(asked, target=page.control("target"))
    return Reading(record=traced(PUBLISHED_HEADS, asked))


def _readable(asked: ReadByPublished) -> str:
    """Return the longest of the texts to begin with that the model, on this server, has room for."""
    for text in PUBLISHED_TEXTS[:-1]:
        try:
            traced(PUBLISHED_HEADS, replace(asked, text=text))
        except LimitError:
            continue
        return text
    return PUBLISHED_TEXTS[-1]


def _translated(page: Page, translator: Translator) -> Reading:
    text, pair = chosen_sentence(page, translator)
    given = ""
    if pair is not None and page.control("reads") == "right":
        given = translator.given(pair)
    elif pair is None:
        given = page.control("given")
    asked = ReadByHeads(run=translator.run, step=translator.step, text=text, target=given)
    return Reading(record=traced(HEADS, asked), pair=pair)
