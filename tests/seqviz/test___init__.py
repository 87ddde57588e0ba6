"""The public library: one import, no torch until the first trace."""

import subprocess
import sys

import pytest

import seqviz


def test_importing_seqviz_imports_no_torch():
    code = "import sys, seqviz, seqviz.measures.chains, seqviz.questions; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_all_is_sorted_and_complete():
    assert seqviz.__all__ == sorted(seqviz.__all__)
    assert all(getattr(seqviz, name) is not None for name in seqviz.__all__)


def test_a_name_that_is_not_there_is_said():
    with pytest.raises(AttributeError, match="no attribute 'gradient_flaw'"):
        seqviz.gradient_flaw  # noqa: B018


def test_the_public_functions_are_those_of_tracing():
    from seqviz.tracing.gradient_flow import gradient_flow

    assert seqviz.gradient_flow is gradient_flow
    assert seqviz.figures.gradient_flow_figure is not None
