"""The runs that come with the app: what each is trained on, and what there is to see in it. No torch here."""

from collections.abc import Mapping

from seqviz.recipes.bottleneck import bottleneck_recipes
from seqviz.recipes.captions import caption_recipes
from seqviz.recipes.clipping import clipping_recipes
from seqviz.recipes.depth import depth_recipes
from seqviz.recipes.influence import influence_recipes
from seqviz.recipes.recipe import Recipe as Recipe
from seqviz.recipes.recurrent import recurrent_recipes
from seqviz.recipes.transformer import transformer_recipes
from seqviz.recipes.translation import translation_recipes


def recipes(text: str) -> Mapping[str, Recipe]:
    """Return every shipped run, by name; character models learn from the text called ``text``."""
    return {
        **recurrent_recipes(text), **translation_recipes(), **bottleneck_recipes(), **caption_recipes(), **depth_recipes(),
        **clipping_recipes(), **influence_recipes(), **transformer_recipes(text),
    }  # fmt: skip
