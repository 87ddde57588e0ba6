"""Training the runs that come with the app, and doing its studies: ``python -m seqviz pretrain``."""
