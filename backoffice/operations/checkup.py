"""Is everything here that Gijo needs? One row a question; a row that is not well says how to mend it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

Probe = Callable[[], "Row"]


@dataclass(frozen=True)
class Row:
    """One answer. `name` is a stable code; `mend` speaks Japanese, then English, and is empty where all is well."""

    name: str
    ok: bool
    detail: str
    mend: str = ""


def well(name: str, detail: str) -> Row:
    return Row(name, ok=True, detail=detail)


def unwell(name: str, detail: str, mend: str) -> Row:
    return Row(name, ok=False, detail=detail, mend=mend)


def ask_all(probes: Iterable[tuple[str, Probe]]) -> list[Row]:
    """Ask every question, also after one has gone wrong: a doctor who faints at the first wound helps nobody."""
    return [_ask(name, probe) for name, probe in probes]


def _ask(name: str, probe: Probe) -> Row:
    try:
        return probe()
    except Exception as trouble:  # noqa: BLE001 -- whatever a sick machine raises is the finding
        return unwell(
            name,
            f"{type(trouble).__name__}: {trouble}",
            "この行をシステム管理者に伝えてください / tell this line to the administrator",
        )
