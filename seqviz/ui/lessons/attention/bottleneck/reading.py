"""Which networks the page looks at, and what they write."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from seqviz.questions import EXAMINATION
from seqviz.records import Examination
from seqviz.subjects.examination import Examined
from seqviz.ui.lessons.attention.bottleneck.settings import MEMBERS
from seqviz.ui.runs.shipped import shipped
from seqviz.ui.shell.cache import traced_many

TRANSLATOR = "translation-"  # begins the names of all that translate
WAYS = {"with attention": "additive", "without attention": "none"}
ORDERS = {"read forwards": "forwards", "read backwards": "backwards"}


def translators(names: Iterable[str]) -> list[str]:
    """Return the runs of the translators of these names.

    Raises:
        StoreError: one did not come with the app.
    """
    return [shipped(f"{TRANSLATOR}{name}").run for name in names]


def examined(names: Mapping[str, str], *, sentences: int, longest: int) -> dict[str, Examination]:
    """Return what each network writes for the same held-out sentences, by its label."""
    runs = translators(names.values())
    asked = [Examined(run=run, sentences=sentences, longest=longest) for run in runs]
    records = traced_many(tuple((EXAMINATION, each) for each in asked))
    return dict(zip(names, records, strict=True))


def examined_together(*, sentences: int, width: int) -> tuple[list[Examination], list[Examination]]:
    """Return what each member of the ensemble writes alone, and what the first one, the first two, … write together."""
    runs = translators(f"member-{seed}" for seed in range(MEMBERS))
    whole = Examined(sentences=sentences, width=width)
    alone = [replace(whole, run=run) for run in runs]
    grown = [replace(whole, run=runs[0], others=",".join(runs[1:count])) for count in range(2, MEMBERS + 1)]
    records = traced_many(tuple((EXAMINATION, each) for each in (*alone, *grown)))
    return records[:MEMBERS], [records[0], *records[MEMBERS:]]
