"""A module read as text yields what it defines, without what a script has no use for."""

import ast
from textwrap import dedent

import pytest

from seqviz.errors import ConfigError
from seqviz.export.source import module, plain


def of(source):
    source = dedent(source).lstrip("\n")
    return plain(source, ast.parse(source).body[0])


def test_annotations_go_and_comments_stay():
    source = '''
    def f(  # noqa: PLR0913  many
        x: int,
        *more: int,
        y: str = "é",
    ) -> int:
        """Return x of :class:`seqviz.models.Thing`.

        >>> f(1)
        1
        """
        é: dict[str, int] = {}  # type: ignore[assignment]
        z: int  # declared
        result: int = g(x)  # why
        return result
    '''
    left = '''
    def f(x, *more, y='é'):
        """Return x of ``Thing``."""
        é = {}
        return g(x)  # why'''
    assert of(source) == dedent(left).lstrip("\n")


def test_fields_of_dataclasses_keep_their_annotations():
    assert "    x: int = 1" in of("@dataclass\nclass A:\n    x: int = 1\n")
    assert of("class A:\n    x: int = 1\n    y: int\n    z = 2\n") == "class A:\n    x = 1\n    z = 2"


def test_a_module_knows_its_tables_and_where_its_names_are_from():
    clipping = module("seqviz.training.clipping")
    assert clipping.table("CLIPPERS") == {"off": "leave_unclipped", "norm": "clip_by_norm", "value": "clip_by_value"}
    assert clipping.table("gradient_norm") is None
    assert clipping.imports["Tensor"] == ("torch", "Tensor")
    assert clipping.imports["torch"] == ("torch", None)


def test_a_module_that_is_not_there_is_refused():
    with pytest.raises(ConfigError, match=r"there is no module seqviz\.training\.nothing"):
        module("seqviz.training.nothing")
