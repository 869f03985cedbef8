"""Which data links does the demonstration city have? One in force, one on its route; all of it invented."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select

from backoffice.data_links import matters, queries, service
from backoffice.demo.cases import DRAFTER, Step, decide_step, find_case
from backoffice.demo.city import actor_of
from backoffice.identity import Department
from backoffice.inbox import talking
from backoffice.work import Office
from forms.field_types import Value
from workflows.links import QUESTIONS, Answer, Concern, Contact, Impact, Necessity, Purpose, Shown, System, Terms, Use

SOURCE = "水道局"
"""Stands for the department whose data it is: its head is played."""
UNTRIED = "相手のシステムは演習用で、試験はあとで行う"
REVIEW: Mapping[str, Value] = {"legal_basis": "本人の同意", "minimal": True, "sensitive": False}


def agree(office: Office) -> None:
    """Let the people of the city agree on the library card, and send another agreement on its route."""
    begins = matters.blank_terms(office.services.today())
    # In force from the day on which the demonstration opens.
    library = replace(_library(begins), valid_from=office.services.today())
    card = _submit(office, "library-card", "図書館カード", library)
    decide_step(office, card, Step("yamada", "head_review"))
    decide_step(office, card, Step("mori", "privacy_review", answers=REVIEW))
    decide_step(office, card, Step("ito", "source_consent"))
    decide_step(office, card, Step("nakano", "dx_approval"))

    courses = _submit(office, "course-guide", "おすすめ講座の案内", _courses(begins))
    decide_step(office, courses, Step("yamada", "head_review"))
    with office.unit(actor_of(office, "mori")) as work:
        talking.ask_opinion(work, find_case(work, courses), "inoue", "保存期間は1年で足りますか。")


def _submit(office: Office, code: str, name: str, terms: Terms) -> int:
    with office.unit(actor_of(office, DRAFTER)) as work:
        version_id = service.begin_link(work, code, name).id
    with office.unit(actor_of(office, DRAFTER)) as work:
        version = queries.find_version(work.session, version_id)
        service.write_terms(work, version, version.version, terms)
    with office.unit(actor_of(office, DRAFTER)) as work:
        version = queries.find_version(work.session, version_id)
        source = work.session.scalars(select(Department.id).where(Department.name == SOURCE)).one()
        return service.submit(work, version, version.version, source, UNTRIED).id


def _library(blank: Terms) -> Terms:
    card = ("issue_card",)
    return replace(
        blank,
        recipient=System("library", "図書館システム(演習用)", "Library system (exercise)"),
        controller="総合図書館長",
        purposes=(Purpose("issue_card", "図書館カードを作る", "Issue a library card"),),
        uses=(
            Use("full_name", Necessity.REQUIRED, card),
            Use("age_over_18", Necessity.OPTIONAL, card, "保護者の同意書が要るかを決める"),
            Use("city_resident", Necessity.REQUIRED, card),
        ),
        shown=Shown(
            "図書館カードを作るため、氏名と、福岡市に住んでいることを、図書館に渡します。",
            "としょかんの カードを つくります。あなたの なまえと 福岡市に すんでいることを、としょかんに わたします。",
            "To make a library card, we hand your name, and that you live in the city, to the library.",
        ),
        contacts=(Contact("図書館システム担当(演習用)", "092-000-0001", ""),),
        emergency_contact=Contact("図書館の当直(演習用)", "092-000-0002", ""),
        impact=_assessed({}),
    )


def _courses(blank: Terms) -> Terms:
    guide = ("tell_courses",)
    return replace(
        blank,
        recipient=System("courses", "講座の案内(演習用)", "Course guide (exercise)"),
        controller="生涯学習課長",
        purposes=(Purpose("tell_courses", "関心に合う講座を知らせる", "Tell of courses of interest"),),
        uses=(
            Use("mail", Necessity.REQUIRED, guide),
            Use("age_over_60", Necessity.OPTIONAL, guide, "シニア向けの講座を知らせる"),
        ),
        shown=Shown(
            "講座を知らせるため、メールアドレスを渡します。",
            "こうざを しらせます。メールアドレスを わたします。",
            "To tell you of courses, we hand over your mail address.",
        ),
        retention_days=365,
        contacts=(Contact("生涯学習課(演習用)", "092-000-0003", ""),),
        emergency_contact=Contact("生涯学習課(演習用)", "092-000-0003", ""),
        impact=_assessed({Concern.CLOUD: "案内のメールを送る市の契約のクラウドに、アドレスを置く。"}),
    )


def _assessed(yes: Mapping[Concern, str]) -> Impact:
    """Give the questionnaire with these answered with yes, and all others with no."""
    return Impact(tuple(Answer(each, each in yes, yes.get(each, "")) for each in QUESTIONS))
