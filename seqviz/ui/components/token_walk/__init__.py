"""One token's way through a Transformer in the browser: from the flow to a block's inside to one number's formula.

All of it is drawn from one message, in which weights go by their PyTorch names. Where the weights, keys and values would be
too much, the browser asks for the rows that a formula needs.
"""

import json
from collections.abc import Mapping
from typing import Any, TypeGuard

import numpy as np
import streamlit as st

from seqviz.figures.look import DARK, GATE_SCALE, STATE_SCALE
from seqviz.records.walk import SUBLAYERS, SublayerWalk, TokenWalk
from seqviz.ui.components.component import component, news, nothing

MOST_BYTES = 1_000_000  # of a message that carries every weight, key and value
MOST_TOKENS = 999  # of a sequence
MOST_ROWS = 400  # that a browser may ask for at once

Asked = tuple[tuple[str, int], ...]  # rows of arrays, by name
Weights = Mapping[str, np.ndarray]
Row = tuple[str, int, np.ndarray]

LAYERS = {"self": "self_attention", "cross": "cross_attention"}

_SCALES = {"states": list(STATE_SCALE), "shares": list(GATE_SCALE)}
_LOOK = {"light": _SCALES, "dark": {name: [DARK[each] for each in colours] for name, colours in _SCALES.items()}}
_mount = component(__name__, styles=("stepper",))


def show_walk(record: TokenWalk, weights: Weights, *, key: str, title: str, asked: Asked = ()) -> None:
    """Place ``record``; stepping, zooming and formulas happen in the browser alone, as far as the message reaches.

    Args:
        record: one token's way.
        weights: of the run, by their PyTorch names.
        key: of the component, unique on its page.
        title: the finding.
        asked: rows that the browser asked for.
    """
    _mount(key=key, data=packed(record, weights, title, asked), on_token_change=nothing, on_rows_change=nothing)


def reported_token(key: str) -> tuple[str, int] | None:
    """Return the side and the position of the token that was clicked just now, before the component is placed again."""
    return token_of(news(f"{key}.token", getattr(st.session_state.get(key), "token", None)))


def reported_rows(key: str) -> Asked:
    """Return the rows that the browser last asked for."""
    return rows_of(getattr(st.session_state.get(key), "rows", None))


def token_of(reported: Any) -> tuple[str, int] | None:
    """Return what the browser reported as a token, or None where it is none (a browser can send anything)."""
    if not isinstance(reported, Mapping):
        return None
    side, position = reported.get("side"), reported.get("position")
    named = isinstance(side, str) and side in ("encoder", "decoder")
    return (str(side), position) if named and _is_index(position) and position < MOST_TOKENS else None


def rows_of(reported: Any) -> Asked:
    """Return what the browser reported as rows, or none where it is no such thing."""
    if not isinstance(reported, list | tuple) or len(reported) > MOST_ROWS:
        return ()
    pairs = [each for each in reported if isinstance(each, list | tuple) and len(each) == 2]
    return tuple((name, row) for name, row in pairs if isinstance(name, str) and _is_index(row))


def _is_index(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def packed(record: TokenWalk, weights: Weights, title: str, asked: Asked = ()) -> bytes:
    """Return the message: its header's length, the header as JSON, and the arrays.

    The numbers of the walk are float64, weights the float32 that they were trained in.
    """
    light, heavy = arrays_of(record, weights)
    whole = sum(array.nbytes for array in (*light.values(), *heavy.values())) <= MOST_BYTES
    carried = {**light, **heavy} if whole else light
    rows = [*_readout(record, weights), *(() if whole else _rows(heavy, asked))]
    entries, places, at = [], [], 0
    for name, array in carried.items():
        entries.append([name, *array.shape, array.itemsize, at])
        at += array.nbytes
    for name, row, array in rows:
        places.append([name, row, array.size, array.itemsize, at])
        at += array.nbytes
    header = {**_header(record, title), "arrays": entries, "rows": places}
    written = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    body = (array.tobytes() for array in (*carried.values(), *(array for _, _, array in rows)))
    return b"".join((len(written).to_bytes(4, "little"), written, *body))


def arrays_of(record: TokenWalk, weights: Weights) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Return every array of the message as a matrix: what is always sent, and what may be too much."""
    light = {name: getattr(record, name) for name in ("kept", "embedded", "place", "entered", "result")}
    heavy: dict[str, np.ndarray] = {}
    if record.next is not None:
        light |= {"logits": record.next.logits, "chances": record.next.chances[record.next.best]}
    for number, one in enumerate(record.sublayers):
        light |= _streams(number, one)
        heavy |= _seen(number, one)
    for name, array in weights.items():
        if name.startswith((f"{record.side}.layers.", f"{record.side}.norm.")) or (record.next and name == "readout.bias"):
            (light if ".norm" in name else heavy)[name] = array.astype("<f4", copy=False)
    return _matrices(light), _matrices(heavy)


def blocks_of(record: TokenWalk) -> list[dict[str, Any]]:
    """Return the blocks of the flow in their order, each with the names of the arrays that it reads and makes.

    Those that only read from the stream are branches; a norm is one where it precedes its sublayer.
    """
    blocks = _entering_blocks(record)
    for number, one in enumerate(record.sublayers):
        blocks += _sublayer_blocks(record, number, one)
    if record.norm == "pre":
        blocks.append(
            {"kind": "norm", "title": "last norm", "layer": 0, "last": True, "out": "result",
             "from": [f"{len(record.sublayers) - 1}.result"], "weights": f"{record.side}.norm"}
        )  # fmt: skip
    if record.next is not None:
        ending = {"layer": 0, "from": ["result"]}
        blocks += [{"kind": "logits", "title": "logits", **ending}, {"kind": "softmax", "title": "softmax", **ending}]
    return blocks


def _entering_blocks(record: TokenWalk) -> list[dict[str, Any]]:
    word = {"kind": "word", "title": record.noun, "layer": 0, "out": "embedded", "from": ["kept"]}
    if record.positions == "none":
        return [{**word, "stage": 0}]
    position = {
        "kind": "position", "title": "position", "layer": 0, "out": "entered", "from": ["embedded", "place"], "stage": 0,
        "says": f"{record.noun} + position", "called": [f"the {record.noun}'s number", "the position's"],
    }  # fmt: skip
    return [word, position]


def _sublayer_blocks(record: TokenWalk, number: int, one: SublayerWalk) -> list[dict[str, Any]]:
    prefix, layer = f"{record.side}.layers.{one.layer}", one.layer + 1
    norm = {"kind": "norm", "title": "norm", "layer": layer, "weights": f"{prefix}.norms.{one.kind}"}
    names = {"look": f"{number}.look", "states": _states_name(number, one), "inner": f"{number}.inner"}
    sublayer = {
        "kind": one.kind, "title": SUBLAYERS[one.kind], "layer": layer, "from": [f"{number}.read"], "out": f"{number}.output",
        "weights": f"{prefix}.{LAYERS[one.kind]}" if one.kind in LAYERS else prefix, **names, "branch": True,
    }  # fmt: skip
    added = {
        "kind": "sum", "title": "add", "layer": layer, "from": [f"{number}.inputs", f"{number}.output"],
        "out": f"{number}.added", "says": f"stream + {SUBLAYERS[one.kind]}", "called": ["the stream", SUBLAYERS[one.kind]],
    }  # fmt: skip
    stage = {"stage": number + 1}  # behind which the lens looks
    if record.norm == "pre":
        return [{**norm, "from": [f"{number}.inputs"], "out": f"{number}.read", "branch": True}, sublayer, {**added, **stage}]
    return [sublayer, added, {**norm, **stage, "from": [f"{number}.added"], "out": f"{number}.result"}]


def _header(record: TokenWalk, title: str) -> dict[str, Any]:
    due = record.next
    return {
        "title": title, "side": record.side, "position": record.position, "token": record.token,
        "table": record.table, "noun": record.noun,
        "source": record.source, "read": record.read, "written": record.written, "unknown": record.unknown,
        "tokens": record.tokens, "positions": record.positions, "norm": record.norm, "epsilon": record.epsilon,
        "width": len(record.entered), "heads": record.heads, "unit": len(record.entered) // record.heads,
        "blocks": blocks_of(record), "due": due and due.due, "words": due and due.words,
        "best": due and due.best.tolist(), "lens": due and due.lens.due.tolist(), "look": _LOOK,
    }  # fmt: skip


def _streams(number: int, one: SublayerWalk) -> dict[str, np.ndarray]:
    found = {f"{number}.{name}": getattr(one, name) for name in ("inputs", "read", "output", "added", "result")}
    if one.inner is not None:
        found[f"{number}.inner"] = one.inner
    if one.look is not None:
        found |= {f"{number}.look.{name}": getattr(one.look, name) for name in ("queries", "scores", "weights", "mixed")}
    return found


def _seen(number: int, one: SublayerWalk) -> dict[str, np.ndarray]:
    if one.look is None:
        return {}
    units = one.look.keys.shape[-1]
    return {
        f"{number}.look.keys": one.look.keys.reshape(-1, units),
        f"{number}.look.values": one.look.values.reshape(-1, units),
        _states_name(number, one): one.look.states,
    }


def _states_name(number: int, one: SublayerWalk) -> str:
    return "memory" if one.kind == "cross" else f"{number}.states"  # every layer crosses to the same states


def _matrices(arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {name: np.ascontiguousarray(np.atleast_2d(array)) for name, array in arrays.items()}


def _readout(record: TokenWalk, weights: Weights) -> list[Row]:
    """Return the readout's rows of the likeliest words; the others are not read."""
    if record.next is None:
        return []
    table = weights["readout.weight"]
    return [("readout.weight", int(symbol), table[symbol].astype("<f4")) for symbol in record.next.best]


def _rows(arrays: Mapping[str, np.ndarray], asked: Asked) -> list[Row]:
    return [(name, row, arrays[name][row]) for name, row in asked if name in arrays and row < len(arrays[name])]
