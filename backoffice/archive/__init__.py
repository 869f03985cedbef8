"""Settled paper, kept as PDF/A for the years its form asks for, and thrown away by two people with a record."""
