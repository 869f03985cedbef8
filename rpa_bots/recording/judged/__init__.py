"""What is judged: whether the one registering step was done, and what proves it."""
