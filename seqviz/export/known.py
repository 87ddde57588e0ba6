"""What is known of a source when a script is written: what its settings are, and so what its expressions are."""

import ast
import json
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, is_dataclass

UNKNOWN = object()
PLAIN = (bool, int, float, str, type(None), tuple, dict)  # what can be written out, and computed with
COMPARED: Mapping[type, Callable[..., bool]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Is: operator.is_, ast.IsNot: operator.is_not,
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.In: lambda one, many: one in many, ast.NotIn: lambda one, many: one not in many,
}  # fmt: skip
ADDED: Mapping[type, Callable[[int, int], int]] = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul}


@dataclass(frozen=True)
class Code:
    """An expression, as a module has it."""

    text: str
    module: str


@dataclass(frozen=True)
class Record:
    """What a function of a module builds: the statements before it returns, and the parts of what it returns, by name."""

    statements: str
    parts: Mapping[str, Code]
    module: str
    needs: tuple[str, ...]  # what they use of that module


@dataclass
class Known:
    """What is known of a source."""

    values: Mapping[str, object]  # expression → its value, an object that settings are read off, or code
    table: Callable[[str], Mapping[str, Code | Record] | None]  # constant → what it holds by name
    brought: dict[str, str] = field(default_factory=dict)  # name → module, of what was written in from others

    def with_values(self, more: Mapping[str, object]) -> "Known":
        """Return what is known where ``more`` is known too."""
        return Known({**self.values, **more}, self.table, self.brought)

    def bring(self, text: str, module: str) -> str:
        """Note that the names in ``text`` are those of ``module``, and return it."""
        self.brought.update({part.id: module for part in ast.walk(ast.parse(text)) if isinstance(part, ast.Name)})
        return text

    def decides(self, node: ast.expr) -> bool:
        """Return whether settings have a say in an expression."""
        names = (part for part in ast.walk(node) if isinstance(part, ast.Name | ast.Attribute))
        return any(self.value(part) is not UNKNOWN for part in names)

    def value(self, node: ast.expr) -> object:
        """Return what an expression is, or UNKNOWN."""
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name | ast.Attribute):
            return self._named(node)
        if isinstance(node, ast.Subscript):
            return self._record(node)
        if isinstance(node, ast.BoolOp):
            return self._joined(node)
        if isinstance(node, ast.IfExp):
            test = self.value(node.test)
            return UNKNOWN if test is UNKNOWN else self.value(node.body if test else node.orelse)
        parts = [self.value(part) for part in _parts(node)]
        return _computed(node, parts) if parts and all(isinstance(part, PLAIN) for part in parts) else UNKNOWN

    def _named(self, node: ast.Name | ast.Attribute) -> object:
        if isinstance(node, ast.Name):
            return self.values.get(node.id, UNKNOWN)
        base = self.value(node.value)
        if base is UNKNOWN and isinstance(node.value, ast.Name):
            return self.values.get(f"{node.value.id}.{node.attr}", UNKNOWN)
        if isinstance(base, Record):
            return _literal(base.parts[node.attr]) if node.attr in base.parts else UNKNOWN
        return getattr(base, node.attr, UNKNOWN) if holds_settings(base) else UNKNOWN

    def _record(self, node: ast.Subscript) -> object:
        """Return the record that a table holds by a name that is known, or UNKNOWN."""
        key, table = self.value(node.slice), self.table(node.value.id) if isinstance(node.value, ast.Name) else None
        found = table.get(key) if table and isinstance(key, str) else None
        return found if isinstance(found, Record) else UNKNOWN

    def _joined(self, node: ast.BoolOp) -> object:
        values = [self.value(part) for part in node.values]
        decisive = isinstance(node.op, ast.Or)
        if any(isinstance(value, PLAIN) and bool(value) is decisive for value in values):
            return decisive
        return values[-1] if all(isinstance(value, PLAIN) for value in values) else UNKNOWN


def holds_settings(value: object) -> bool:
    """Return whether a value is an object that settings are read off; all of these are dataclasses."""
    return is_dataclass(value) and not isinstance(value, Code)


def written(value: object) -> str:
    """Return a value as Python."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _literal(code: Code) -> object:
    """Return what code is that says no more than a number, a text or the like; else the code."""
    node = ast.parse(code.text, mode="eval").body
    return node.value if isinstance(node, ast.Constant) else code


def _parts(node: ast.expr) -> list[ast.expr]:
    """Return the parts that an expression is computed from, where it is of a kind that is computed here."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in COMPARED:
        return [node.left, *node.comparators]
    if isinstance(node, ast.BinOp) and type(node.op) in ADDED:
        return [node.left, node.right]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return [node.operand]
    if isinstance(node, ast.JoinedStr):
        return [part.value if isinstance(part, ast.FormattedValue) else part for part in node.values]
    return node.elts if isinstance(node, ast.Tuple) else []


def _computed(node: ast.expr, parts: list[object]) -> object:
    if isinstance(node, ast.Compare):
        return COMPARED[type(node.ops[0])](*parts)
    if isinstance(node, ast.BinOp):
        whole = [part for part in parts if isinstance(part, int)]
        return ADDED[type(node.op)](*whole) if len(whole) == 2 else UNKNOWN
    if isinstance(node, ast.UnaryOp):
        return not parts[0]
    return "".join(map(str, parts)) if isinstance(node, ast.JoinedStr) else tuple(parts)
