"""How numbers, comparisons, lists and tokens read in a sentence; the lowest layer, so every other one can use it."""
