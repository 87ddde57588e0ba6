"""Lessons on gradients: influence, clipping, initialisation, depth, dropout, one step."""
