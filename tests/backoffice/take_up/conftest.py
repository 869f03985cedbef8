from __future__ import annotations

from tests.backoffice.programs.conftest import office, office_on_both

__all__ = ["office", "office_on_both"]
