"""Every page's prose is there, and short."""

from importlib import resources

import pytest


def pages():
    return sorted(file.name.removesuffix(".md") for file in resources.files("seqviz").joinpath("content", "en").iterdir())


@pytest.mark.parametrize("page", pages())
def test_sections_can_be_read(page):
    from seqviz.ui.shell.content import sections

    assert all(text for heading, text in sections(page).items() if heading != "lead")


def test_an_unknown_section_says_which_there_are():
    from seqviz.errors import UnknownNameError
    from seqviz.ui.shell.content import prose

    with pytest.raises(UnknownNameError, match="unknown section of vanishing 'nope'; known: lead, flow"):
        prose("vanishing", "nope")
