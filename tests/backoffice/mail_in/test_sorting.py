"""What becomes of letters? The first rule that fits decides; each act is done once; a person sees what could not be."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from backoffice.audit import AuditEvent
from backoffice.demo.built_forms import head_counts
from backoffice.demo.head_count_reports import workbook
from backoffice.form_designs.models import FormDesign, FormVersion
from backoffice.form_designs.workflow import DesignState
from backoffice.identity import Role
from backoffice.intake.models import PaperBatch
from backoffice.mail import MailServer
from backoffice.mail_in import forgetting, forwarding, service
from backoffice.mail_in.models import MailAct, MailLetter
from backoffice.mail_in.rules import Act, Conditions, first_met, meets
from backoffice.mail_in.workflow import ActKind, ActState, LetterState, state_of
from backoffice.records import importing, queries
from backoffice.records.models import Record
from backoffice.records.outlook import Outlook
from forms.exporting import definition_json
from tests.backoffice.mail_in.letters import PDF, letter, mailroom
from tests.backoffice.recount import kept, recounted
from tests.city_mail_server import CityMailServer, serve

HEADS = {
    "schema": 2,
    "code": "heads",
    "title": "利用人数",
    "title_en": "Heads",
    "version": 1,
    "fields": [{"key": "heads", "label": "人数", "label_en": "Heads", "type": "integer", "maximum": 500}],
    "rules": [],
}


@dataclass(frozen=True)
class File:
    name: str
    kind: str = "paper"
    refusal: str = ""


@dataclass(frozen=True)
class Came:
    sender: str = "koen@example.jp"
    subject: str = "ＲＥ:名簿の 送付"
    files: tuple[File, ...] = (File("名簿(1).xlsx", "sheet"), File("地図.pdf"))


@dataclass(frozen=True)
class Rule:
    conditions: Conditions = field(default_factory=Conditions)


@pytest.mark.parametrize(
    ("conditions", "fits"),
    [
        (Conditions(), False),
        (Conditions(sender="koen@example.jp"), True),
        (Conditions(sender="other@example.jp"), False),
        (Conditions(sender="city.example.jp, EXAMPLE.jp"), True),
        (Conditions(sender="@example.jp"), True),
        (Conditions(sender="ample.jp"), False),
        (Conditions(subject="re:名簿の"), True),
        (Conditions(sender="example.jp", subject="請求"), False),
        (Conditions(file_name="名簿*.XLSX"), True),
        (Conditions(file_name="(1)"), True),
        (Conditions(file_name="[1]*"), False),
        (Conditions(file_kind="paper"), True),
        (Conditions(file_name="名簿", file_kind="paper"), False),
    ],
)
def test_a_rule_fits_where_all_that_it_names_holds(conditions, fits):
    assert meets(conditions, Came()) is fits


words = st.sampled_from(["", "example.jp", "koen@example.jp", "nobody.jp"])
rules = st.lists(st.builds(Rule, st.builds(Conditions, sender=words, subject=st.sampled_from(["", "名簿", "請求"]))))


@given(rules)
def test_the_first_rule_that_fits_decides_and_none_before_it_does(given_rules):
    found = first_met(given_rules, Came())

    before = given_rules[: given_rules.index(found)] if found else given_rules
    assert found is None or meets(found.conditions, Came())
    assert not any(meets(rule.conditions, Came()) for rule in before)


@given(st.lists(st.sampled_from(ActState)), st.booleans())
def test_a_letter_is_done_only_once_nothing_is_left_for_anybody(acts, to_look_at):
    state = state_of(acts, to_look_at=to_look_at)

    is_over = bool(acts) and set(acts) <= {ActState.DONE, ActState.LOOKED_AT} and not to_look_at
    assert (state is LetterState.DONE) is is_over
    assert (state is LetterState.TO_SORT) is not acts


def rule(room, *acts: Act, conditions: Conditions | None = None):
    """A rule of the department for letters of the park's friends, unless the test says otherwise."""
    clerk = room.city.person(Role.CLERK, department=room.department)
    with room.city.unit(room.city.actor(clerk)) as work:
        written = service.RuleWritten("愛護会", conditions or Conditions(sender="example.jp"), acts)
        return service.write_rule(work, written)


def states(room):
    return [(act.kind, act.state) for each in room.letters() for act in each.acts]


def test_pdfs_become_one_batch_of_paper_and_what_is_no_paper_is_shown(city_on_both):
    with mailroom(city_on_both) as room:
        rule(room, Act(ActKind.PAPER))
        room.comes(letter("用紙", ("a.pdf", PDF), ("b.pdf", PDF + b"b"), ("c.txt", b"words")))

        room.ticks()

        [came] = room.letters()
        first, second, third = came.acts
        assert (first.batch_id, first.state) == (second.batch_id, ActState.DONE)
        assert (third.state, came.state) == (ActState.TROUBLE, LetterState.TO_CHECK)
        with city_on_both.look() as work:
            [batch] = work.session.scalars(select(PaperBatch))
        assert (batch.source, batch.department_id) == ("mail", room.department.id)

        room.comes(letter("もう一度", ("a.pdf", PDF), number="<2@example.jp>"))
        room.ticks()
        again = room.letters()[-1]
        assert again.state == LetterState.DONE
        assert "届いています" in again.acts[0].said
        with city_on_both.look() as work:
            assert kept(work.session) == recounted(work.session)


def test_of_two_files_that_are_the_same_one_becomes_paper_and_forgetting_keeps_that_one(city_on_both):
    with mailroom(city_on_both) as room:
        rule(room, Act(ActKind.PAPER))
        room.comes(letter("用紙", ("a.pdf", PDF), ("a.pdf", PDF)))

        room.ticks()

        [came] = room.letters()
        first, second = came.acts
        assert (first.batch_id is not None, second.batch_id) == (True, None)
        assert (first.said, second.params) == ("", {"name": "a.pdf"})
        city_on_both.clock.pass_(days=91)
        assert forgetting.forget_old(room.office) == 1
        [old] = room.letters()
        assert [file.file.erased_at is None for file in old.files] == [True, False]
        assert old.acts[1].params == {"name": ""}


def test_a_table_waits_for_a_person_once_and_its_like_goes_straight_into_the_list(city_on_both):
    with mailroom(city_on_both) as room:
        design_id = _form(room)
        rule(room, Act(ActKind.LIST, str(design_id)), conditions=Conditions(file_name="*.csv"))
        room.comes(letter("4月", ("4月.csv", "人数\n12\n".encode())))

        room.ticks()

        [first] = room.letters()
        assert first.state == LetterState.TO_CHECK
        assert "列の対応" in first.acts[0].said
        _match(room, first.acts[0].import_id)
        may = letter("5月", ("5月.csv", "人数\n15\n9999\n".encode()), number="<2@example.jp>")
        room.comes(may, letter("6月", ("6月.csv", "人数\n16\n".encode()), number="<3@example.jp>"))
        room.ticks()

        _first, second, third = room.letters()
        assert (second.state, second.acts[0].params) == (LetterState.TO_CHECK, {"n": 1})
        assert third.state == LetterState.DONE
        with city_on_both.look() as work:
            assert sorted(one.values["heads"] for one in work.session.scalars(select(Record))) == [15, 16]


def test_a_report_by_mail_becomes_one_record_and_one_that_does_not_add_up_waits(city_on_both):
    form = json.loads(definition_json(head_counts().definition("heads", 1)))
    rooms = [("講堂", 40, 12), ("和室", 8, 0)]
    with mailroom(city_on_both) as room:
        rule(room, Act(ActKind.LIST, str(_form(room, form))), conditions=Conditions(file_name="*.xlsx"))
        sent = workbook("あおぞら公民館", date(2026, 10, 1), "見本 花子", rooms)
        wrong = workbook("さくら公民館", date(2026, 10, 1), "見本 花子", rooms, too_many=1)
        room.comes(letter("10月", ("10月.xlsx", sent)), letter("10月", ("10.xlsx", wrong), number="<2@example.jp>"))

        room.ticks()

        assert [each.state for each in room.letters()] == [LetterState.DONE, LetterState.TO_CHECK]
        with city_on_both.look() as work:
            assert [one.values["a1"] for one in work.session.scalars(select(Record))] == ["あおぞら公民館"]


def test_a_letter_goes_to_a_colleague_once_with_what_it_brought_and_never_goes_round(city):
    server = CityMailServer()
    with mailroom(city) as room, serve(server) as running:
        rule(room, Act(ActKind.FORWARD, "tanaka@city.example.jp"), Act(ActKind.SAVE))
        posting = _with_mail(room, running.host, running.port)
        posting.comes(letter("依頼", ("a.pdf", PDF), ("b.txt", "本文".encode())))
        posting.ticks()
        posting.ticks()

        [sent] = server.taken
        assert (sent["Subject"], sent["To"]) == ("[転送] 依頼", "tanaka@city.example.jp")
        enclosed = [(part.get_filename(), part.get_payload(decode=True)) for part in sent.iter_attachments()]
        assert enclosed == [("a.pdf", PDF), ("b.txt", "本文".encode())]
        assert states(room) == [("forward", ActState.DONE), ("save", ActState.DONE)]

        posting.comes(bytes(sent).replace(b"gijo@city.example.jp", b"koen@example.jp"))
        posting.ticks()
        assert len(server.taken) == 1
        assert "回り続けない" in room.letters()[-1].acts[0].said


def test_a_mail_server_that_is_away_is_asked_again_and_one_that_died_with_the_letter_is_not(city):
    server = CityMailServer()
    with mailroom(city) as room:
        rule(room, Act(ActKind.FORWARD, "tanaka@city.example.jp"))
        room.comes(letter())
        with serve(server) as running:
            back = _with_mail(room, running.host, running.port)
            _with_mail(room, running.host, running.port, smtp_security="tls").ticks()
            assert states(room) == [("forward", ActState.WAITING)]
            back.ticks()
            assert server.taken == []
            city.clock.pass_(minutes=2)
            server.hangs_up_with_the_letter = True
            back.ticks()
            city.clock.pass_(hours=2)
            back.ticks()
        assert len(server.taken) == 1
        assert states(room) == [("forward", ActState.TROUBLE)]


class TakenMeanwhile(MailServer):
    """A server that is away; another worker, which reaches it, has begun to send meanwhile."""

    def __init__(self, settings, city):
        super().__init__(settings)
        self._city = city

    def open(self):
        with self._city.unit() as work:
            work.session.execute(update(MailAct).values(state=ActState.SENDING, next_at=work.now))
        return super().open()


def test_a_worker_that_cannot_connect_leaves_alone_what_another_sends(city):
    with mailroom(city) as room, serve(CityMailServer()) as running:
        rule(room, Act(ActKind.FORWARD, "tanaka@city.example.jp"))
        room.comes(letter())
        away = _with_mail(room, running.host, running.port, smtp_security="tls")
        server = TakenMeanwhile(away.office.settings, city)

        replace(away, office=replace(away.office, mail=server)).ticks()

        assert states(room) == [("forward", ActState.SENDING)]


def test_a_worker_that_died_while_it_sent_leaves_a_question_for_a_person_and_no_second_letter(city):
    server = CityMailServer()
    with mailroom(city) as room, serve(server) as running:
        rule(room, Act(ActKind.FORWARD, "tanaka@city.example.jp"))
        room.comes(letter())
        room.ticks()
        with city.unit() as work:
            work.session.execute(update(MailAct).values(state=ActState.SENDING, next_at=work.now))
            work.session.execute(update(MailLetter).values(state=LetterState.UNDER_WAY))
        city.clock.pass_(minutes=20)

        forwarding.tick(_with_mail(room, running.host, running.port).office)

        assert server.taken == []
        assert states(room) == [("forward", ActState.TROUBLE)]


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("tanaka@city.example.jp", True),
        ("tanaka@ward.city.example.jp", True),
        ("tanaka@notcity.example.jp", False),
        ("tanaka@example.com", False),
        ("a@city.example.jp, b@example.com", False),
        ("tanaka@city.example.jp\r\nBcc: x@example.com", False),
        ("", False),
    ],
)
def test_nothing_is_passed_on_out_of_the_city(city, address, inside):
    settings = city.office.settings.model_copy(update={"mail_in_domains": "city.example.jp"})

    assert forwarding.is_inside(address, settings) is inside


def test_after_its_time_the_content_of_a_letter_is_erased_and_what_became_paper_stays(city_on_both):
    with mailroom(city_on_both) as room:
        rule(room, Act(ActKind.PAPER), conditions=Conditions(file_name="a.pdf"))
        room.comes(letter("名簿", ("a.pdf", PDF), ("b.pdf", PDF + b"b")))
        room.comes(letter("仕分け待ち", sender="stranger@elsewhere.jp", number="<2@example.jp>"))
        room.ticks()
        city_on_both.clock.pass_(days=91)

        assert forgetting.forget_old(room.office) == 1

        old, waiting = room.letters()
        assert (old.sender, old.subject, old.text, old.number) == ("", "", "", "R8-受信-0001")
        assert [(file.name, file.file.erased_at is None) for file in old.files] == [("", True), ("", False)]
        assert (waiting.subject, waiting.erased_at) == ("仕分け待ち", None)
        assert forgetting.forget_old(room.office) == 0
        with city_on_both.look() as work:
            erased = select(func.count()).select_from(AuditEvent).where(AuditEvent.kind == "letter_erased")
            assert work.session.scalar(erased) == 1


def _with_mail(room, host: str, port: int, **more: object):
    settings = room.office.settings.model_copy(
        update={
            "smtp_host": host,
            "smtp_port": port,
            "smtp_security": "none",
            "smtp_from": "gijo@city.example.jp",
            "public_address": "https://gijo.city.example.jp",
            **more,
        }
    )
    return replace(room, office=replace(room.office, settings=settings, mail=MailServer(settings)))


def _form(room, definition=HEADS) -> int:
    with room.city.unit() as work:
        design = FormDesign(
            code="heads",
            department_id=room.department.id,
            title="利用人数",
            series="人数",
            state=DesignState.IN_USE,
            created_at=work.now,
        )
        work.session.add(design)
        work.session.flush()
        work.session.add(FormVersion(design_id=design.id, number=1, definition=definition, published_at=work.now))
        return design.id


def _match(room, import_id: int) -> None:
    """A person matches the columns of the file once, and throws it away."""
    clerk = room.city.actor(room.city.person(Role.CLERK, department=room.department))
    with room.city.unit(clerk) as work:
        brought = importing.find_import(work.session, clerk, import_id)
        _design, definition = queries.find_form(work.session, clerk, brought.design_id)
        importing.match(work, brought, definition, ["heads"], Outlook(brought.fine, brought.waiting))
