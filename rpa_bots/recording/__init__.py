"""Bots that clerks record in their own browser: read, checked, bound to data, replayed."""
