"""To whom do the demonstration's notices go? To a mail server and a LINE of its own: nothing leaves this machine.

What residents' phones show stands in a ledger beside the city's data.
"""

import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backoffice.demo.processes import ready_line, running
from backoffice.settings import Settings

EDGE = (sys.executable, "-m")
SINK, LINE = "backoffice.demo.edge.sink", "backoffice.demo.edge.line_server"
FROM = "oshirase@city.example"


@contextmanager
def edge(settings: Settings) -> Iterator[Settings]:
    """Play the servers at the city's edge, and give the settings that name them. A server that is named stays."""
    if settings.smtp_host or settings.line_token_file:
        yield settings
        return
    logs, ledger = settings.data_dir / "logs", settings.data_dir / "phones.jsonl"
    token_file = _token_file(settings)
    sink = (*EDGE, SINK, "--ledger", str(ledger))
    line = (*EDGE, LINE, "--ledger", str(ledger), "--token", token_file.read_text("utf-8"))
    with (
        running(sink, settings, logs / "mail-sink.log") as mails,
        running(line, settings, logs / "line.log") as calls,
    ):
        told = {
            "smtp_host": settings.host,
            "smtp_port": int(ready_line(mails, "メールの受け手")),
            "smtp_security": "none",
            "smtp_from": FROM,
            "public_address": settings.public_address or f"http://{settings.host}:{settings.port}",
            "line_endpoint": f"http://{settings.host}:{ready_line(calls, 'LINEの見本')}",
            "line_token_file": token_file,
        }
        yield settings.model_copy(update=told)


def _token_file(settings: Settings) -> Path:
    """Give where the token of the played account stands: made at the first start, kept for the next."""
    file = settings.data_dir / "line-token"
    if not file.exists():
        file.write_text(secrets.token_hex(16), "utf-8")
    return file
