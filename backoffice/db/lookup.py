"""How is one record fetched that a person may or may not see?"""

from typing import TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import Session

from backoffice.errors import NotThere

Row = TypeVar("Row")


def one_or_not_there(session: Session, statement: Select[Row]) -> Row:
    """Give the single row; raises NotThere when there is none that the person may see."""
    row = session.scalars(statement).unique().one_or_none()
    if row is None:
        raise NotThere("お探しの記録は見つかりませんでした。")
    return row
