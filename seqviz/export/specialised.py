"""Source text in which what is known is written out: settings are numbers, branches are taken, tables are looked up.

What a network or a task is trained with is known when a script is written. So ``if config.norm == "pre":`` is not asked in a
script: one branch stays. ``nn.Linear(config.width, config.inner)`` becomes ``nn.Linear(64, 256)``, and what hands the settings
on goes, since nothing reads them any more.
"""

import ast
import re
import textwrap
from collections.abc import Collection, Iterator, Mapping

from seqviz import errors
from seqviz.errors import ConfigError
from seqviz.export.known import PLAIN, UNKNOWN, Code, Known, Record, holds_settings, written
from seqviz.export.text import Edit, Text, edited


def specialised(source: str, known: Known) -> str:
    """Return ``source`` with all that is ``known`` written out; comments stay."""
    while edits := list(Reading(source, known).edits()):
        source = edited(source, edits)
    return source


class Reading:
    """One reading of a source: finds what can be written out. Nested cases are found when it is read again."""

    def __init__(self, source: str, known: Known) -> None:
        self.text = Text(source)
        self.known = known
        self.value = known.value
        functions = [node for node in ast.walk(self.text.tree) if isinstance(node, ast.FunctionDef)]
        inner = (part for node in functions for part in ast.walk(node) if part is not node)
        self.closures = {part for part in inner if isinstance(part, ast.FunctionDef)}

    def edits(self) -> Iterator[Edit]:
        """Yield what can be written out; local names first, since only their function says what they are."""
        functions = [node for node in ast.walk(self.text.tree) if isinstance(node, ast.FunctionDef)]
        local = next(filter(None, map(self._settled_name, functions)), [])
        yield from local or self._block(self.text.tree.body)

    def _block(self, body: list[ast.stmt]) -> Iterator[Edit]:
        returns = [number for number, one in enumerate(body, start=1) if isinstance(one, ast.Return)]
        if returns and body[returns[0] :]:
            yield self.text.without(body[returns[0]], body[-1])  # nothing gets there
            body = body[: returns[0]]
        for one in body:
            edit = self.text.without(one, one) if self._is_gone(one) else self._statement(one)
            yield from self._within(one) if edit is None else [edit]

    def _within(self, node: ast.AST) -> Iterator[Edit]:
        for _, value in ast.iter_fields(node):
            parts = value if isinstance(value, list) else [value]
            if parts and isinstance(parts[0], ast.stmt):
                yield from self._block(parts)
            else:
                yield from (edit for part in parts if isinstance(part, ast.AST) for edit in self._part(part))

    def _part(self, node: ast.AST) -> Iterator[Edit]:
        edit = self._expression(node) if isinstance(node, ast.expr) else None
        given = [] if edit or not isinstance(node, ast.Call) else self._not_handed_on(node) or self._spread(node)
        yield from [edit] if edit else given or self._within(node)

    # Statements.

    def _is_gone(self, node: ast.stmt) -> bool:
        """Return whether nothing is left of a statement: it hands settings on, or checks what has been checked."""
        if isinstance(node, ast.Assign):
            target = self.value(node.targets[0])
            return target is not UNKNOWN and not (isinstance(target, Record) and target.statements)
        if isinstance(node, ast.If) and self.value(node.test) is not UNKNOWN:
            return not self._is_elif(node) and all(map(self._is_gone, node.body if self.value(node.test) else node.orelse))
        if isinstance(node, ast.If | ast.For):
            return not node.orelse and (_is_refusal(node.body[-1]) or all(map(self._is_gone, node.body)))
        return isinstance(node, ast.Assert) or (isinstance(node, ast.FunctionDef) and all(map(self._is_gone, node.body)))

    def _statement(self, node: ast.stmt) -> Edit | None:
        if isinstance(node, ast.If):
            return self._branch(node)
        if isinstance(node, ast.For):
            return self._unrolled(node)
        if isinstance(node, ast.FunctionDef):
            return self._signature(node)
        record = self.value(node.targets[0]) if isinstance(node, ast.Assign) else None
        if not isinstance(record, Record):
            return None
        statements = self.known.bring(record.statements, record.module)
        return self.text.with_lines(node, textwrap.indent(statements, " " * node.col_offset))

    def _branch(self, node: ast.If) -> Edit | None:
        """Return the branch that is taken, or the test without what is known of it."""
        value = self.value(node.test)
        if value is UNKNOWN:
            return self._open(node.test)
        branch, column = node.body if value else node.orelse, node.col_offset
        if branch and isinstance(branch[0], ast.If) and self._is_elif(branch[0]):  # "elif" becomes "if", or what this was
            return Edit(self.text.start(node), self.text.start(branch[0]) + len("" if self._is_elif(node) else "el"))
        if not self._is_elif(node):
            return self.text.with_lines(node, self.text.block(branch, column))
        last = f"{' ' * column}else:\n{self.text.block(branch, branch[0].col_offset)}" if branch else ""
        return self.text.with_lines(node, last)

    def _is_elif(self, node: ast.If) -> bool:
        return self.text.between(self.text.start(node), self.text.start(node) + 2) == "el"

    def _unrolled(self, node: ast.For) -> Edit | None:
        """Return the body of a loop over what is known, once for each."""
        values = self.value(node.iter)
        if not isinstance(values, tuple) or not isinstance(node.target, ast.Name):
            return None
        name, body = node.target.id, self.text.block(node.body, 0)
        turns = [specialised(body, self.known.with_values({name: value})) for value in values]
        return self.text.with_lines(node, textwrap.indent("".join(turns), " " * node.col_offset))

    def _signature(self, node: ast.FunctionDef) -> Edit | None:
        """Return the head of a function that is given neither what is known nor what it no longer reads.

        What calls a closure does not know that this reads less.
        """
        given, before = node.args, [one.arg for one in (*node.args.args, *node.args.kwonlyargs)]
        read = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} | set(before if node in self.closures else ())
        defaults = [None] * (len(given.args) - len(given.defaults)) + given.defaults
        kept = [(one, value) for one, value in zip(given.args, defaults, strict=True) if self._is_kept(one, value, read)]
        named = zip(given.kwonlyargs, given.kw_defaults, strict=True)
        kept_named = [(one, value) for one, value in named if self._is_kept(one, value, read)]
        gone = set(before) - {one.arg for one, _ in (*kept, *kept_named)}
        given.args, given.defaults = [one for one, _ in kept], [value for _, value in kept if value is not None]
        given.kwonlyargs, given.kw_defaults = [one for one, _ in kept_named], [value for _, value in kept_named]
        return self._head(node, gone) if gone else None

    def _head(self, node: ast.FunctionDef, gone: Collection[str]) -> Edit:
        """Return a function's first line anew, and its docstring without the arguments that are ``gone``."""
        end = (node.body[0].end_lineno or 1) if ast.get_docstring(node) else node.lineno
        about = self.text.between(self.text.starts[node.lineno], self.text.starts[end])
        about = re.sub(rf"^( +)(?:{'|'.join(gone)}): .*\n(?:\1 +.*\n)*", "", about, flags=re.MULTILINE)
        line = f"def {node.name}({ast.unparse(node.args)}):\n"
        return Edit(self.text.start(node), self.text.starts[end], line + about)

    def _is_kept(self, argument: ast.arg, default: ast.expr | None, read: set[str]) -> bool:
        return argument.arg not in self.known.values and (default is None or argument.arg in read)

    def _settled_name(self, function: ast.FunctionDef) -> list[Edit]:
        """Return what becomes of the first of a function's local names that settings alone decide."""
        names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
        stored = [node.id for node in names if isinstance(node.ctx, ast.Store)]
        for node in (one for one in ast.walk(function) if isinstance(one, ast.Assign)):
            settled = self._settled(node)
            if settled and all(stored.count(name) == 1 for name in settled):
                read = (one for one in names if one.id in settled and isinstance(one.ctx, ast.Load))
                return [self.text.without(node, node), *(self.text.instead(one, settled[one.id]) for one in read)]
        return []

    def _settled(self, node: ast.Assign) -> Mapping[str, str]:
        """Return the names that are assigned what settings alone decide, and their values as code; or nothing."""
        (target,) = node.targets[:1]
        parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
        names = [part.id for part in ast.walk(target) if isinstance(part, ast.Name)]
        values = [self.value(part) for part in parts]
        plain = isinstance(target, ast.Name | ast.Tuple) and all(isinstance(value, (*PLAIN, Code)) for value in values)
        decided = any(map(self.known.decides, parts)) and self.value(target) is UNKNOWN and len(names) == len(values)
        return dict(zip(names, map(self._as_code, values), strict=True)) if plain and decided else {}

    def _as_code(self, value: object) -> str:
        return self.known.bring(value.text, value.module) if isinstance(value, Code) else written(value)

    # Expressions.

    def _expression(self, node: ast.expr) -> Edit | None:
        if isinstance(getattr(node, "ctx", None), ast.Store) or isinstance(node, ast.Constant | ast.Tuple):
            return None
        value = self.value(node)
        if isinstance(value, Code) or (isinstance(value, PLAIN) and self.known.decides(node)):
            return self.text.instead(node, self._as_code(value))
        if isinstance(node, ast.IfExp):
            test = self.value(node.test)
            taken = self.text.of(node.body if test else node.orelse)
            return self._open(node.test) if test is UNKNOWN else self.text.instead(node, taken)
        return self._called(node) if isinstance(node, ast.Call) else self._looked_up(node)

    def _open(self, test: ast.expr) -> Edit | None:
        """Return a test without the parts that are known and decide nothing."""
        parts = test.values if isinstance(test, ast.BoolOp) else []
        open_ = [part for part in parts if self.value(part) is UNKNOWN]
        word = " or " if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or) else " and "
        return self.text.instead(test, word.join(map(self.text.of, open_))) if len(open_) < len(parts) else None

    def _looked_up(self, node: ast.expr) -> Edit | None:
        """Return what a table holds by a name that is known."""
        if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Name):
            return None
        key, table = self.value(node.slice), self.known.table(node.value.id)
        if table is None or not isinstance(key, str) or not self.known.decides(node.slice):
            return None
        if key not in table:
            raise ConfigError(f"no script can be written: {node.value.id} has no {key}, only {', '.join(table)}")
        found = table[key]
        return self.text.instead(node, self.known.bring(found.text, found.module)) if isinstance(found, Code) else None

    def _called(self, node: ast.Call) -> Edit | None:
        """Return a call of what a table holds as it is written there, and ``getattr`` as an attribute."""
        found = self._looked_up(node.func)
        if found is not None:
            function = ast.parse(found.text, mode="eval").body
            return self.text.instead(node, self._applied(function, node)) if isinstance(function, ast.Lambda) else found
        name = self.value(node.args[1]) if ast.unparse(node.func) == "getattr" else None
        return self.text.instead(node, f"{self.text.of(node.args[0])}.{name}") if isinstance(name, str) else None

    def _applied(self, function: ast.Lambda, node: ast.Call) -> str:
        """Return what a function without a name returns, with what it is given in the places of its arguments."""
        given = {one.arg: self.text.of(part) for one, part in zip(function.args.args, node.args, strict=True)}
        body = Text(ast.unparse(function.body))
        names = (part for part in ast.walk(body.tree) if isinstance(part, ast.Name) and part.id in given)
        return edited(body.bytes.decode(), [Edit(body.start(part), body.end(part), given[part.id]) for part in names])

    def _not_handed_on(self, node: ast.Call) -> list[Edit]:
        """Return the edit that leaves out an argument which holds settings, or is named and known or not given after all."""
        held = [one for one in node.args if holds_settings(self.value(one))]
        named = [one for one in node.keywords if one.arg in self.known.values or self._is_nothing(one.value)]
        gone: list[ast.expr | ast.keyword] = [*held, *named]
        return [self.text.without_argument(node, one) for one in gone[:1]]

    def _spread(self, node: ast.Call) -> list[Edit]:
        """Return the edit that writes arguments one by one for a dictionary of them that is known."""
        known = ((one, self.value(one.value)) for one in node.keywords if one.arg is None)
        for one, given in known:
            if isinstance(given, dict):
                arguments = ", ".join(f"{name}={written(value)}" for name, value in given.items())
                spread = Edit(self.text.start(one), self.text.end(one), arguments)
                return [spread if given else self.text.without_argument(node, one)]
        return []

    def _is_nothing(self, node: ast.expr) -> bool:
        return self.value(node) is None and self.known.decides(node)


def _is_refusal(node: ast.stmt) -> bool:
    """Return whether a statement raises what this package raises where something is not allowed."""
    raised = node.exc.func if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) else None
    return isinstance(raised, ast.Name) and hasattr(errors, raised.id)
