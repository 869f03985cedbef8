"""Which files are kept, and under which key? Erasing a file is destroying its key."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.db import Base, CreatedAt, Id


class StoredFile(Base):
    """A file in `data/blobs/<name>`. `wrapped_key` is None once the file is erased: nothing can read it any more."""

    __tablename__ = "stored_file"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(64), unique=True)
    media_type: Mapped[str] = mapped_column(String(120))
    """Those of office files have more than 64 letters."""
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    """Of the content before sealing: the same paper handed in twice is noticed by it."""
    wrapped_key: Mapped[bytes | None]
    created_at: Mapped[CreatedAt]
    erased_at: Mapped[datetime | None]
