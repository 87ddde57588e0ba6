"""Measures of records, texts and chains of scalars that need no torch."""
