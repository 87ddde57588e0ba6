"""The page on clipping: norms and angle, optimizers, a run that diverges and is taken up, the temporal-order sweep."""
