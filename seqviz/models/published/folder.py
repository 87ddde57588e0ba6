"""What a folder in Hugging Face format must be before anything in it is opened: whole, known, and free of code."""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from seqviz.errors import LimitError, StoreError, UnsupportedModelError
from seqviz.models.published.architectures import GENERIC, GENERIC_TOKENIZER, Architecture
from seqviz.models.published.tokenizer import check_steps
from seqviz.registry import shown
from seqviz.store.published.files import (
    CONFIG,
    INDEX,
    MOST_CONFIG_BYTES,
    PICKLED,
    SPECIAL,
    TOKENIZER,
    TOKENIZER_CONFIG,
    WEIGHTS,
)

MOST_JSON_BYTES = 50_000_000  # of a tokenizer; the header of the weights too
MOST_OTHER_BYTES = 50_000_000  # of a tokenizer's other files
MOST_LABELS = 100_000
OTHERS = ("*.txt", "*.spm", "*.jinja")
DETOURS = {  # settings that have other files opened than those looked through
    CONFIG: ("transformers_weights", "quantization_config"),
    TOKENIZER_CONFIG: ("init_inputs", "fast_tokenizer_files", "gguf_file", "merges", "tokenizer_object", "vocab"),
}
BESIDE = ("adapter_config.json", "shard-*-model-*")  # files that would be opened in their place
FLOAT_BYTES = 4  # weights are held in float32, whatever they are kept in


def check_folder(folder: Path, known: Mapping[str, Architecture], most_bytes: int) -> tuple[str, int]:
    """Make sure that the model in ``folder`` is whole and that opening it runs no code of its own.

    Args:
        folder: with config.json, a tokenizer's files, and weights as safetensors.
        known: the architectures that can be opened, by ``model_type``.
        most_bytes: that the weights may have.

    Returns:
        Its ``model_type``, and how many numbers its weights are.

    Raises:
        StoreError: it is no model, or not whole.
        UnsupportedModelError: its weights are pickled, it asks for code of its own, or its architecture is not known.
        LimitError: it is larger than this server allows.
    """
    if not (folder / CONFIG).is_file():
        raise StoreError(f"the folder {folder.name!r} is no model in Hugging Face format: it has no {CONFIG}")
    settings = {name: _json(folder / name) for name in (CONFIG, TOKENIZER_CONFIG) if (folder / name).is_file()}
    for name, asked in settings.items():
        _refuse_detours(folder, name, asked)
    beside = next((file.name for form in BESIDE for file in sorted(folder.glob(form))), None)
    if beside is not None:
        raise UnsupportedModelError(f"the folder {folder.name!r} has {beside}, which would stand in for its weights")
    kind = settings[CONFIG].get("model_type")
    if not isinstance(kind, str) or kind not in known:
        allowed = ", ".join(known)
        raise UnsupportedModelError(f"models of the architecture {shown(kind)} cannot be looked into; known: {allowed}")
    labels = settings[CONFIG].get("num_labels", 0)
    if type(labels) is not int or not 0 <= labels <= MOST_LABELS:  # each would get a name
        raise LimitError(f"num_labels of a published model may be at most {MOST_LABELS:,}, got {shown(labels)}")
    _check_tokenizer_class(folder, known[kind], settings)
    _check_tokenizer(folder, known[kind].tokenizers)
    return kind, _check_weights(folder, most_bytes)


def is_generic(folder: Path, named: object) -> bool:
    """Return whether a folder names a class of tokenizers that does what its tokenizer.json says, whichever model's it is."""
    return str(named).removesuffix("Fast") in GENERIC and (folder / TOKENIZER).is_file()


def tokenizer_named(folder: Path) -> object:
    """Return the class of tokenizers that a folder names; None where it names none."""
    file = folder / TOKENIZER_CONFIG
    return _json(file).get("tokenizer_class") if file.is_file() else None


def _refuse_detours(folder: Path, name: str, asked: Mapping[str, Any]) -> None:
    if "auto_map" in asked:
        raise UnsupportedModelError(
            f"the model {folder.name!r} asks in {name} for code of its own (auto_map), which is never run here"
        )
    detour = next((each for each in DETOURS[name] if asked.get(each) is not None), None)
    if detour is not None:
        raise UnsupportedModelError(
            f"the model {folder.name!r} asks in {name} for other files than those in its folder ({detour})"
        )


def _check_tokenizer_class(folder: Path, architecture: Architecture, settings: Mapping[str, Mapping[str, Any]]) -> None:
    """Make sure that a folder names no class, and no setting of one, that opens other files than those in it."""
    allowed = (architecture.tokenizer, *architecture.same_tokenizers)
    for name, asked in settings.items():
        given = asked.get("tokenizer_class")
        known = str(given).removesuffix("Fast") in allowed or is_generic(folder, given)
        if given is not None and not known and architecture.tokenizer != GENERIC_TOKENIZER:
            raise UnsupportedModelError(
                f"the tokenizer of {folder.name!r} must be a {' or '.join(allowed)}, and {name} asks for {shown(given)}"
            )
    if settings.get(TOKENIZER_CONFIG, {}).get("sp_model_kwargs"):
        raise UnsupportedModelError(
            f"the model {folder.name!r} asks in {TOKENIZER_CONFIG} for sentence pieces opened otherwise (sp_model_kwargs)"
        )
    special = _json(folder / SPECIAL) if (folder / SPECIAL).is_file() else {}
    strange = next((each for each in special if not each.endswith(("_token", "_special_tokens"))), None)
    if strange is not None:  # everything in there becomes a setting of the tokenizer, paths of files too
        raise UnsupportedModelError(f"{SPECIAL} of the model {folder.name!r} must name special tokens, got {shown(strange)}")


def _check_tokenizer(folder: Path, enough: Sequence[Sequence[str]]) -> None:
    for file in sorted(folder.glob("*.json")):
        read = _any_json(file)
        if file.name == TOKENIZER:
            check_steps(folder.name, _object(read, file))
    for file in (file for form in OTHERS for file in sorted(folder.glob(form))):
        if file.stat().st_size > MOST_OTHER_BYTES:
            raise LimitError(f"{file.name} may have at most {MOST_OTHER_BYTES:,} bytes, got {file.stat().st_size:,}")
    if not any(all((folder / name).is_file() for name in names) for names in enough):
        needed = ", or ".join(" and ".join(names) for names in enough)
        raise StoreError(f"the folder {folder.name!r} has no tokenizer: it needs {needed}")


def _check_weights(folder: Path, most_bytes: int) -> int:
    """Return how many numbers the weights are, once it is sure that they are all there."""
    files = _weight_files(folder)
    for file in files:
        if not file.is_file():
            raise StoreError(f"the model {folder.name!r} is not whole: {file.name} is missing")
    stored = sum(_count_whole(file) for file in files)
    if FLOAT_BYTES * stored > most_bytes:
        raise LimitError(
            f"weights of a published model may have at most {most_bytes:,} bytes in float32 on this server, "
            f"got {FLOAT_BYTES * stored:,}"
        )
    return stored


def _weight_files(folder: Path) -> list[Path]:
    """Return the files of the weights, of which there may be several, named by an index."""
    if (folder / WEIGHTS).is_file():
        return [folder / WEIGHTS]
    if not (folder / INDEX).is_file():
        pickled = sorted(file.name for file in folder.iterdir() if file.name.endswith(PICKLED))
        if pickled:
            raise UnsupportedModelError(
                f"the weights of {folder.name!r} are pickled ({pickled[0]}), and opening them could run code: "
                f"only safetensors are opened, which save_pretrained of transformers writes"
            )
        raise StoreError(f"the folder {folder.name!r} has no weights: {WEIGHTS} is missing")
    named = _json(folder / INDEX).get("weight_map")
    names = set(named.values()) if isinstance(named, dict) else set()
    if not names or any(not isinstance(name, str) or Path(name).name != name for name in names):
        raise StoreError(
            f"the index of the weights of {folder.name!r} must name files beside it, got {shown(sorted(map(str, names)))}"
        )
    return [folder / name for name in sorted(names)]


def _count_whole(file: Path) -> int:
    """Return how many numbers a safetensors file holds; one that is shorter or longer than its own header says is refused."""
    size = file.stat().st_size
    with file.open("rb") as held:
        length = int.from_bytes(held.read(8), "little")
        if not 2 <= length <= min(size - 8, MOST_JSON_BYTES):
            raise StoreError(f"the weights {file.name} are truncated or no safetensors: {size:,} bytes")
        header = _parsed(held.read(length), file)
    parts = [part for name, part in header.items() if name != "__metadata__"]
    ends = [part["data_offsets"][1] for part in parts if isinstance(part, dict) and _offsets(part.get("data_offsets"))]
    if len(ends) < len(parts) or 8 + length + max(ends, default=0) != size:
        raise StoreError(f"the weights {file.name} are truncated: its header names other than {size:,} bytes")
    shapes = [part.get("shape") for part in parts]
    if not all(map(_whole_numbers, shapes)):
        raise StoreError(f"the weights {file.name} are damaged: a shape in its header is none")
    return sum(math.prod(shape) for shape in shapes)


def _offsets(value: object) -> bool:
    return _whole_numbers(value) and len(value) == 2  # type: ignore[arg-type]


def _whole_numbers(value: object) -> bool:
    return isinstance(value, list) and all(type(each) is int and each >= 0 for each in value)


def _json(file: Path) -> dict[str, Any]:
    return _object(_any_json(file), file)


def _any_json(file: Path) -> Any:
    most = MOST_CONFIG_BYTES if file.name == CONFIG else MOST_JSON_BYTES
    try:
        size = file.stat().st_size
        written = file.read_bytes() if size <= most else b""
    except OSError as error:
        raise StoreError(f"{file.name} of the model {file.parent.name!r} cannot be read: {error.strerror}") from error
    if size > most:
        raise StoreError(f"{file.name} may have at most {most:,} bytes, got {size:,}")
    return _loaded(written, file)


def _parsed(written: bytes, file: Path) -> dict[str, Any]:
    return _object(_loaded(written, file), file)


def _loaded(written: bytes, file: Path) -> Any:
    try:
        return json.loads(written)
    except (ValueError, RecursionError) as error:
        raise StoreError(f"{file.name} of the model {file.parent.name!r} is damaged: it holds no JSON") from error


def _object(read: object, file: Path) -> dict[str, Any]:
    if not isinstance(read, dict):
        raise StoreError(f"{file.name} of the model {file.parent.name!r} is damaged: it must hold a JSON object")
    return read
