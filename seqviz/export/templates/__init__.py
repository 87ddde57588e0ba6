"""The code of a script that the lab itself does not have, as modules: read as text, and imported by nothing.

They import torch, which the web process never loads. What a script shares with the lab is imported here from where the lab
has it, and lifted from there. ``MODEL`` and ``PLAN`` are examples; a script has the settings of its run.
"""
