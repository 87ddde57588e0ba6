"""What a tokenizer.json may ask to be done with a text: steps that are known, and that never make much of little."""

from collections.abc import Iterator, Mapping
from typing import Any

from seqviz.errors import UnsupportedModelError
from seqviz.registry import shown

MOST_PIECES = 16  # of what a template makes of a text: the text itself, and symbols around it
STEPS = {
    "normalizer": (
        "normalizers", "BertNormalizer", "Lowercase", "NFC", "NFD", "NFKC", "NFKD", "Prepend", "Replace", "Strip",
        "StripAccents",
    ),
    "pre_tokenizer": (
        "pretokenizers", "BertPreTokenizer", "ByteLevel", "Digits", "Metaspace", "Punctuation", "Split", "Whitespace",
        "WhitespaceSplit",
    ),
    "post_processor": ("processors", "BertProcessing", "ByteLevel", "RobertaProcessing", "TemplateProcessing"),
}  # fmt: skip
MOST_PREPENDED = 4  # characters
_ENDINGS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"
_SIGNS = r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
# Regular expressions that texts may be split by: those of families known to be quick; any other may take for ever.
SPLITS = frozenset({rf"{_ENDINGS}\p{{N}}{_SIGNS}", rf"{_ENDINGS}\p{{N}}{{1,3}}{_SIGNS}"})  # Qwen's; Llama 3's
BLANKS = " {2,}"  # and the only one by which something may be replaced
AGAIN = ("Replace",)  # may be done more than once; of others a second time could make a text as long again


def check_steps(name: str, tokenizer: Mapping[str, Any]) -> None:
    """Refuse a tokenizer that could make a text many times as long, or take for ever over it.

    Args:
        name: of the model, for the message.
        tokenizer: what its tokenizer.json says.

    Raises:
        UnsupportedModelError: a step is not known, is done twice, or puts more in place of what it finds.
    """
    for part, (listed, *known) in STEPS.items():
        seen: set[str] = set()
        for step in _steps(tokenizer.get(part), listed):
            kind = step.get("type") if isinstance(step, dict) else step
            if not isinstance(kind, str) or kind not in known or (kind in seen and kind not in AGAIN) or not _stays_short(step):
                raise UnsupportedModelError(
                    f"the {part} of the model {name!r} may be made of {', '.join(known)}, each once and none that makes "
                    f"a text much longer, got {shown(step)}"
                )
            seen.add(kind)


def _steps(asked: Any, listed: str) -> Iterator[Any]:
    """Yield what is asked for: nothing, one step, or a sequence of them."""
    if isinstance(asked, dict) and asked.get("type") == "Sequence":
        steps = asked.get(listed)
        yield from steps if isinstance(steps, list) else [steps]
    elif asked is not None:
        yield asked


def _stays_short(step: Any) -> bool:
    if step["type"] == "Replace":
        pattern, content = step.get("pattern"), step.get("content")
        found = pattern.get("String") if isinstance(pattern, dict) else None  # a regular expression may take for ever
        if isinstance(pattern, dict) and pattern.get("Regex") == BLANKS:
            return isinstance(content, str) and len(content) <= 2
        return isinstance(found, str) and isinstance(content, str) and len(content) <= len(found)
    if step["type"] == "Prepend":
        return isinstance(step.get("prepend"), str) and len(step["prepend"]) <= MOST_PREPENDED
    if step["type"] == "Split":
        pattern = step.get("pattern")
        return isinstance(pattern, dict) and ("String" in pattern or pattern.get("Regex") in SPLITS)
    if step["type"] == "TemplateProcessing":
        templates = [step.get("single"), step.get("pair"), *_symbols(step.get("special_tokens"))]
        return all(isinstance(each, list) and len(each) <= MOST_PIECES for each in templates)
    return True


def _symbols(special: Any) -> list[Any]:
    """Return the list of symbols of each special token of a template."""
    return (
        [each.get("ids") if isinstance(each, dict) else None for each in special.values()]
        if isinstance(special, dict)
        else [None]
    )
