"""The package's own modules as text: what each defines, without annotations, and what it imports. None is imported."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

from seqviz.errors import ConfigError

PACKAGE = "seqviz"
NOT_LIFTED = (  # what a script has no use for → what replaces it
    (re.compile(r"  # (?:type: ignore|noqa|fmt:).*$", re.MULTILINE), ""),  # told mypy and ruff alone
    (re.compile(r'\n\n *(?:>>> |(?:Example|Raises):\n).*?(?=\n\n|\n *""")', re.DOTALL), ""),  # tests; errors not raised
    (re.compile(r":(?:attr|class|func|meth):`~?(?:\w+\.)*(\w+)`"), r"``\1``"),  # links within the lab's documentation
    (re.compile(r'("""[^"\n]+)\n *"""'), r'\1"""'),  # one line is left
    (re.compile(r"\n{3,}"), "\n\n"),
)


@dataclass(frozen=True)
class Module:
    """A module of seqviz, read as text."""

    name: str
    definitions: Mapping[str, str]  # functions, classes and constants, as plain Python
    imports: Mapping[str, tuple[str, str | None]]  # name here → module, and the name there; None: the module itself

    def table(self, name: str) -> Mapping[str, str] | None:
        """Return the constant ``name`` as key → expression where it is a dictionary by names, else None."""
        found = ast.parse(self.definitions.get(name, "")).body
        value = found[0].value if found and isinstance(found[0], ast.Assign) else None
        if not isinstance(value, ast.Dict) or not all(isinstance(key, ast.Constant) for key in value.keys):
            return None
        return {
            str(ast.literal_eval(key)): ast.unparse(item) for key, item in zip(value.keys, value.values, strict=True) if key
        }


@cache
def module(name: str) -> Module:
    """Return the module called ``name``, with its dots.

    Raises:
        ConfigError: there is none.
    """
    if not has_module(name):
        raise ConfigError(f"no script can be written: there is no module {name}")
    source = _file_of(name).read_text(encoding="utf-8")
    body = ast.parse(source).body
    imports = {here: found for node in body for here, found in _imported(node)}
    return Module(name, dict(_defined(source, body)), imports)


def has_module(name: str) -> bool:
    """Return whether there is a module called ``name``."""
    return _file_of(name).is_file()


def _file_of(name: str) -> resources.abc.Traversable:
    place = resources.files(PACKAGE).joinpath(*name.split(".")[1:])
    return place / "__init__.py" if place.is_dir() else place.parent / f"{place.name}.py"  # type: ignore[attr-defined]


def _imported(node: ast.stmt) -> Iterator[tuple[str, tuple[str, str | None]]]:
    if isinstance(node, ast.Import):
        yield from ((alias.asname or alias.name, (alias.name, None)) for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield from ((alias.asname or alias.name, (node.module, alias.name)) for alias in node.names)


def _defined(source: str, body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for node, behind in zip(body, [*body[1:], None], strict=True):
        about = behind if behind is not None and _is_text(behind) else node
        text = plain(source, node, about.end_lineno or node.lineno)
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, plain(source, node)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            yield node.target.id, text
        elif isinstance(node, ast.Assign):
            yield from ((part.id, text) for part in ast.walk(node.targets[0]) if isinstance(part, ast.Name))


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def plain(source: str, node: ast.stmt, end: int | None = None) -> str:
    """Return ``node`` of ``source`` as text: each signature on one line, no annotations, no comments meant for tools.

    What is annotated and then returned in the next line is returned at once.
    """
    lines = source.splitlines()
    written: dict[int, str | None] = dict(enumerate(lines, start=1))
    for part in ast.walk(node):
        if isinstance(part, ast.FunctionDef):
            written |= dict.fromkeys(range(part.lineno, part.body[0].lineno))
            written[part.lineno] = f"{' ' * part.col_offset}def {part.name}({_arguments(part.args)}):"
        elif isinstance(part, ast.AnnAssign) and not _is_field(part, node):
            written |= _without_annotation(lines, part)
    for result, line in _results(node):
        written[result.lineno] = f"{' ' * result.col_offset}return {(written[result.lineno] or '').partition(' = ')[2]}"
        written[line] = None
    kept = [written[line] for line in range(_first_line(node), (end or node.end_lineno or 0) + 1)]
    text = "\n".join(line for line in kept if line is not None)
    for form, instead in NOT_LIFTED:
        text = form.sub(instead, text)
    return text


def _first_line(node: ast.stmt) -> int:
    decorators = node.decorator_list if isinstance(node, ast.FunctionDef | ast.ClassDef) else []
    return min([node.lineno, *(part.lineno for part in decorators)])


def _is_field(part: ast.AnnAssign, node: ast.stmt) -> bool:
    """Return whether an annotation makes a field of a dataclass."""
    return (
        isinstance(node, ast.ClassDef) and part in node.body and "dataclass" in "".join(map(ast.unparse, node.decorator_list))
    )


def _without_annotation(lines: list[str], part: ast.AnnAssign) -> dict[int, str | None]:
    if part.value is None:
        return {part.lineno: None}
    line, end = lines[part.lineno - 1].encode(), lines[(part.annotation.end_lineno or 1) - 1].encode()  # columns count bytes
    left, right = line[: part.target.end_col_offset], end[part.annotation.end_col_offset :]
    gone: dict[int, str | None] = dict.fromkeys(range(part.lineno, (part.annotation.end_lineno or 1) + 1))
    return gone | {part.lineno: (left + right).decode()}


def _results(node: ast.stmt) -> Iterator[tuple[ast.AnnAssign, int]]:
    """Give what is annotated for no other reason than to be returned, with the line that returns it."""
    functions = (one for one in ast.walk(node) if isinstance(one, ast.FunctionDef))
    for one, behind in (pair for function in functions for pair in pairwise(function.body)):
        returned = behind.value if isinstance(behind, ast.Return) else None
        if isinstance(one, ast.AnnAssign) and returned is not None and ast.unparse(one.target) == ast.unparse(returned):
            yield one, behind.lineno


def _arguments(arguments: ast.arguments) -> str:
    for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg):
        if one is not None:
            one.annotation = None
    return ast.unparse(arguments)
