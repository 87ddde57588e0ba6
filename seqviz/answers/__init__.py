"""Answers to questions about networks: the side of the lab that runs in a worker process.

One module for each idea: it takes a subject (what to look at) and returns a record (what was found). ``seqviz.questions``
lists the questions; :mod:`seqviz.answers.answering` finds the answer to each.
"""
