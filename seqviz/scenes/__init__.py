"""Small pictures of shapes, and the captions that are true of them. No torch here.

A scene has one or two groups of things; a group is one to three things of one shape, colour and size, and two groups are
left and right of, or above and below, each other. Whichever is named first, the caption is true.
"""

from seqviz.scenes.arrangement import Item as Item
from seqviz.scenes.arrangement import Scene as Scene
from seqviz.scenes.arrangement import arranged as arranged
from seqviz.scenes.dealing import deal as deal
from seqviz.scenes.dealing import held_out as held_out
from seqviz.scenes.dealing import is_held_out as is_held_out
from seqviz.scenes.drawing import CELL as CELL
from seqviz.scenes.drawing import CELLS as CELLS
from seqviz.scenes.drawing import covered as covered
from seqviz.scenes.drawing import drawn as drawn
from seqviz.scenes.grammar import CAPTION_WORDS as CAPTION_WORDS
from seqviz.scenes.grammar import COLOURS as COLOURS
from seqviz.scenes.grammar import COUNTS as COUNTS
from seqviz.scenes.grammar import LONGEST as LONGEST
from seqviz.scenes.grammar import OPPOSITES as OPPOSITES
from seqviz.scenes.grammar import SHAPES as SHAPES
from seqviz.scenes.grammar import SIZES as SIZES
from seqviz.scenes.grammar import Description as Description
from seqviz.scenes.grammar import Group as Group
from seqviz.scenes.grammar import described as described
from seqviz.scenes.grammar import kind_of as kind_of
from seqviz.scenes.meaning import captions as captions
from seqviz.scenes.meaning import regions as regions
