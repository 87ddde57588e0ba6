"""See how sequence models learn: exact gradients through time, gates and cells of any nn.RNN, nn.LSTM or nn.GRU.

Importing seqviz costs nothing; torch is imported by the first trace.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seqviz import figures as figures
    from seqviz import records as records
    from seqviz.store.records import load as load
    from seqviz.store.records import save as save
    from seqviz.tracing.agreement import agreement as agreement
    from seqviz.tracing.contributions import weight_contributions as weight_contributions
    from seqviz.tracing.criterion import pascanu_criterion as pascanu_criterion
    from seqviz.tracing.gates import trace_gates as trace_gates
    from seqviz.tracing.gradient_flow import gradient_flow as gradient_flow
    from seqviz.tracing.gradient_map import gradient_map as gradient_map
    from seqviz.tracing.jacobians import jacobians as jacobians
    from seqviz.tracing.leaks import assert_no_leak as assert_no_leak
    from seqviz.tracing.leaks import leaks as leaks
    from seqviz.watching.watch import watch as watch

__version__ = "0.1.0"

__all__ = [
    "agreement",
    "assert_no_leak",
    "figures",
    "gradient_flow",
    "gradient_map",
    "jacobians",
    "leaks",
    "load",
    "pascanu_criterion",
    "records",
    "save",
    "trace_gates",
    "watch",
    "weight_contributions",
]

_HOMES = {
    "agreement": "seqviz.tracing.agreement",
    "assert_no_leak": "seqviz.tracing.leaks",
    "gradient_flow": "seqviz.tracing.gradient_flow",
    "gradient_map": "seqviz.tracing.gradient_map",
    "jacobians": "seqviz.tracing.jacobians",
    "leaks": "seqviz.tracing.leaks",
    "load": "seqviz.store.records",
    "pascanu_criterion": "seqviz.tracing.criterion",
    "save": "seqviz.store.records",
    "trace_gates": "seqviz.tracing.gates",
    "watch": "seqviz.watching.watch",
    "weight_contributions": "seqviz.tracing.contributions",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name in (*__all__, "notebook"):
        return import_module(f"seqviz.{name}")
    raise AttributeError(f"module 'seqviz' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
