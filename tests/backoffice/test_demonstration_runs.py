"""A newcomer finds one run that leaves and one to decide on, made by the services as staff make them."""

from __future__ import annotations

from backoffice.audiences import queries
from backoffice.audiences.freezing import freeze
from backoffice.demo import city as demonstration
from backoffice.demo import notice_runs, notices, programs, readers, residents
from backoffice.inbox import ticking


def test_elders_who_want_to_be_written_to_are_told_of_their_pass(city):
    demonstration.build(city.office)
    programs.register(city.office)
    notices.word(city.office)
    residents.settle(city.office)
    assert readers.register(city.office) == readers.READERS
    assert not notice_runs.is_ready(city.office)
    city.clock.pass_(minutes=2)
    ticking.tick(city.office)
    assert notice_runs.is_ready(city.office)

    notice_runs.prepare(city.office)
    leaving, waiting = notice_runs.begin(city.office), notice_runs.begin(city.office, 1)
    for run_id in (leaving, waiting):
        freeze(city.office, run_id)
    notice_runs.release(city.office, leaving)
    city.clock.pass_(minutes=2)
    ticking.tick(city.office)

    with city.look() as work:
        states = {run_id: queries.find_run(work.session, run_id).state for run_id in (leaving, waiting)}
        told = queries.find_run(work.session, waiting).counts
    assert states == {leaving: "released", waiting: "frozen"}
    assert told["recipients"] == readers.READERS
    assert told["days"][0]["second"] == told["days"][0]["sends"]
