"""Approval routes as staff draw them: versions, checks, trials, putting into force; and the city's closed days."""
