"""Signing in with the city's own identity provider (OpenID Connect), where the settings name one."""
