"""What a person takes home of a run; each file is made only when it is asked for."""

from collections.abc import Callable
from io import BytesIO

import streamlit as st

from seqviz.experiment import FeedforwardConfig, RecurrentConfig, Seq2SeqConfig, TransformerConfig
from seqviz.experiment.task import CharactersConfig, TranslationConfig
from seqviz.export import metrics_csv, training_script
from seqviz.lab import RunView
from seqviz.ui.runs.sharing import BETWEEN_RUNS, write_run
from seqviz.ui.shell.cache import lab

SCRIPTED = (RecurrentConfig, Seq2SeqConfig, FeedforwardConfig, TransformerConfig)


def offer(view: RunView) -> None:
    """Draw a button for each thing that can be taken home of a run."""
    stem = f"{view.experiment.model.name}-{view.experiment.task.to_json()['name']}-{view.id[:8]}"
    _file("Metrics (CSV)", lambda: metrics_csv(view.metrics), f"{stem}-metrics.csv", "text/csv", view)
    if isinstance(view.experiment.model, SCRIPTED):
        _file("Script (plain PyTorch)", lambda: script_of(view), f"{stem}.py", "text/x-python", view)
    if view.steps_done in view.snapshot_steps or not view.live:
        _file(
            "Weights (safetensors)",
            lambda: lab().store.weights_bytes(view.id),
            f"{stem}.safetensors",
            "application/octet-stream",
            view,
        )
    task = view.experiment.task
    if isinstance(task, TranslationConfig) and task.text:
        _file("Sentences", lambda: lab().store.texts.read(task.text), f"{task.text}.tsv", "text/tab-separated-values", view)
    if isinstance(task, CharactersConfig):
        _file("Text", lambda: lab().store.texts.read(task.text), f"{task.text}.txt", "text/plain", view)
    st.caption("Each figure has its own PNG and CSV buttons. This link opens the run anywhere:")
    st.code(link_to(view), language=None, wrap_lines=True)


def script_of(view: RunView) -> str:
    """Return the run's experiment as a script that trains it without seqviz."""
    task, threads = view.experiment.task, lab().settings.lab.threads_per_worker
    own = isinstance(task, TranslationConfig) and task.text
    text = lab().store.texts.read(task.text) if own else None  # type: ignore[attr-defined]
    return training_script(view.experiment, view.ancestors, threads=threads, text=text)


def link_to(view: RunView) -> str:
    """Return the address of this page with this one run on its board."""
    address = (st.context.url or "train").partition("?")[0]
    ancestors = f"&ancestors={BETWEEN_RUNS.join(map(write_run, view.ancestors))}" if view.ancestors else ""
    return f"{address}?runs={write_run(view.experiment)}{ancestors}"


def _file(label: str, make: Callable[[], str | bytes], name: str, kind: str, view: RunView) -> None:
    st.download_button(
        label, _later(make), file_name=name, mime=kind, key=f"train.take.{label}.{view.id}", on_click="ignore", width="stretch"
    )


def _later(make: Callable[[], str | bytes]) -> Callable[[], BytesIO]:
    def made() -> BytesIO:
        content = make()
        return BytesIO(content.encode() if isinstance(content, str) else content)

    return made
