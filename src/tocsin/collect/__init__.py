"""Step 1: what comes in, as captures with their bytes."""
