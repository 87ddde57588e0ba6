"""One run while a worker trains it: where it begins, what it records and reports, and the orders it takes."""
