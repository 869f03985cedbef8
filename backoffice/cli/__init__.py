"""What can be asked for on the command line? `gijo --help` is the table of contents."""

from backoffice.cli.program import main

__all__ = ["main"]
