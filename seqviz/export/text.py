"""Source text, where the parts of its syntax tree are in it, and what is written anew."""

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass

Node = ast.stmt | ast.expr | ast.keyword


@dataclass(frozen=True)
class Edit:
    """A replacement in a source: the bytes from ``start`` to ``end`` become ``text``."""

    start: int
    end: int
    text: str = ""


def edited(source: str, edits: Iterable[Edit]) -> str:
    """Return ``source`` with ``edits`` made, none of which overlap."""
    text = source.encode()
    for edit in sorted(edits, key=lambda one: one.start, reverse=True):
        text = text[: edit.start] + edit.text.encode() + text[edit.end :]
    return text.decode()


class Text:
    """A source and its syntax tree, whose columns count bytes."""

    def __init__(self, source: str) -> None:
        self.bytes = source.encode()
        self.lines = self.bytes.splitlines(keepends=True)
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line))
        self.tree = ast.parse(source)

    def start(self, node: Node) -> int:
        """Return where ``node`` starts."""
        return self.starts[node.lineno - 1] + node.col_offset

    def end(self, node: Node) -> int:
        """Return where ``node`` ends."""
        return self.starts[(node.end_lineno or 1) - 1] + (node.end_col_offset or 0)

    def of(self, node: ast.expr) -> str:
        """Return the text of ``node``."""
        return self.between(self.start(node), self.end(node))

    def between(self, start: int, end: int) -> str:
        """Return the text from one byte to another."""
        return self.bytes[start:end].decode()

    def instead(self, node: ast.expr, text: str) -> Edit:
        """Return the edit that writes ``text`` for an expression, without parentheses that it no longer needs."""
        start, end = self.start(node), self.end(node)
        before, behind = self.between(0, start).rstrip(), self.between(end, len(self.bytes)).lstrip()
        calls = re.search(r"(?<!\blambda)(?<!\bin)(?<!\breturn)[\w\])]\($", before) is not None
        if calls or not before.endswith("(") or not behind.startswith(")"):
            return Edit(start, end, text)
        atom = isinstance(ast.parse(text, mode="eval").body, ast.Constant | ast.Name | ast.Attribute | ast.Call)
        opened, closed = len(before.encode()) - 1, len(self.bytes) - len(behind.encode()) + 1
        return Edit(opened, closed, text if atom else f"({text})")

    def first_line(self, node: ast.stmt) -> int:
        """Return the line where a statement begins, with its decorators and the comment above it."""
        decorators = node.decorator_list if isinstance(node, ast.FunctionDef | ast.ClassDef) else []
        first = min([node.lineno, *(part.lineno for part in decorators)])
        while first > 1 and self.lines[first - 2].startswith(b" " * node.col_offset + b"#"):
            first -= 1
        return first

    def without(self, first: ast.stmt, last: ast.stmt) -> Edit:
        """Return the edit that leaves out the lines of statements, and the comment above them."""
        return Edit(self.starts[self.first_line(first) - 1], self.starts[last.end_lineno or 1])

    def with_lines(self, node: ast.stmt, text: str) -> Edit:
        """Return the edit that writes ``text`` for the lines of a statement."""
        return Edit(self.starts[node.lineno - 1], self.starts[node.end_lineno or 1], text)

    def block(self, body: list[ast.stmt], column: int) -> str:
        """Return the lines of a block's statements, moved to ``column``."""
        lines = self.lines[self.first_line(body[0]) - 1 : body[-1].end_lineno]
        moved = " " * (body[0].col_offset - column)
        return "".join(line.decode().removeprefix(moved) for line in lines)

    def without_argument(self, call: ast.Call, argument: ast.expr | ast.keyword) -> Edit:
        """Return the edit that leaves out an argument of a call, with its line where it has one, or the comma beside it."""
        arguments: list[Node] = [*call.args, *call.keywords]
        number = arguments.index(argument)
        start, end = self.start(argument), self.end(argument)
        line = self.starts[argument.lineno - 1]
        if not self.between(line, start).strip() and self.between(end, self.starts[argument.end_lineno or 1]) == ",\n":
            return Edit(line, self.starts[argument.end_lineno or 1])
        if number + 1 < len(arguments):
            return Edit(start, self.start(arguments[number + 1]))
        return Edit(self.end(arguments[number - 1]) if number else start, end)
