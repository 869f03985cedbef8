"""A released run with so many people, as freezing leaves it: registrants, addresses, consents, rows.

For a few people or for 200,000.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from backoffice.accounts import service as accounts
from backoffice.audiences.messages import mail_kept
from backoffice.audiences.models import NoticeRun, Recipient, RecipientKin, RunBody, RunPattern
from backoffice.audiences.moving import key_of
from backoffice.audiences.workflow import RecipientState, RunState
from backoffice.carriers.mime import Blank
from backoffice.consents.models import Consent, ConsentEvent, Registrant, RegistrantChannel
from backoffice.consents.portal import ADDRESS
from backoffice.consents.service import PSEUDONYM, mark_of
from backoffice.consents.workflow import Assurance, Giver, Happened, Way
from backoffice.identity import Actor, Department, Origin
from backoffice.programs.models import Program, ProgramVersion
from backoffice.programs.sheets import empty_sheet
from backoffice.programs.workflow import VersionState
from backoffice.residents import stop_feeds
from backoffice.residents.stop_file import Feed, FeedRow
from backoffice.services import TOKYO
from backoffice.work import Office, Work
from workflows.rules.vocabulary import ConsentClass

AT_ONCE = 5_000
HOUSE = Actor.house(Origin.DEMONSTRATION)
CORE = ConsentClass.CORE.bit
TEXT = ("乳がん検診を受けられます。止めるには ", Blank("preference_url"), " 番号 ", Blank("reference"), "\n")


@dataclass(frozen=True)
class Person:
    """Somebody who is written to; `line`: by LINE, not by mail. `at_home`: pseudonyms of those who live with them."""

    name: str
    line: bool = False
    language: str = "ja"
    at_home: Sequence[str] = ()

    @property
    def address(self) -> str:
        return line_id(self.name) if self.line else f"{self.name}@mail.example"


def portions(some: Sequence[Person]) -> Iterator[Sequence[Person]]:
    return (some[first : first + AT_ONCE] for first in range(0, len(some), AT_ONCE))


def line_id(name: str) -> str:
    return "U" + name.encode().hex().ljust(32, "0")[:32]


def people(count: int, line_every: int = 0) -> Iterator[Person]:
    """So many people, every so-many'th of them on LINE."""
    for number in range(count):
        yield Person(f"p{number:06d}", line=bool(line_every) and number % line_every == 0)


def hear(work: Work, *rows: FeedRow) -> None:
    """Let the feed of deaths and moves tell this, and that it is complete until now."""
    feed = Feed(None, work.now, rows)
    stop_feeds.take_in(work, feed, "異動連携", work.office.services.random_bytes(16))


def program_in_force(work: Work, name: str = "乳がん検診", category: str = "health") -> ProgramVersion:
    department = work.session.scalars(select(Department).order_by(Department.id).limit(1)).first()
    if department is None:
        department = accounts.add_department(work, "福岡市", "市")
    number = f"R8-{name}-{work.office.services.random_bytes(4).hex()}"
    program = Program(number=number, department_id=department.id, begun_at=work.now)
    work.session.add(program)
    work.session.flush()
    values = {**empty_sheet(), "name_ja": name, "category": category, "body_class": "open", "summary_ja": name}
    version = ProgramVersion(
        program_id=program.id,
        number=1,
        state=VersionState.APPROVED,
        name=name,
        sheet={"schema": 1, "values": values},
        drafted_at=work.now,
        approved_at=work.now,
        effective_from=date(2026, 4, 1),
    )
    work.session.add(version)
    work.session.flush()
    return version


def register(
    office: Office, some: Sequence[Person], consents: Sequence[ConsentClass] = (ConsentClass.CORE,), days: int = 700
) -> None:
    """Register people who were proven with their card, and let them consent for so many days."""
    cipher = office.cipher
    for part in portions(some):
        with office.unit(HOUSE) as work:
            rows = [
                {
                    "mark": mark_of(cipher, each.name),
                    "sealed_pseudonym": cipher.seal(each.name.encode(), PSEUDONYM),
                    "language": each.language,
                    "assurance": Assurance.CARD_VERIFIED,
                    "proven_by": "counter",
                    "proven_at": work.now,
                    "registered_at": work.now,
                    "version": 1,
                }
                for each in part
            ]
            by_mark = {row["mark"]: each for row, each in zip(rows, part, strict=True)}
            written = work.session.execute(insert(Registrant).returning(Registrant.id, Registrant.mark), rows).all()
            ids = {by_mark[mark].name: registrant_id for registrant_id, mark in written}
            channels = [
                {
                    "registrant_id": ids[each.name],
                    "kind": "line" if each.line else "mail",
                    "mark": cipher.mark(each.address, ADDRESS),
                    "sealed_address": cipher.seal(each.address.encode(), ADDRESS),
                    "set_at": work.now,
                    "version": 1,
                }
                for each in part
            ]
            work.session.execute(insert(RegistrantChannel), channels)
            given = [_consent(work, ids[each.name], kind, days) for each in part for kind in consents]
            kept = work.session.execute(insert(Consent).returning(Consent.id), given).scalars().all()
            events = [{"consent_id": each, "kind": Happened.GIVEN, "at": work.now, "staff_id": None} for each in kept]
            work.session.execute(insert(ConsentEvent), events)


def release(office: Office, some: Sequence[Person], **said: Any) -> int:
    """Give a run that waits for its hour, with everybody in it; `said`: its columns, or the consents it rests on."""
    own, household = said.pop("own", CORE), said.pop("household", 0)
    with office.unit(HOUSE) as work:
        version = said.pop("program", None) or program_in_force(work)
        usual: dict[str, Any] = {
            "number": f"R8-配信-{work.office.services.random_bytes(4).hex()}",
            "program_id": version.program_id,
            "program_version_id": version.id,
            "period": "2026",
            "state": RunState.RELEASED,
            "topic": "health",
            "as_of": work.today,
            "send_from": work.now,
            "last_day": work.today + timedelta(days=60),
            "pace": {"schema": 1, "per_hour": 100_000, "ward_per_day": {}},
            "drafted_at": work.now,
            "frozen_at": work.now,
            "counts": {"schema": 1, "recipients": len(some)},
        }
        run = NoticeRun(**{**usual, **said})
        work.session.add(run)
        work.session.flush()
        pattern = RunPattern(
            run_id=run.id, number=0, states=["true"], own_consents=own, household_consents=household,
            reasons={"schema": 1},
        )  # fmt: skip
        work.session.add(pattern)
        bodies = {
            (kind, language): RunBody(
                run_id=run.id, kind=kind, language=language, sha256=f"{kind}{language}", content=_content(kind)
            )
            for kind in ("mail", "line")
            for language in ("ja", "easy", "en")
        }
        work.session.add_all(bodies.values())
        work.session.flush()
        keys = {key: body.id for key, body in bodies.items()}
    for part in portions(some):
        _write(office, run.id, pattern.id, keys, part)
    return run.id


def _write(
    office: Office, run_id: int, pattern_id: int, bodies: dict[tuple[str, str], int], part: Sequence[Person]
) -> None:
    with office.unit(HOUSE) as work:
        marks = {mark_of(office.cipher, each.name): each for each in part}
        found = work.session.execute(select(Registrant.id, Registrant.mark).where(Registrant.mark.in_(marks))).all()
        rows = []
        for registrant_id, mark in found:
            each = marks[mark]
            kind = "line" if each.line else "mail"
            rows.append(
                {
                    "run_id": run_id, "registrant_id": registrant_id, "kind": kind, "language": each.language,
                    "pattern_id": pattern_id, "body_id": bodies[kind, each.language], "ward": "chuo", "turn": 0,
                    "reference": office.services.random_bytes(8).hex(), "state": RecipientState.WAITING,
                    "reason": "", "code": "", "tries": 0, "came_back": "",
                }
            )  # fmt: skip
        rows.sort(key=lambda row: row["registrant_id"])
        written = work.session.execute(insert(Recipient).returning(Recipient.id, Recipient.registrant_id), rows).all()
        of_registrant = {registrant_id: marks[mark] for registrant_id, mark in found}
        kin = [
            {"recipient_id": recipient_id, "mark": mark_of(office.cipher, other)}
            for recipient_id, registrant_id in written
            for other in of_registrant[registrant_id].at_home
        ]
        if kin:
            work.session.execute(insert(RecipientKin), kin)
        work.counted[key_of(run_id, RecipientState.WAITING)] += len(rows)


def _consent(work: Work, registrant_id: int, kind: ConsentClass, days: int) -> dict[str, Any]:
    return {
        "reference": work.office.services.random_bytes(8).hex(),
        "registrant_id": registrant_id,
        "kind": kind,
        "notice_version": 1,
        "notice_sha256": "0" * 64,
        "language": "ja",
        "giver": Giver.ONESELF,
        "way": Way.PORTAL,
        "evidence_kind": "portal_message",
        "evidence_sha256": "0" * 64,
        "given_at": work.now,
        "expires_on": work.today + timedelta(days=days),
    }


def _content(kind: str) -> dict[str, Any]:
    if kind == "line":
        return {"schema": 1, "messages": [{"type": "text", "text": "乳がん検診を受けられます。"}]}
    return mail_kept("検診のお知らせ", TEXT, ("<p>", *TEXT, "</p>"))


def at(text: str) -> datetime:
    """An instant, told in Tokyo."""
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)
