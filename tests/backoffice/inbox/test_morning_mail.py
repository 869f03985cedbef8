"""Who hears in the morning of what waits for them: once, in numbers, and nobody who is away."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from backoffice.audit import AuditEvent
from backoffice.drawing.models import CityClosure
from backoffice.identity import Staff
from backoffice.inbox import absences, mailing, talking
from backoffice.inbox.absences import Away
from backoffice.inbox.events import MorningMailSent
from backoffice.inbox.models import Case, Digest, Vote
from backoffice.inbox.morning import Counts, count_for_everybody
from backoffice.mail import MailServer
from backoffice.operations import upkeep
from tests.backoffice.furniture import statements
from tests.backoffice.inbox.cases import Bureau
from tests.backoffice.staff_client import StaffClient
from tests.city_mail_server import CityMailServer, serve
from workflows.routes import Decision

EIGHT = datetime(2026, 11, 24, 23, 0, tzinfo=UTC)
"""Wednesday 25 November 2026, eight o'clock in Fukuoka."""
HEAD, DRAFTER = "kacho@city.example.jp", "tanto@city.example.jp"
GIVEN = {HEAD: "kacho", DRAFTER: "tanto", "dx1@city.example.jp": "dx1"}


def with_mail(bureau: Bureau, running) -> Bureau:
    """The same office with a mail server, and addresses for three people; it is eight in the morning."""
    settings = bureau.city.office.settings.model_copy(
        update={
            "smtp_host": running.host,
            "smtp_port": running.port,
            "smtp_security": "none",
            "smtp_from": "gijo@city.example.jp",
            "public_address": "https://gijo.city.example.jp",
            "smtp_timeout_seconds": 2.0,
        }
    )
    bureau.city.office = replace(bureau.city.office, settings=settings, mail=MailServer(settings))
    with bureau.city.unit() as work:
        for mail, account in GIVEN.items():
            work.session.scalars(select(Staff).where(Staff.account == account)).one().mail = mail
    bureau.city.clock.moment = EIGHT
    return bureau


@pytest.fixture
def served():
    with serve(CityMailServer()) as running:
        yield running


@pytest.fixture
def awake(bureau_on_both, served) -> Bureau:
    return with_mail(bureau_on_both, served)


@pytest.fixture
def mailed(bureau, served) -> Bureau:
    return with_mail(bureau, served)


def tick(bureau: Bureau) -> int:
    return mailing.tick(bureau.city.office)


def counted(bureau: Bureau) -> dict[str, Counts]:
    with bureau.city.look() as work:
        names = dict(work.session.execute(select(Staff.id, Staff.account)).all())
        return {names[sid]: counts for sid, counts in count_for_everybody(work.session, work.now).items()}


def away(bureau: Bureau, person: Staff, deputy: str = "") -> None:
    today = bureau.city.office.services.today()
    with bureau.city.unit() as work:
        absences.enter(work, person.id, Away(today, today, deputy))


def test_each_who_has_open_work_gets_one_mail_however_often_the_worker_looks(awake, served):
    awake.begin()

    sent = [tick(awake) for _ in range(3)]

    assert (sent, served.server.addresses) == ([1, 0, 0], [HEAD])
    with awake.city.look() as work:
        events = work.session.scalars(select(AuditEvent.data).where(AuditEvent.kind == MorningMailSent.kind)).all()
        digest = work.session.scalars(select(Digest)).one()
    assert events == [{"digest_id": digest.id, "staff_id": awake.head.id, "day": 20261125, "outcome": "sent"}]


def test_the_mail_holds_numbers_and_a_link_and_nothing_of_any_matter(mailed, served):
    mailed.begin(title="福岡 花子 の件")
    case_id = mailed.begin(title="架空の照会")
    mailed.city.clock.pass_(days=7)

    tick(mailed)

    (letter,) = served.server.taken
    text = letter.get_content()
    assert "承認待ち 2件" in text
    assert "うち期限超過 2件" in text
    assert "https://gijo.city.example.jp/inbox" in text
    assert "https://gijo.city.example.jp/me" in text
    for personal in ("福岡", "架空の照会", mailed.case(case_id).number, mailed.head.name, mailed.drafter.name):
        assert personal not in text + letter["Subject"]


def test_a_person_who_reads_english_gets_it_in_english(mailed, served):
    mailed.begin()
    with mailed.city.unit() as work:
        work.session.get(Staff, mailed.head.id).language = "en"

    tick(mailed)

    (letter,) = served.server.taken
    assert "Waiting for you: 1" in letter.get_content()
    assert letter["Subject"] == "Gijo, the morning of Wed 25 Nov 2026"


@pytest.mark.parametrize(
    ("moment", "sent"),
    [
        (EIGHT - timedelta(minutes=1), 0),
        (EIGHT, 1),
        (EIGHT + timedelta(hours=6), 1),
        (datetime(2026, 11, 28, 0, 0, tzinfo=UTC), 0),  # a Saturday
        (datetime(2027, 1, 1, 0, 0, tzinfo=UTC), 0),
        (datetime(2026, 11, 26, 0, 0, tzinfo=UTC), 0),  # closed by the city itself, below
    ],
)
def test_it_comes_from_eight_on_on_days_that_the_city_works(mailed, moment, sent):
    mailed.begin()
    with mailed.city.unit() as work:
        work.session.add(CityClosure(day=date(2026, 11, 26), name="庁舎の停電"))
    mailed.city.clock.moment = moment

    assert tick(mailed) == sent


def test_what_comes_in_after_the_mail_waits_for_the_next_morning(mailed, served):
    assert tick(mailed) == 0
    mailed.begin()

    later = tick(mailed)
    mailed.city.clock.pass_(days=1)
    tomorrow = tick(mailed)

    assert (later, tomorrow) == (0, 1)


def test_who_is_away_gets_none_and_the_deputy_hears_of_it_apart(awake, served):
    awake.begin()
    away(awake, awake.head, "dx1")

    tick(awake)

    (letter,) = served.server.taken
    assert letter["To"] == "dx1@city.example.jp"
    assert "代理で決められる件 1件(うち期限超過 0件)" in letter.get_content()
    assert "承認待ち" not in letter.get_content()


@pytest.mark.parametrize("why", ["stopped", "no address", "left", "nothing waits"])
def test_nobody_gets_one_who(mailed, why):
    if why != "nothing waits":
        mailed.begin()
    with mailed.city.unit() as work:
        head = work.session.get(Staff, mailed.head.id)
        head.morning_mail = why != "stopped"
        head.mail = None if why == "no address" else head.mail
        head.active = why != "left"

    assert tick(mailed) == 0


def test_a_person_stops_the_mail_and_takes_it_up_again_on_their_own_page(mailed, served):
    mailed.begin()
    client = StaffClient(mailed.city).sign_in(mailed.head)

    stopped = client.post("/me/morning-mail", {"wanted": "no"})
    first = tick(mailed)
    client.post("/me/morning-mail", {"wanted": "yes"})
    mailed.city.clock.pass_(days=1)

    assert "朝のお知らせを止めました" in stopped.text
    assert (first, tick(mailed)) == (0, 1)


def test_a_server_that_is_away_is_asked_again_until_it_takes_the_mail(bureau_on_both):
    with serve(CityMailServer()) as running:
        bureau = with_mail(bureau_on_both, running)
        bureau.begin()
        running.server.content_answer = "451 try again later"
        first, at_once = tick(bureau), tick(bureau)
        running.server.content_answer = "250 OK"
        bureau.city.clock.pass_(minutes=1)
        second, third = tick(bureau), tick(bureau)

    assert (first, at_once, second, third) == (0, 0, 1, 0)
    assert len(running.server.taken) == 1


def test_what_was_not_taken_by_midnight_is_not_sent_the_day_after(mailed, served):
    mailed.begin()
    served.server.content_answer = "451 try again later"
    tick(mailed)
    served.server.content_answer = "250 OK"
    mailed.city.clock.pass_(days=1)

    tick(mailed)

    (letter,) = served.server.taken
    assert "11月26日" in letter["Subject"]


def test_where_nobody_knows_whether_it_arrived_it_does_not_go_twice(mailed, served):
    mailed.begin()
    served.server.hangs_up_with_the_letter = True

    tick(mailed)
    served.server.hangs_up_with_the_letter = False
    mailed.city.clock.pass_(hours=1)
    tick(mailed)

    assert len(served.server.taken) == 1
    with mailed.city.look() as work:
        (event,) = work.session.scalars(select(AuditEvent.data).where(AuditEvent.kind == MorningMailSent.kind))
    assert event["outcome"] == "unsure"


def test_a_worker_that_died_with_the_letter_in_its_hands_sends_no_second_one(mailed, served):
    """The row is marked before the letter goes: what became of that one nobody knows."""
    mailed.begin()
    served.server.content_answer = "451 try again later"
    tick(mailed)
    with mailed.city.unit() as work:
        work.session.scalars(select(Digest)).one().mailed_at = work.now
    served.server.content_answer = "250 OK"
    mailed.city.clock.pass_(hours=1)

    assert (tick(mailed), served.server.taken) == (0, [])


def test_one_address_that_nobody_has_holds_up_no_other(mailed, served):
    case_id = mailed.begin()
    mailed.decide(mailed.head, case_id, "head_review", Decision.SEND_BACK)
    mailed.begin()
    served.server.refuses = {HEAD}

    tick(mailed)

    assert served.server.addresses == [DRAFTER]


def test_a_server_that_cannot_be_reached_ends_neither_the_worker_nor_the_day(mailed, capsys):
    mailed.begin()
    settings = mailed.city.office.settings.model_copy(update={"smtp_security": "starttls"})
    mailed.city.office = replace(mailed.city.office, mail=MailServer(settings))

    assert tick(mailed) == 0
    with mailed.city.look() as work:
        digest = work.session.scalars(select(Digest)).one()
    assert (digest.mailed_at, digest.tries) == (None, 1)
    assert HEAD not in "".join(capsys.readouterr())


def test_a_city_without_a_mail_server_counts_and_sends_nothing(bureau):
    bureau.begin()
    bureau.city.clock.moment = EIGHT

    assert mailing.tick(bureau.city.office) == 0
    with bureau.city.look() as work:
        assert work.session.scalar(select(func.count()).select_from(Digest)) == 0


def test_everything_that_waits_is_counted_as_the_inbox_shows_it(awake):
    bureau = awake
    sent_back = bureau.begin(title="差し戻す件")
    bureau.decide(bureau.head, sent_back, "head_review", Decision.SEND_BACK)
    waiting = bureau.begin(title="待つ件")
    with bureau.city.unit(bureau.city.actor(bureau.drafter)) as work:
        case = work.session.get(Case, waiting)
        talking.ask_opinion(work, case, "kacho", "これでよいですか")
        talking.comment(work, case, "@kacho ご確認ください")
    reviewed = bureau.begin(title="代決された件")
    vote = bureau.decide(bureau.head, reviewed, "head_review")
    with bureau.city.unit() as work:
        work.session.get(Vote, vote.id).principal_id = bureau.head.id
    bureau.city.clock.moment = bureau.waiting(waiting)["head_review"].due_at - timedelta(hours=1)

    found = counted(bureau)

    assert found["kacho"] == Counts(waiting=1, today=1, mentions=1, opinions=1, reviews=1)
    assert (found["tanto"].waiting, found["tanto"].returned) == (1, 1)


def test_counting_for_everybody_costs_the_same_however_many_people_and_matters_there_are(mailed):
    spent = []
    for number in range(2):
        for each in range(1 + 20 * number):
            mailed.begin(title=f"制度{number}-{each}")
            person = mailed.city.person(department=mailed.department)
            with mailed.city.unit() as work:
                work.session.get(Staff, person.id).mail = f"{person.account}@city.example.jp"
        with statements() as asked:
            counted(mailed)
        spent.append(len(asked))

    assert spent[0] == spent[1] <= 10


def test_old_rows_are_forgotten(mailed):
    mailed.begin()
    tick(mailed)
    mailed.city.clock.pass_(days=120)

    upkeep.tick(mailed.city.office)

    with mailed.city.look() as work:
        assert work.session.scalar(select(func.count()).select_from(Digest)) == 0


def test_of_links_whose_days_come_near_it_says_how_many(mailed, served):
    told: list[datetime] = []

    def besides(_session, _today, since):
        told.append(since)
        return {mailed.drafter.id: 2}

    mailing.tick(mailed.city.office, besides)
    mailed.city.clock.pass_(days=1)
    mailing.tick(mailed.city.office, besides)

    assert served.server.addresses == [DRAFTER, DRAFTER]
    assert "終わりか見直しの日が近づいたデータ連携 2件" in served.server.taken[0].get_content()
    assert told == [EIGHT - timedelta(days=7), EIGHT]
