"""Coloured text takes one value a character, and believes no position that is not in the text."""

import numpy as np
import pytest


@pytest.mark.parametrize("reported", [None, True, -1, 3, 1.0, "1", {}])
def test_what_is_no_position_is_none(reported):
    from seqviz.ui.components.coloured_text import position_of

    assert position_of(reported, 3) is None


def test_a_position_is_kept():
    from seqviz.ui.components.coloured_text import position_of

    assert position_of(2, 3) == 2


def test_values_and_marks_must_match_the_characters():
    from seqviz.ui.components.coloured_text import Mark, Shading, show_text

    ramp = (0, 1, ("#000000", "#ffffff"))
    with pytest.raises(ValueError, match="2 values for 3 characters"):
        show_text("abc", Shading(values=np.zeros(2), label="", ramp=ramp), key="k", title="")
    shading, odd = Shading(values=np.zeros(3), label="", ramp=ramp), Mark(at=np.zeros(4, dtype=bool), said="odd")
    with pytest.raises(ValueError, match="4 values for 3 characters"):
        show_text("abc", shading, key="k", title="", marks={"unknown": odd})
