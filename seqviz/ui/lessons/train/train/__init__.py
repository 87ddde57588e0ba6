"""The parts of the page "Train": its settings and link, its form, its live board, its list of runs, what is taken home."""
