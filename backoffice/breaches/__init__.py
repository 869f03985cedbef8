"""What is done when data has leaked: who is affected, what is reported by when, what is done about it."""
