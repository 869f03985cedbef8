"""Residents ask what the city holds of them and why they were written to; they read out a reference code."""
