"""Gijo's web application: the only room that knows HTTP, SQL and HTML."""
