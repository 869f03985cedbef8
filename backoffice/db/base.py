"""What do all tables share?"""

from datetime import datetime
from typing import Annotated, Any

from sqlalchemy import ForeignKey, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from backoffice.db.types import Instant

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Id = Annotated[int, mapped_column(primary_key=True, autoincrement=True)]
CreatedAt = Annotated[datetime, mapped_column(Instant)]


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    __table_args__: Any = {"sqlite_autoincrement": True}  # noqa: RUF012 -- SQLAlchemy's declarative spelling
    type_annotation_map = {datetime: Instant}  # noqa: RUF012 -- SQLAlchemy's declarative spelling


class Versioned:
    """A row that two people may have open: the second to save is told so (409), and by whom it was changed."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr
    @classmethod
    def changed_by_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("staff.id"))

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}
