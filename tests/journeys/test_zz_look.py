from __future__ import annotations
import os
from pathlib import Path
import pytest
from backoffice.audiences import queries, service
from tests.backoffice.audiences.runs import found_sending
from tests.backoffice.audiences.town import hear
from tests.backoffice.inbox.cases import found_bureau
from tests.backoffice.office import City
from tests.backoffice.programs.offices import found_office
from tests.journeys.test_pages_in_a_browser import browser, serve, visit, sign_in
pytestmark = pytest.mark.journey
OUT = Path("/tmp/p6/shots")

def test_look(city: City, browser, tmp_path):
    sending = found_sending(found_office(found_bureau(city)))
    names = sending.women_over_forty(90)
    sending.register(names[:40]); sending.register(names[40:60], line=True); sending.register(names[60:75], language="easy"); sending.register(names[75:90], line=True, language="en")
    first = sending.frozen(period="2025")
    with city.unit() as work:
        run = queries.lock_run(work.session, first); run.state = "sending"; run.began_at = work.now
        hear(work)
    frozen = sending.frozen()
    begun = sending.begin(period="2027")
    with serve(city) as served:
        person = sending.drafter
        f = served.furnished.programs["run_id"]
        pid = sending.desk.program_id
        pages = {"list": "/audiences", "candidates": "/audiences/new", "plan": f"/audiences/new/{pid}", "frozen": f"/audiences/{frozen}", "counting": f"/audiences/{begun}", "watch1": f"/audiences/{first}/watch", "watch2": f"/audiences/{f}/watch", "ends": f"/audiences/{f}/open-ends"}
        only = os.environ.get("ONLY")
        for size in ("desk", "phone"):
            one = visit(browser, served, size, tmp_path)
            sign_in(one.page, person.account)
            for name, path in pages.items():
                if only and name not in only.split(","): continue
                one.look(path)
                OUT.mkdir(exist_ok=True)
                one.page.screenshot(path=OUT / f"{name}-{size}.png", full_page=True)
            print(size, one.troubles)
