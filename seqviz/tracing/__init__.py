"""From a recurrent network and an input to a record of what happened inside; ``tracing.scalar`` needs no torch."""
