"""Bots that clerks record in their own browser: brought in, mended, released by the bot route, taken back."""
