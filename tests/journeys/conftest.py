"""Journeys live in the same city as the tests of the web application."""

from tests.backoffice.conftest import city, city_on_both, city_on_postgres, quick_hash, shelf, template

__all__ = ["city", "city_on_both", "city_on_postgres", "quick_hash", "shelf", "template"]
