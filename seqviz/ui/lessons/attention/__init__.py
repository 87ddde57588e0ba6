"""Lessons on sequence to sequence and attention."""
