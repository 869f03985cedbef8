"""What waits for a system: how it came there, in which order it is taken, what people change about it."""
