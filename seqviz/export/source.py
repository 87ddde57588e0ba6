"""Functions of seqviz as plain Python text: read from their source, without annotations."""

import ast
import re
from functools import cache
from importlib import resources

Function = ast.FunctionDef | ast.ClassDef


def lifted(path: str, *names: str) -> str:
    """Return the functions and classes called ``names`` as they stand in ``path``, a file of this package.

    Comments and docstrings stay; annotations go. Nothing is imported.
    """
    source = _read(path)
    defined = {node.name: node for node in ast.parse(source).body if isinstance(node, Function)}
    return "\n\n\n".join(_plain(source.splitlines(), defined[name]) for name in names)


@cache
def _read(path: str) -> str:
    return resources.files("seqviz").joinpath(path).read_text(encoding="utf-8")


def _plain(lines: list[str], node: Function) -> str:
    """Return the lines of ``node``, each signature written anew on one line and annotations left out."""
    written: dict[int, str | None] = dict(enumerate(lines, start=1))
    for part in ast.walk(node):
        if isinstance(part, ast.FunctionDef):
            written |= dict.fromkeys(range(part.lineno, part.body[0].lineno))
            written[part.lineno] = f"{' ' * part.col_offset}def {part.name}({_arguments(part.args)}):"
        elif isinstance(part, ast.AnnAssign) and part.value is None:
            written[part.lineno] = None
        elif isinstance(part, ast.AnnAssign):
            line = lines[part.lineno - 1].encode()  # columns are counted in bytes
            written[part.lineno] = (line[: part.target.end_col_offset] + line[part.annotation.end_col_offset :]).decode()
    first = min(part.lineno for part in (node, *node.decorator_list))
    kept = [written[line] for line in range(first, (node.end_lineno or first) + 1)]
    text = "\n".join(line for line in kept if line is not None)
    return re.sub(r"\n{3,}", "\n\n", text)


def _arguments(arguments: ast.arguments) -> str:
    for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        one.annotation = None
    return ast.unparse(arguments)
