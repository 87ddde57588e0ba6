"""The parts of the page "The cliff"."""
