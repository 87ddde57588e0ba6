"""The store: runs, texts and handles at one URL, and the pretrained runs that are looked up first."""

import json
import logging
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

import numpy as np

from seqviz.corpora import WordVocabulary
from seqviz.errors import DamagedRunError, MissingRunError, StoreError
from seqviz.experiment import Experiment
from seqviz.settings import Settings, settings
from seqviz.store.arrays import decode, decode_notes
from seqviz.store.files import Files
from seqviz.store.handles import Handles
from seqviz.store.manifest import Manifest
from seqviz.store.own import OwnWeights
from seqviz.store.runs import Run, RunFolders
from seqviz.store.texts import Texts
from seqviz.store.writer import RunWriter

log = logging.getLogger(__name__)
Result = TypeVar("Result")


class Store:
    """Everything that outlives the app, at ``url``; nothing here imports torch, and all of it may be used from many threads.

    Args:
        url: a folder or any URL that fsspec knows.
        pretrained: a read-only store that is looked up first.
        text_bytes: the largest text that may be added.

    Raises:
        StoreError: there is no such kind of URL.
    """

    def __init__(self, url: str, pretrained: str | None = None, *, text_bytes: int = 2_000_000) -> None:
        own = Files(url)
        self.url = own.url
        self._own = RunFolders(own)
        self._pretrained = RunFolders(Files(pretrained), read_only=True) if pretrained else None
        self._unusable: set[str] = set()
        self.texts = Texts((own, self._pretrained.files) if self._pretrained else (own,), text_bytes)
        self.handles = Handles(own)
        self.own = OwnWeights(own)

    def open(self, run_id: str) -> Run | None:
        """Return the run, verified, or None where it has not been trained.

        Raises:
            DamagedRunError: its files do not match their checksums; it has been set aside and can be trained again.
            StoreError: the store cannot be read.
        """
        return self._first(run_id, lambda folders: folders.open(run_id))

    def run(self, run_id: str) -> Run:
        """Return the run, verified.

        Raises:
            MissingRunError: it has not been trained here.
            DamagedRunError: as :meth:`open` does.
        """
        run = self.open(run_id)
        if run is None:
            raise MissingRunError(run_id)
        return run

    def manifest(self, run_id: str) -> Manifest | None:
        """Return what the run's folder says of itself, without reading the rest."""
        return self._first(run_id, lambda folders: folders.manifest(run_id))

    def experiment(self, run_id: str) -> Experiment | None:
        """Return the run's experiment, or None where there is no such run."""
        run = self.open(run_id)
        return None if run is None else run.experiment

    def weights(self, run_id: str, step: int | None = None) -> dict[str, np.ndarray]:
        """Return the weights after ``step`` training steps (None: the last), by parameter name.

        Raises:
            StoreError: there is no such run, or its weights at that step were not kept.
        """
        return decode(self._weights_file(run_id, step))

    def vocabulary(self, run_id: str) -> str | None:
        """Return a character model's characters in the order of their indices; None for other models."""
        return decode_notes(self._weights_file(run_id, None)).get("vocabulary")

    def word_vocabularies(self, run_id: str) -> dict[str, WordVocabulary]:
        """Return the words that a run knows, by what they are of: "source" and "target", or the "words" of captions.

        Raises:
            StoreError: the run is missing, damaged, or knows no words.
        """
        note = self.vocabulary(run_id)
        if note is None:
            raise StoreError(f"run {run_id} keeps no words that it knows")
        return {name: WordVocabulary(tuple(words)) for name, words in json.loads(note).items()}

    def checkpoint(self, run_id: str) -> dict[str, np.ndarray] | None:
        """Return everything needed to go on from the run's last commit, or None where it was not kept."""
        content = self._first(run_id, lambda folders: folders.content(run_id, "checkpoint"))
        return None if content is None else decode(content)

    def weights_bytes(self, run_id: str, step: int | None = None) -> bytes:
        """Return the same weights as the bytes of a safetensors file, to take home."""
        return self._weights_file(run_id, step)

    def writer(self, experiment: Experiment, ancestors: tuple[Experiment, ...] = ()) -> RunWriter:
        """Return the writer of the experiment's run; there must be one at a time."""
        return RunWriter(self._own, experiment, ancestors)

    def mark(self, run_id: str, state: str, message: str) -> None:
        """Record how a run ended where its worker could not; nothing else of it changes."""
        self._own.mark(run_id, state, message)

    def pretrained_ids(self) -> list[str]:
        """Return the ids of the pretrained runs."""
        return self._pretrained.ids() if self._pretrained else []

    def run_ids(self) -> list[str]:
        """Return the ids of all runs in the store itself."""
        return self._own.ids()

    def _weights_file(self, run_id: str, step: int | None) -> bytes:
        manifest = self.manifest(run_id)
        if manifest is None:
            raise MissingRunError(run_id)
        role = "weights" if step is None or step == manifest.status.steps_done else f"snapshot-{step}"
        content = self._first(run_id, lambda folders: folders.content(run_id, role))
        if content is None:
            kept = ", ".join(map(str, manifest.snapshot_steps)) or "none but the last"
            raise StoreError(f"the weights after step {step} of run {run_id} were not kept; kept: {kept}")
        return content

    def _first(self, run_id: str, read: Callable[[RunFolders], Result | None]) -> Result | None:
        """Return what ``read`` finds, among the pretrained runs first; a damaged one of those is skipped from then on."""
        if self._pretrained is not None and run_id not in self._unusable:
            try:
                found = read(self._pretrained)
            except DamagedRunError as error:
                log.warning("%s", error)
                self._unusable.add(run_id)
            else:
                if found is not None:
                    return found
        return read(self._own)


def open_store() -> Store:
    """Return the store that this process's settings name; workers and traces find runs and texts here."""
    return _opened(settings())


@lru_cache(maxsize=4)
def _opened(chosen: Settings) -> Store:
    return Store(chosen.store.url, chosen.store.pretrained, text_bytes=chosen.limits.text_bytes)
