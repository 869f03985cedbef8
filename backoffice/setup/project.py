"""Where everything lies that the set-up makes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Project:
    """The folders and files of one checkout, all below its root."""

    root: Path

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def site_packages(self) -> Path:
        return self.venv / "lib" / "python3.11" / "site-packages"

    @property
    def node_modules(self) -> Path:
        return self.root / "node_modules"

    @property
    def vendor(self) -> Path:
        return self.root / "backoffice" / "static" / "vendor"

    @property
    def state(self) -> Path:
        """What the set-up remembers: a stamp for each step, its log, the lock against a second set-up."""
        return self.root / ".setup"
