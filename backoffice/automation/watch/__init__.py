"""Beside a run of whatever kind: its screen, a pause, the record at hand taken over by a person."""
