"""What the page "Ways to attend" can be set to."""

from collections.abc import Mapping

from seqviz.figures.scores import ARMS
from seqviz.ui.runs.translators import SAMPLES
from seqviz.ui.shell.links import Control, choice_control, seed_control, text_control, view_control
from seqviz.ui.shell.prediction import guess_control

NAME = "scores"

VIEW_TITLES: Mapping[str, str] = {
    "compared": "compared over seeds",
    "one": "one sentence, four scores",
    "not": "what attention is not",
}
NETWORKS: Mapping[str, str] = {"additive": "additive", "dot": "dot", "general": "general", "scaled": "scaled dot"}
BESIDE: Mapping[str, str] = {"gradient": "gradient × input", "forced": "attention that is forced", "seeds": "other seeds"}
MOST_MORE = 5  # seeds of an arm beyond the study's
_ARM = "(additive|dot|general|scaled|none):[1-5]"

GUESSES: Mapping[str, str] = {
    "none": "…",
    "same": "at least half as probable",
    "less": "less than half as probable",
    "never": "less than a thousandth as probable",
}

CONTROLS: Mapping[str, Control] = {
    "view": view_control(VIEW_TITLES),
    "network": choice_control("score", NETWORKS, "additive"),
    "sentence": choice_control(
        "sentence (none of these was learned from)", {f"s{i + 1}": f"sentence {i + 1}" for i in range(SAMPLES)}, "s3"
    ),
    "beside": choice_control("attention beside", BESIDE, "gradient"),
    "seed": seed_control("seed of the permutations"),
    "arm": choice_control("way to attend", ARMS, "dot", shown=True),
    "more": text_control(
        "more", f"({_ARM}(,{_ARM}){{0,4}})?", "", "way to attend:seeds beyond the study's, with commas between"
    ),
    "guess": guess_control(GUESSES),
}
