"""A published Transformer, from a folder that this server offers, reads a text."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from seqviz.answers.heads import most_tokens
from seqviz.errors import TraceError
from seqviz.models.published.model import Published, open_published
from seqviz.records import AttentionHeads, HeadTrace
from seqviz.records.heads import CROSS, SELF
from seqviz.settings import settings
from seqviz.store.published.offered import files_state, folder_of
from seqviz.subjects.published import ReadByPublished
from seqviz.tracing.heads import heads_of_published


def answer_published(subject: ReadByPublished) -> HeadTrace:
    """Return what every head of a published Transformer does with the text.

    A translator's decoder reads ``target``, by default what the network writes itself.

    Raises:
        ConfigError: the optional package is not installed, or the folder is not one that this server offers.
        StoreError: there is no such folder, or what is in it is no model, or not whole.
        UnsupportedModelError: its architecture is not known, its weights are pickled, or it asks for code of its own.
        TextError: the text is empty.
        LimitError: it has more tokens than this server or the model allows.
    """
    folder = folder_of(subject.folder)
    model = _opened(str(folder), files_state(folder))
    most = most_tokens(*model.sizes)
    source = model.encoded(subject.text, most)
    unknown = model.unknown(subject.text, source)
    if not model.architecture.translates:
        if subject.target:
            raise TraceError("this model writes no translation that it could be made to write; leave it empty")
        (did,) = model.read(source)
        tokens = model.tokens(source)
        return HeadTrace(attentions=(heads_of_published(did, tokens, tokens),), written=(), given=False, unknown=unknown)
    written = model.encoded(subject.target, most, target=True) if subject.target.strip() else model.written(source, most)
    return replace(_translated(model, source, written, given=bool(subject.target.strip())), unknown=unknown)


def _translated(model: Published, source: Sequence[int], written: Sequence[int], *, given: bool) -> HeadTrace:
    read = (model.start, *written[:-1])
    known = {"source": model.tokens(source), "read": model.tokens(read), "written": model.tokens(written)}

    def named(kind: str) -> tuple[str, str]:
        return ("source", "source") if kind == SELF else ("written", "source") if kind == CROSS else ("read", "read")

    attentions: list[AttentionHeads] = []
    for did in model.read(source, written):
        asking, looked_at = named(did.kind)
        attentions.append(heads_of_published(did, known[asking], known[looked_at]))
    return HeadTrace(attentions=tuple(attentions), written=known["written"], given=given)


@lru_cache(maxsize=1)  # one may be as large as the server allows
def _opened(folder: str, state: str) -> Published:
    """Return the model in a folder whose files are in that state, as ``files_state`` describes it."""
    return open_published(Path(folder), settings().limits)
