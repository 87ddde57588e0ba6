"""Subjects: what a question is asked about, such as a run after some training steps, or a sentence."""
