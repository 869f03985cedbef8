"""How does a page reach a person: routes with permissions, templates, errors with their true status, two languages."""

from backoffice.web.menu import MenuItem
from backoffice.web.rendering import Crumb, Page, go_to, render
from backoffice.web.routing import Reading, SignedIn, StaffRouter, Writing

__all__ = ["Crumb", "MenuItem", "Page", "Reading", "SignedIn", "StaffRouter", "Writing", "go_to", "render"]
