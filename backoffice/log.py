"""How are logs written? As JSON lines on stderr: routes, ids, counts, classes of errors, never personal data."""

import logging
import sys

import structlog

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "method", "route", "status", "milliseconds", "trouble", "where", "job",
        "record_id", "night_id", "item_id", "sheet_id", "count", "seconds", "outcome", "address", "worker", "zone",
    }
)  # fmt: skip


def start_logging(level: str) -> None:
    """Set up logging for the whole process."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            keep_allowed,
            structlog.processors.JSONRenderer(ensure_ascii=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def place_of(error: BaseException) -> str:
    """Give file and line where an error was raised."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    return f"{last.tb_frame.f_code.co_filename}:{last.tb_lineno}" if last else ""


def keep_allowed(_logger: object, _name: str, entry: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Drop every key that is not on the list: a new key is a decision, not an accident.

    ASCII-only JSON keeps CR, LF and bidirectional marks from forging lines.
    """
    return {key: value for key, value in entry.items() if key in ALLOWED}
