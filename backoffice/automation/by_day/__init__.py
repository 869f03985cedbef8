"""Chosen records keyed by day: what was chosen, the run over it, its pages."""
