"""Journeys live in the same city as the tests of the web application."""

from tests.backoffice.conftest import city, quick_hash, template

__all__ = ["city", "quick_hash", "template"]
