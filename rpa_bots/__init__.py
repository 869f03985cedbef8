"""Hands that work in other people's systems."""
