"""Runs: whom a notice is for is frozen, people decide, each is asked anew at the minute of sending, and it is watched."""
