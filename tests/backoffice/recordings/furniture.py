"""Recorded bots for tests that look at pages: of the first form one that is mended, with an earlier version."""

from __future__ import annotations

from sqlalchemy import select

from backoffice.form_designs.models import FormDesign
from backoffice.recordings.models import BotVersion, RecordedBot
from backoffice.recordings.workflow import BotState
from backoffice.work import Work
from rpa_bots.recording.tape.mending import Known, as_kept, without_samples
from rpa_bots.recording.tape.reading import read_recording
from tests.backoffice.recordings.teaching import NOBODY, RAW


def add_bots(work: Work, design_id: object, rows: int) -> dict[str, object]:
    """A bot a form; the newest version of the first one waits to be mended."""
    designs = work.session.scalars(select(FormDesign).order_by(FormDesign.id).limit(rows)).all()
    recording = {"schema": 1, "recording": as_kept(without_samples(read_recording(RAW), Known({}, {})))}
    version_id = NOBODY
    for design in designs:
        bot = RecordedBot(design_id=design.id, department_id=design.department_id, created_at=work.now)
        work.session.add(bot)
        work.session.flush()
        for number, state in enumerate((BotState.RETIRED, BotState.DRAFT), 1):
            version = BotVersion(bot_id=bot.id, number=number, state=state, recording=recording, made_at=work.now)
            work.session.add(version)
            work.session.flush()
            version_id = version.id if design.id == design_id and state == BotState.DRAFT else version_id
    return {"bot_version_id": version_id, "bot_step": 2}
