"""Which grants wait to be reviewed? Two; the house reads their papers, of which one says another rent."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select

from backoffice.collation import queries, service
from backoffice.demo.city import actor_of
from backoffice.demo.recorded_bots import Proof, Taught, attached, design_of, enter
from backoffice.form_designs.models import FormDesign
from backoffice.form_designs.shelf import newest_definitions
from backoffice.work import Office, Work
from forms.building import acts
from forms.building.draft import FormDraft
from forms.building.kinds import Sketch
from forms.definition import FormDefinition
from forms.field_types import FieldType, Value
from forms.wareki import parse_date
from rpa_bots.fake_base.recorded import Row
from rpa_bots.fake_offices.grants import GRANTS
from rpa_bots.fake_offices.rows import rows

SEED, REVIEWED = 22, 2
LESS = 30_000
"""Yen a month, by which the second lease says another rent than its application."""


def _lease(row: Row) -> Mapping[str, Value]:
    return {
        "借主の法人名": row["法人名"],
        "物件の所在地": row["事務所の所在地"],
        "契約の開始日": parse_date(row["賃貸借の開始日"]).isoformat(),
        "月額賃料": int(row["月額賃料"]),
        "貸主の氏名": "架空不動産株式会社",
    }


def _hired(row: Row) -> Mapping[str, Value]:
    return {"雇った法人名": row["法人名"], "市内で雇った人数": int(row["市内で雇った人数"])}


PROOFS = (
    Proof(
        "賃貸借の証明",
        acts.add(
            FormDraft(title="賃貸借の証明書"),
            (
                Sketch("借主の法人名", FieldType.TEXT, required=True, max_length=40),
                Sketch("物件の所在地", FieldType.ADDRESS, required=True, max_length=80),
                Sketch("契約の開始日", FieldType.DATE, required=True),
                Sketch("月額賃料", FieldType.YEN, required=True),
                Sketch("貸主の氏名", FieldType.TEXT, required=True, max_length=40),
            ),
        )[0],
        "賃証",
        _lease,
        {
            "法人名": "借主の法人名",
            "事務所の所在地": "物件の所在地",
            "賃貸借の開始日": "契約の開始日",
            "月額賃料": "月額賃料",
        },
    ),
    Proof(
        "雇用の証明",
        acts.add(
            FormDraft(title="雇用の証明書"),
            (
                Sketch("雇った法人名", FieldType.TEXT, required=True, max_length=40),
                Sketch("市内で雇った人数", FieldType.INTEGER, required=True, minimum=0),
            ),
        )[0],
        "雇証",
        _hired,
        {"法人名": "雇った法人名", "市内で雇った人数": "市内で雇った人数"},
    ),
)


def begin(office: Office, bot: Taught) -> None:
    """Let the clerk say what is compared, once, and take in the applications that wait to be reviewed.

    What was passed before nobody had compared by machine. A bot whose applications bring no papers has nothing to do.
    """
    clerk = actor_of(office, bot.clerk)
    with office.unit(clerk) as work:
        found = work.session.scalars(select(FormDesign).where(FormDesign.title == bot.title)).one_or_none()
        if not bot.proofs or found is None or queries.rules_of(work.session, found.id):
            return
        own = newest_definitions(work.session, [found.code])[found.code]
        for proof in bot.proofs:
            _compare(work, found, own, proof)
    for number, row in enumerate(rows(GRANTS, REVIEWED, SEED, office.services.today()), 1):
        _take_in(office, bot, row, less=LESS if number == REVIEWED else 0)


def _compare(work: Work, design: FormDesign, own: FormDefinition, proof: Proof) -> None:
    paper = work.session.scalars(select(FormDesign).where(FormDesign.title == proof.draft.title)).one()
    on_paper = {one.label: one.key for one in newest_definitions(work.session, [paper.code])[paper.code].questions}
    keys = {one.label: one.key for one in own.questions}
    pairs = [(keys[label], on_paper[other]) for label, other in proof.compared.items()]
    service.set_rule(work, design, keys[proof.question], paper.code, pairs)


def _take_in(office: Office, bot: Taught, row: Row, *, less: int) -> None:
    """Take in an application whose papers say `less` of the rent."""
    clerk = actor_of(office, bot.clerk)
    lease, hired = bot.proofs
    lower = replace(lease, says=lambda said: {**lease.says(said), "月額賃料": int(said["月額賃料"]) - less})
    files = attached(office, replace(bot, proofs=(lower, hired)), row)
    with office.unit(clerk) as work:
        record = enter(work, bot, row, files)
        rules = queries.rules_of(work.session, design_of(work, bot).id)
        brought = queries.files_of(work.session, record, [rule.key for rule in rules])
    copied = service.copies(office, brought, rules)
    with office.unit(clerk) as work:
        service.hand_in(work, work.session.merge(record), copied)
