"""Is this city ready for a process that stays? Its tables are of this version, and it is no demonstration."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit import AuditEvent
from backoffice.cli.answers import Exit, stop
from backoffice.db.engine import open_engine, reading
from backoffice.db.migrate import newest, revision_of
from backoffice.identity import Origin
from backoffice.settings import Settings


def must_be_no_demonstration(settings: Settings) -> None:
    """Refuse to open a demonstration's city as if it were a real one: everybody knows its passwords."""
    engine = open_engine(settings.database)
    try:
        with Session(reading(engine)) as session:
            founded = session.scalars(select(AuditEvent.origin).order_by(AuditEvent.id).limit(1)).first()
    finally:
        engine.dispose()
    if founded == Origin.DEMONSTRATION and not settings.demonstration:
        raise stop(
            Exit.REFUSED,
            "✕ 演習用の市のデータです。パスワードが公開されているので、本番の画面としては開きません。\n"
            "  演習なら `gijo serve --demo`、本番なら GIJO_DATA_DIR に別の場所を指定してください。",
        )


def must_have_new_tables(settings: Settings) -> None:
    engine = open_engine(settings.database)
    try:
        with engine.connect() as connection:
            found = revision_of(connection)
    finally:
        engine.dispose()
    if found != newest():
        raise stop(Exit.LACKING, "✕ データベースの表がないか、古い版です。`gijo migrate` を実行してください。")
