"""Runs at rest, as the store has them, each read once."""

import threading
from dataclasses import replace

from seqviz.errors import DamagedRunError
from seqviz.lab.view import FINAL, RunView, stored_view
from seqviz.store import Store
from seqviz.store.recent import Recent

PLACES = 64  # for views
NOTES = 1000  # on damages, and as many on failures


class Shelf:
    """Views of stored runs, with what was noted about them since the app started. Safe from many threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._views: Recent[str, tuple[float, RunView]] = Recent(PLACES)  # with the time of their last commit
        self._damages: Recent[str, str] = Recent(NOTES)
        self._failures: Recent[str, str] = Recent(NOTES)

    def look(self, run_id: str, *, heal: bool = False) -> RunView | None:
        """Return the stored run's view, or None where there is none.

        Args:
            run_id: the run.
            heal: take a damaged run for none at all (it was set aside), and note why.

        Raises:
            DamagedRunError: without ``heal``, where the stored run is damaged.
        """
        try:
            view = self._read(run_id)
        except DamagedRunError as error:
            if not heal:
                raise
            with self._lock:
                self._damages.put(run_id, str(error))
            return None
        return None if view is None else self.marked(view)

    def marked(self, view: RunView) -> RunView:
        """Return the view with what was noted about the run."""
        with self._lock:
            failure, damage = self._failures.get(view.id), self._damages.get(view.id)
        if failure is not None:
            return replace(view, state="failed", message=failure)
        return replace(view, message=view.message or damage or "")

    def note_failure(self, run_id: str, why: str) -> None:
        """Remember why a run failed, also where the store could not."""
        with self._lock:
            self._failures.put(run_id, why)

    def forget_failure(self, run_id: str) -> None:
        """The run is tried again."""
        with self._lock:
            self._failures.drop(run_id)

    def forget(self, run_id: str) -> None:
        """Read the run anew when it is next asked for."""
        with self._lock:
            self._views.drop(run_id)

    def _read(self, run_id: str) -> RunView | None:
        with self._lock:
            updated, view = self._views.get(run_id) or (0.0, None)
        if view is not None and view.state in FINAL:  # it no longer changes
            return view
        manifest = self._store.manifest(run_id)
        if manifest is None:
            return None
        if view is not None and manifest.status.updated == updated:
            return view
        run = self._store.open(run_id)
        if run is not None:
            with self._lock:
                self._views.put(run_id, (run.status.updated, stored_view(run)))
        return None if run is None else stored_view(run)
