"""Run folders, texts and handles: everything that outlives the app. No torch here.

A run folder, below ``<url>/runs/<run id>/``:

==============================  ================================================================================
``status.json``                 the manifest: state, steps done, machine, versions, and the checksum of each file
``experiment.json``             the experiment, and then those it goes on from
``metrics-….safetensors``       one column per metric, one row per training step
``probes-….safetensors``        gradient flow and gate statistics on the probe batch
``weights-….safetensors``       the model's weights; a character model's vocabulary in the header
``checkpoint-….safetensors``    weights and optimizer state: all that is needed to go on
``snapshot-<step>-….safetensors``  weights kept for looking back
==============================  ================================================================================

Texts are ``<url>/texts/<name>.txt``, handles ``<url>/handles/<person>/<run id>.json``,
damaged runs ``<url>/damaged/<run id>-<n>/``.
"""

from seqviz.store.handles import Handle as Handle
from seqviz.store.handles import Handles as Handles
from seqviz.store.manifest import Manifest as Manifest
from seqviz.store.manifest import Status as Status
from seqviz.store.runs import Run as Run
from seqviz.store.snapshots import kept_snapshots as kept_snapshots
from seqviz.store.snapshots import moments as moments
from seqviz.store.store import Store as Store
from seqviz.store.store import open_store as open_store
from seqviz.store.texts import Texts as Texts
from seqviz.store.texts import standard_library as standard_library
from seqviz.store.writer import Progress as Progress
from seqviz.store.writer import RunWriter as RunWriter
from seqviz.store.writer import status_now as status_now
