"""The prose of pages: Markdown files, one per page and language, cut at their second-level headings."""

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources

from seqviz.registry import look_up


def prose(page: str, section: str, language: str = "en") -> str:
    """Return the Markdown under the heading ``## section`` of a page's file.

    Raises:
        UnknownNameError: the page has no such section.
    """
    return look_up(sections(page, language), section, f"section of {page}")


@cache
def sections(page: str, language: str = "en") -> Mapping[str, str]:
    """Return a page's sections by heading; text before the first heading is called "lead"."""
    written = resources.files("seqviz").joinpath("content", language, f"{page}.md").read_text(encoding="utf-8")
    parts = re.split(r"^## +(.+)$", written, flags=re.MULTILINE)
    named = dict(zip(parts[1::2], parts[2::2], strict=True))
    return {name.strip(): text.strip() for name, text in {"lead": parts[0], **named}.items()}
