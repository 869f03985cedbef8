"""How do letters come in? Each once, whatever dies; what is too large or broken is told; nothing is left unseen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields

import pytest
from pydantic import ValidationError
from sqlalchemy import update
from sqlalchemy.exc import DataError

from backoffice.demo.edge import imap_server
from backoffice.errors import Overtaken, Unavailable
from backoffice.identity import Department
from backoffice.mail_in import fetching
from backoffice.mail_in.mailbox import OpenMailbox, WithheldError, mailbox_of
from backoffice.mail_in.models import MailAddress
from backoffice.mail_in.workflow import LetterState
from backoffice.operations import premises
from backoffice.settings import Settings
from backoffice.work import Office
from tests.backoffice.mail_in.letters import PDF, letter, mailroom
from tests.city_mail_server import make_certificate


@pytest.fixture
def room(city):
    with mailroom(city) as opened:
        yield opened


def test_a_letter_becomes_a_row_with_its_files_and_then_lies_among_those_that_are_done(city_on_both):
    with mailroom(city_on_both) as room:
        room.comes(letter("名簿", ("名簿.pdf", PDF), ("virus.exe", b"MZ")))

        assert room.ticks() == 1

        [came] = room.letters()
        assert (came.sender, came.subject, came.state) == ("koen@example.jp", "名簿", LetterState.TO_SORT)
        assert [(file.name, file.kind) for file in came.files] == [("名簿.pdf", "paper"), ("virus.exe", "refused")]
        assert room.office.files.read(came.files[0].file) == PDF
        assert (room.count("INBOX"), room.count("Gijo")) == (0, 1)


def test_a_server_that_cannot_move_letters_gets_them_copied_and_expunged(city):
    with mailroom(city, without=frozenset({b"MOVE", b"UIDPLUS"})) as room:
        room.comes(letter())

        assert room.ticks() == 1

        assert (room.count("INBOX"), room.count("Gijo")) == (0, 1)


def test_a_worker_killed_between_the_row_and_the_move_takes_no_letter_twice(city_on_both):
    with mailroom(city_on_both) as room:
        room.comes(letter())
        with mailbox_of(room.office.settings).open() as box:
            [waiting] = box.waiting()
            came = fetching.came_as(box.origin(waiting.uid), box.whole(waiting.uid, 10_000), 10_000)
            assert fetching.keep(room.office, came, room.department.id) == 1  # and here the worker dies

        assert room.ticks() == 0

        assert len(room.letters()) == 1
        assert room.count("INBOX") == 0


def test_a_second_copy_of_a_letter_is_known_and_another_letter_under_its_number_is_not(room):
    room.comes(letter("一通目"), letter("一通目"), letter("一通目", text="別の用件です。"))

    room.ticks()

    assert [each.text for each in room.letters()] == ["お世話になります。", "別の用件です。"]
    assert room.count("INBOX") == 0


def test_a_server_that_goes_away_in_the_middle_loses_nothing(room):
    room.comes(*(letter(number=f"<{number}@example.jp>") for number in range(3)))
    with pytest.raises(Unavailable), mailbox_of(room.office.settings).open() as box:
        [first, *_] = box.waiting()
        came = fetching.came_as(box.origin(first.uid), box.whole(first.uid, 10_000), 10_000)
        fetching.keep(room.office, came, room.department.id)
        room.server.hang_up()
        box.put_away([first.uid])

    room.ticks()

    assert len(room.letters()) == 3
    assert (room.count("INBOX"), room.count("Gijo")) == (0, 3)


def test_of_a_letter_that_is_too_large_the_heading_alone_is_fetched(city):
    with mailroom(city, mail_in_limit_bytes=2_000) as room:
        room.comes(letter("大きな写真", ("a.pdf", PDF + b"x" * 5_000)))

        room.ticks()

        [came] = room.letters()
        assert (came.subject, came.files, came.text) == ("大きな写真", [], "")
        assert "大きすぎる" in came.refusal
        assert room.count("INBOX") == 0


def test_a_letter_comes_to_each_department_whose_address_it_bears_else_to_the_one_that_sorts(room, city):
    others = [city.department("公園課"), city.department("保健課")]
    with city.unit() as work:
        for name, department in zip(("koen", "hoken"), others, strict=True):
            work.session.add(MailAddress(address=f"{name}@city.example.jp", department_id=department.id))
    both = letter("両方へ", to="Koen@city.example.jp, hoken@city.example.jp", number="<2@example.jp>")
    delivered = b"Delivered-To: hoken@city.example.jp\r\n" + letter("届け先", number="<3@example.jp>")
    room.comes(letter("宛先なし"), both, delivered)

    assert room.ticks() == 4

    came = {(each.subject, each.department_id) for each in room.letters()}
    first, second = (each.id for each in others)
    assert came == {
        ("宛先なし", room.department.id),
        ("両方へ", first),
        ("両方へ", second),
        ("届け先", second),
    }


def test_what_comes_to_a_closed_department_goes_to_the_one_that_sorts(room, city):
    closed = city.department("公園課")
    with city.unit() as work:
        work.session.add(MailAddress(address="koen@city.example.jp", department_id=closed.id))
        work.session.execute(update(Department).where(Department.id == closed.id).values(closed=True))
    room.comes(letter(to="koen@city.example.jp"))

    room.ticks()

    assert [each.department_id for each in room.letters()] == [room.department.id]


@dataclass(frozen=True)
class Hurried(Office):
    """An office in which somebody else is quicker, or something else is the matter, so many times."""

    times: Iterator[int] = field(default_factory=lambda: iter(()))
    trouble: Exception = field(default_factory=lambda: Overtaken(""))

    @contextmanager
    def unit(self, actor):
        if next(self.times, None) is not None:
            raise self.trouble
        with super().unit(actor) as work:
            yield work


def hurried(office: Office, times: Iterable[int], **more: Exception) -> Hurried:
    return Hurried(**{each.name: getattr(office, each.name) for each in fields(Office)}, times=iter(times), **more)


def test_letters_at_which_somebody_was_quicker_stay_for_the_next_look_and_those_behind_them_come(room):
    overtaken = fetching.AT_ONCE + 1
    room.comes(*(letter(number=f"<{number}@example.jp>") for number in range(overtaken + 1)))

    assert fetching.tick(hurried(room.office, range(overtaken))) == 1

    assert (room.count("INBOX"), len(room.letters())) == (overtaken, 1)
    assert (room.ticks(), room.ticks()) == (fetching.AT_ONCE, 1)
    assert room.count("INBOX") == 0


def test_a_letter_that_cannot_be_kept_is_told_once_and_never_fetched_again(room):
    room.comes(letter("毒"), letter("名簿", number="<2@example.jp>"))

    assert fetching.tick(hurried(room.office, range(1), trouble=DataError("", None, ValueError()))) == 2

    told, other = room.letters()
    assert (told.refusal, told.state, told.subject) == (fetching.CANNOT_BE_KEPT, LetterState.TO_SORT, "")
    assert (other.subject, room.count("INBOX"), room.count("Gijo")) == ("名簿", 0, 2)
    assert room.ticks() == 0


def test_a_letter_for_which_the_disk_is_full_waits_for_the_next_look(room):
    room.comes(letter("名簿"))

    assert fetching.tick(hurried(room.office, range(1), trouble=OSError())) == 0

    assert (room.letters(), room.count("INBOX"), room.ticks()) == ([], 1, 1)


def test_one_letter_that_is_not_handed_out_is_no_trouble_of_the_mailbox(room):
    room.comes(letter())

    with mailbox_of(room.office.settings).open() as box:
        [waiting] = box.waiting()
        with pytest.raises(WithheldError):
            box.whole(waiting.uid + 1, 100)
        assert box.whole(waiting.uid, 100)


def test_two_mailboxes_that_number_their_letters_alike_are_told_apart(room):
    with mailbox_of(room.office.settings).open() as box:
        first = box.origin(1)
    with room.client() as client:
        client.create("Other")
    with mailbox_of(room.office.settings.model_copy(update={"imap_folder": "Other"})).open() as box:
        second = box.origin(1)

    assert first.split(":")[0] != second.split(":")[0]
    assert len(f"{first.split(':')[0]}:{2**32}:{2**32}") <= 40


def test_the_doctor_signs_in_and_says_what_waits_or_what_is_wrong(room):
    room.comes(letter())
    known = room.office.settings

    assert "INBOX: 1" in premises.mailbox(known).detail
    wrong = known.imap_password_file.with_name("wrong")
    wrong.write_text("nobody knows\n")
    assert premises.mailbox(known.model_copy(update={"imap_password_file": wrong})).detail.endswith("LoginError")
    assert "no mail is taken in" in premises.mailbox(known.model_copy(update={"imap_host": ""})).detail


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"imap_security": "none", "imap_host": "mail.city.example.jp"}, "127.0.0.1"),
        ({"imap_password_file": None}, "GIJO_IMAP_PASSWORD_FILE"),
        ({"imap_done_folder": "INBOX"}, "GIJO_IMAP_DONE_FOLDER"),
        ({"mail_in_domains": "https://x"}, "GIJO_MAIL_IN_DOMAINS"),
    ],
)
def test_settings_that_would_give_the_password_away_or_lose_letters_are_refused(tmp_path, more, said):
    whole = {
        "imap_host": "mail.city.example.jp",
        "imap_user": "gijo",
        "imap_password_file": tmp_path / "password",
        "mail_in_department": "学事課",
    }
    Settings(**whole)

    with pytest.raises(ValidationError, match=said):
        Settings(**{**whole, **more})


def test_the_password_goes_only_to_a_server_whose_certificate_the_city_trusts(room, tmp_path):
    trusted = make_certificate(tmp_path / "city")
    password = room.office.settings.imap_password_file
    with imap_server.play(trusted) as server:
        known = room.office.settings.model_copy(
            update={"imap_port": server.port, "imap_security": "starttls", "imap_password_file": password}
        )
        with pytest.raises(Unavailable):
            mailbox_of(known).probe()
        trusting = known.model_copy(update={"imap_ca_file": trusted / "certificate.pem"})
        assert mailbox_of(trusting).probe() == "INBOX: 0"


def test_nothing_beyond_the_limit_is_fetched_whatever_size_the_server_says(room):
    room.comes(letter(text="x" * 5_000))

    with mailbox_of(room.office.settings).open() as box:
        assert isinstance(box, OpenMailbox)
        [waiting] = box.waiting()
        assert len(box.whole(waiting.uid, 100)) == 101
