"""One run while a worker trains it: where it begins, what it records, what it reports, what it is told to do."""
