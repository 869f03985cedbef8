"""When may a closed year of the trail be dropped, and what is made sure of first?"""

from backoffice.audit import verify
from backoffice.audit.publishing import publish_heads, published_heads
from backoffice.audit.retention import drop_year, oldest_year, shut
from backoffice.consents.forgetting import forget_looks
from backoffice.data_links.events import LinkUsesRetired
from backoffice.data_links.forgetting import forget_uses
from backoffice.db.numbering import fiscal_year_of
from backoffice.errors import Invalid
from backoffice.identity import Actor, Origin
from backoffice.operations.events import AuditYearRetired
from backoffice.programs.forgetting import forget_questions
from backoffice.web.translations import _
from backoffice.work import Office, Work

OPERATOR = Actor.house(Origin.COMMAND_LINE)


def retire_year(office: Office, year: int) -> int:
    """Drop a year's events for good and give how many; the chain's end leaves the database before and after.

    With them goes who asked about residents that year or looked at registrants: of these, numbers alone stood on the
    trail.

    So does the use log of data links, but for what the other end may still hold.

    Raises Invalid for a year that must still be kept, that is not the oldest, or while the chain is broken.
    """
    with office.look(OPERATOR) as work:
        _must_be_over(work, year)
        _must_be_oldest_and_whole(work, year)
        publish_heads(work.session, office.settings.audit_heads_path, work.now)
    uses = forget_uses(office, OPERATOR, year)
    with office.unit(OPERATOR) as work:
        shut(work.session)
        _must_be_oldest_and_whole(work, year)
        dropped = drop_year(work.session, year)
        forget_questions(work.session, year)
        forget_looks(work.session, year)
        work.record(AuditYearRetired(year, dropped))
        if uses:
            work.record(LinkUsesRetired(year, uses))
    with office.look(OPERATOR) as work:
        publish_heads(work.session, office.settings.audit_heads_path, work.now)
    return dropped


def _must_be_over(work: Work, year: int) -> None:
    kept = work.office.settings.retention_years_audit
    if fiscal_year_of(work.office.services.today()) - year <= kept:
        raise Invalid(
            _("%(year)s年度の監査記録はまだ廃棄できません。年度の終わりから%(kept)s年間保存します。"),
            year=year,
            kept=kept,
        )


def _must_be_oldest_and_whole(work: Work, year: int) -> None:
    oldest = oldest_year(work.session)
    if oldest != year:
        raise Invalid(_("監査記録は古い年度から廃棄します。いま最も古いのは%(oldest)s年度です。"), oldest=oldest or "—")
    if verify(work.session, published_heads(work.office.settings.audit_heads_path)) is not None:
        raise Invalid(
            _("監査記録の鎖が切れています。gijo audit verify で場所を確かめ、原因が分かるまで廃棄しないでください。")
        )
