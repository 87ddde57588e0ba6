"""Pages about what you bring."""
