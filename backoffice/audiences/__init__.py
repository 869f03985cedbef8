"""Runs: who is to hear of a program is frozen, decided on by people, asked anew at the minute of sending, watched."""
