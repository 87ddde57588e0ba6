"""A script's parts: functions, classes and constants of this package as a script has them, and everything that they need."""

import ast
import builtins
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache

from seqviz.errors import ConfigError
from seqviz.export.known import Code, Known, Record
from seqviz.export.source import PACKAGE, module
from seqviz.export.specialised import specialised
from seqviz.export.text import Text, edited


@dataclass(frozen=True)
class Part:
    """One function, class or constant of this package, with the settings of a script written out."""

    name: str
    module: str  # where it is lifted from
    text: str
    brought: Mapping[str, str]  # names in it that another module knows → that module


@dataclass
class Parts:
    """The parts that a script is made of, each once, after all that it needs."""

    lift: Callable[[str, str], Part]  # (name, module) → the part
    attributes: frozenset[str]  # that are read anywhere: methods by other names are left out
    given: frozenset[str]  # names that the script defines elsewhere
    homes: dict[str, str] = field(default_factory=dict)  # name → module
    texts: dict[str, None] = field(default_factory=dict)  # in order; one statement may define several names
    imports: set[tuple[str, str | None, str]] = field(default_factory=set)  # module, name there, name here

    def add(self, name: str, home: str) -> None:
        """Lift ``name``, as the module ``home`` knows it, and all that it needs.

        Raises:
            ConfigError: it is found nowhere, or two different parts of a script have one name.
        """
        home, there = origin(home, name)
        if not home.startswith(f"{PACKAGE}."):
            self.imports.add((home, there, name))
            return
        if there != name or self.homes.get(name, home) != home:
            raise ConfigError(f"no script can be written: two parts of it would be called {name}, one of them of {home}")
        if name in self.homes:
            return
        part = self.lift(name, home)
        text = without_methods(part.text, self.attributes)
        self.homes[name] = home
        for needed in names_used(text):
            if needed != name and needed not in self.given and not hasattr(builtins, needed):
                self.add(needed, part.brought.get(needed, home))
        self.texts[text] = None

    def __str__(self) -> str:
        """Return all parts as the text of a script, constants close together."""
        written = [""]
        for text in self.texts:
            is_near = _is_constant(text) and _is_constant(written[-1])
            written += ["\n" if is_near else "\n\n\n", text]
        return "".join(written).strip("\n")


def linked(roots: Iterable[tuple[str, str]], settings: Mapping[str, object], given: Iterable[str] = ()) -> Parts:
    """Return the parts of a script that has all ``roots``, in this order.

    Args:
        roots: functions, classes or constants, and the modules that define or import them.
        settings: what is known in all of them: expression → value, object with settings, or code.
        given: names that the script defines elsewhere.
    """
    roots, attributes = list(roots), frozenset[str]()
    lift = cache(lambda name, home: lifted(name, home, settings))
    while True:
        parts = Parts(lift, attributes, frozenset(given))
        for name, home in roots:
            parts.add(name, home)
        read = frozenset[str]().union(*map(attributes_read, parts.texts))
        if read <= attributes:
            return parts
        attributes |= read


def lifted(name: str, home: str, settings: Mapping[str, object]) -> Part:
    """Return ``name`` of the module ``home`` with ``settings`` written out."""
    text = module(home).definitions[name]
    read = re.compile(rf"\b(?:{'|'.join(map(re.escape, settings))})\b")
    return _lifted(name, home, settings) if settings and read.search(text) else _lifted_as_it_is(name, home)


@cache
def _lifted_as_it_is(name: str, home: str) -> Part:
    return _lifted(name, home, {})


def _lifted(name: str, home: str, settings: Mapping[str, object]) -> Part:
    known = Known(settings, lambda table: _table(home, table))
    text = specialised(module(home).definitions[name], known).rstrip()
    return Part(name, home, text, known.brought)


def origin(home: str, name: str) -> tuple[str, str | None]:
    """Return the module that defines what ``home`` calls ``name``, and its name there; None: it is that module.

    Raises:
        ConfigError: it is neither defined there nor imported.
    """
    while home.startswith(f"{PACKAGE}.") and name not in module(home).definitions:
        if name not in module(home).imports:
            raise ConfigError(f"no script can be written: {home} neither defines nor imports {name}")
        home, there = module(home).imports[name]
        if there is None:
            return home, None
        name = there
    return home, name


def record_of(home: str, function: str, settings: Mapping[str, object], wanted: Iterable[str]) -> Record:
    """Return what a function whose last statement returns a call builds, with ``settings`` written out.

    Args:
        home: the module of the function.
        function: its name.
        settings: what is known there.
        wanted: the parts of what is built that a script asks for.

    Raises:
        ConfigError: there is no such function.
    """
    known = Known(settings, lambda table: _table(home, table))
    if function not in module(home).definitions:
        raise ConfigError(f"no script can be written: {home} has no function {function}")
    text = specialised(module(home).definitions[function], known)
    (node,) = ast.parse(text).body
    assert isinstance(node, ast.FunctionDef), f"{function} is a function"
    body = [one for one in node.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
    last = body[-1]
    assert isinstance(last, ast.Return), f"{function} returns what it builds"
    assert isinstance(last.value, ast.Call), f"{function} names the parts of what it builds"
    parts = _parts_of(last.value, home)
    statements = "".join(f"{ast.unparse(one)}\n" for one in body[:-1])
    used = names_used(statements + "\n".join(parts[name].text for name in wanted))
    there = module(home)
    return Record(statements, parts, home, tuple(one for one in used if one in there.definitions or one in there.imports))


@cache
def _table(home: str, name: str) -> Mapping[str, Code | Record] | None:
    if name not in module(home).definitions and name not in module(home).imports:
        return None
    home, there = origin(home, name)
    table = module(home).table(there) if there and home.startswith(f"{PACKAGE}.") else None
    return None if table is None else {key: _entry(Code(text, home)) for key, text in table.items()}


def _entry(code: Code) -> Code | Record:
    """Return what a table holds; it is a record where it is a call by keywords, or of a function that returns one."""
    node = ast.parse(code.text, mode="eval").body
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return code
    if node.keywords and not node.args:
        return Record("", _parts_of(node, code.module), code.module, ())
    function = module(code.module).definitions.get(node.func.id, "")
    if not function.startswith("def "):
        return code
    given = {one.arg: Code(ast.unparse(part), code.module) for one, part in zip(_arguments(function), node.args, strict=True)}
    return record_of(code.module, node.func.id, given, ())


def _arguments(function: str) -> list[ast.arg]:
    (node,) = ast.parse(function).body
    assert isinstance(node, ast.FunctionDef), "it defines a function"
    return node.args.args


def _parts_of(call: ast.Call, home: str) -> Mapping[str, Code]:
    """Return what a call is given by name."""
    return {one.arg: Code(ast.unparse(one.value), home) for one in call.keywords if one.arg}


def _is_constant(text: str) -> bool:
    return bool(text) and not text.startswith(("def ", "class ", "@"))


@lru_cache(maxsize=1024)  # scripts share most of their parts
def without_methods(source: str, attributes: frozenset[str]) -> str:
    """Return a class without the methods that are not in ``attributes``, where no base class may call them."""
    if not source.startswith(("class ", "@")):
        return source
    text = Text(source)
    node = text.tree.body[0]
    if not isinstance(node, ast.ClassDef) or [ast.unparse(base) for base in node.bases] not in ([], ["nn.Module"]):
        return source
    methods = [one for one in node.body if isinstance(one, ast.FunctionDef) and not one.name.startswith("__")]
    left = edited(source, [text.without(one, one) for one in methods if one.name not in attributes | {"forward"}])
    return re.sub(r"\n{3,}", "\n\n", left).rstrip()


@lru_cache(maxsize=1024)
def attributes_read(text: str) -> frozenset[str]:
    """Return the names of what ``text`` reads off anything."""
    return frozenset(node.attr for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute))


@lru_cache(maxsize=1024)
def names_used(text: str) -> tuple[str, ...]:
    """Return the names that ``text`` uses and does not bind itself, in the order in which it does."""
    tree = ast.parse(text)
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    bound = {node.id for node in nodes if not isinstance(node.ctx, ast.Load)}
    bound |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    methods = {one for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for one in node.body}
    bound |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node not in methods}
    found = sorted(nodes, key=lambda node: (node.lineno, node.col_offset))
    return tuple(dict.fromkeys(node.id for node in found if node.id not in bound))


def import_lines(imports: Iterable[tuple[str, str | None, str]]) -> str:
    """Return the import statements of a script: of the standard library first, then of others."""
    lines = {
        other: sorted(_imports_of(imports, other), key=lambda line: (line.startswith("from"), line)) for other in (False, True)
    }
    return "\n\n".join("\n".join(some) for some in lines.values() if some)


def _imports_of(imports: Iterable[tuple[str, str | None, str]], other: bool) -> Iterator[str]:
    names: dict[str, list[str]] = {}
    for home, there, here in imports:
        if (home.split(".")[0] not in sys.stdlib_module_names) is not other:
            continue
        if there is None:
            yield f"import {home}" if home == here else f"import {home} as {here}"
        else:
            names.setdefault(home, []).append(there if there == here else f"{there} as {here}")
    yield from (f"from {home} import {', '.join(sorted(some))}" for home, some in names.items())
