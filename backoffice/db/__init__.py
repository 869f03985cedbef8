"""How rows are kept: engine, types and the base of all models."""

from backoffice.db.base import Base, CreatedAt, Id, Versioned
from backoffice.db.engine import count_statistics, glancing, reading, writing
from backoffice.db.tallies import Counted
from backoffice.db.types import Instant, Json

__all__ = [
    "Base",
    "Counted",
    "CreatedAt",
    "Id",
    "Instant",
    "Json",
    "Versioned",
    "count_statistics",
    "glancing",
    "reading",
    "writing",
]
