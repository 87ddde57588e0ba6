"""Training loops that were watched, step by step as they ran.

A watched run has a random id and no experiment: it is never trained again, and nothing removes it unasked. Its folder, below
``<url>/watched/<id>/``, holds ``about.json`` and one ``step-<n>.safetensors`` for each watched step.
"""

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from seqviz.errors import DamagedRunError, MissingRunError
from seqviz.records import GradientFlow, WatchedLayer, WatchedRun, WatchedStep
from seqviz.store.arrays import decode, decode_notes, encode
from seqviz.store.files import Files

FOLDER, ABOUT = "watched", "about.json"
FLOW_ARRAYS = ("hidden_norms", "cell_norms", "direct_norms", "lengths")
SHARES = ("left_saturated", "right_saturated")


class WatchedWriter:
    """Writes one watched run as it goes.

    Args:
        url: the store.
        model: the class of the model.
        every: how many steps lie between two that are watched.

    Raises:
        StoreError: it cannot be written to.
    """

    def __init__(self, url: str, model: str, every: int) -> None:
        self._files, self.id = Files(url), secrets.token_hex(6)
        self._about: dict[str, Any] = {"model": model, "every": every, "started": time.time(), "state": "running"}
        self._write_about()

    def write(self, step: WatchedStep) -> None:
        """Write one step, whole or not at all."""
        self._files.write(f"{FOLDER}/{self.id}/step-{step.step}.safetensors", encode_step(step))

    def end(self, error: str | None) -> None:
        """Write how the run ended."""
        self._about["state"] = "ended" if error is None else f"broke off: {error}"
        self._write_about()

    def _write_about(self) -> None:
        self._files.write(f"{FOLDER}/{self.id}/{ABOUT}", json.dumps(self._about, indent=2).encode())


class WatchedRuns:
    """The watched runs at ``url``."""

    def __init__(self, url: str) -> None:
        self._files = Files(url)

    def ids(self) -> list[str]:
        """Return the ids of all watched runs, the latest first."""
        begun = {one: self._about(one).get("started", 0.0) for one in self._files.folders(FOLDER)}
        return sorted(begun, key=lambda one: -begun[one])

    def open(self, run: str, known: Mapping[int, WatchedStep] | None = None) -> WatchedRun:
        """Return a watched run, also while it is being written; ``known`` steps are not read again.

        Raises:
            MissingRunError: there is none of that id.
        """
        files = self._files.sizes(f"{FOLDER}/{run}") if run.isalnum() else {}
        if not files:
            raise MissingRunError(run)
        found, damaged = dict[int, WatchedStep](), list[str]()
        for name in files:
            number = name.removeprefix("step-").removesuffix(".safetensors")
            if name == ABOUT or not number.isdigit():
                continue
            seen = (known or {}).get(int(number)) or self._step(run, name)
            if seen is None:
                damaged.append(name)
            else:
                found[seen.step] = seen
        return replace(self.about(run), steps=tuple(found[step] for step in sorted(found)), damaged=tuple(sorted(damaged)))

    def about(self, run: str) -> WatchedRun:
        """Return what a watched run says of itself, without its steps."""
        about = self._about(run)
        return WatchedRun(
            id=run,
            model=str(about.get("model", "a model")),
            started=float(about.get("started", 0.0)),
            every=int(about.get("every", 1)),
            state=str(about.get("state", "damaged: about.json cannot be read")),
            steps=(),
        )

    def _about(self, run: str) -> dict[str, Any]:
        content = self._files.read(f"{FOLDER}/{run}/{ABOUT}")
        try:
            found = json.loads(content or b"")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def _step(self, run: str, name: str) -> WatchedStep | None:
        content = self._files.read(f"{FOLDER}/{run}/{name}")
        try:
            return None if content is None else decode_step(content)
        except (DamagedRunError, ValueError, KeyError):
            return None


def encode_step(step: WatchedStep) -> bytes:
    """Return a watched step as one safetensors file."""
    arrays: dict[str, np.ndarray] = {}
    for name, layer in step.layers.items():
        arrays |= {f"flow/{name}/{one}": value for one in FLOW_ARRAYS if (value := getattr(layer.flow, one)) is not None}
        for one in SHARES:
            arrays |= {f"{one}/{name}/{gate}": value for gate, value in getattr(layer, one).items()}
    arrays |= {f"entropy/{name}": value for name, value in step.entropies.items()}
    layers = {name: {"kind": one.kind, "sequences": one.sequences, "note": one.flow.note} for name, one in step.layers.items()}
    about = {
        "step": step.step, "norm_before": step.norm_before, "norm_after": step.norm_after, "notes": step.notes,
        "not_finite": step.not_finite, "layers": layers,
    }  # fmt: skip
    return encode(arrays, {"about": json.dumps(about)})


def decode_step(content: bytes) -> WatchedStep:
    """Return the step that :func:`encode_step` wrote.

    Raises:
        DamagedRunError: it did not write this.
    """
    arrays = decode(content)
    about = json.loads(decode_notes(content).get("about", "{}"))
    layers = {}
    for name, said in about["layers"].items():
        flow: dict[str, Any] = {one: arrays.get(f"flow/{name}/{one}") for one in FLOW_ARRAYS}
        shares = {one: _below(arrays, f"{one}/{name}/") for one in SHARES}
        layers[name] = WatchedLayer(
            kind=said["kind"], sequences=said["sequences"], flow=GradientFlow(**flow, note=said["note"]), **shares
        )
    return WatchedStep(
        step=about["step"], norm_before=about["norm_before"], norm_after=about["norm_after"], layers=layers,
        entropies=_below(arrays, "entropy/"), notes=tuple(about["notes"]), not_finite=about["not_finite"],
    )  # fmt: skip


def _below(arrays: Mapping[str, np.ndarray], prefix: str) -> dict[str, np.ndarray]:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
