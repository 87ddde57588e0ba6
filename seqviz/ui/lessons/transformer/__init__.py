"""Lessons on Transformers."""
