"""Whoever writes without a pause keeps nobody waiting: writing units are let in one after the other."""

from __future__ import annotations

from threading import Event, Thread

from tests.backoffice.office import City

UNITS = 15


def test_beside_somebody_who_writes_without_a_pause_everybody_gets_their_turn(city: City):
    written, is_over = [], Event()

    def write_on() -> None:
        while not is_over.is_set():
            written.append(city.department().id)

    writer = Thread(target=write_on)
    writer.start()
    try:
        while not written:
            is_over.wait(0.01)
        before = len(written)
        for _ in range(UNITS):
            city.department()
    finally:
        is_over.set()
        writer.join()

    assert len(written) - before <= 4 * UNITS
