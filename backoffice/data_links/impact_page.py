"""How does an impact assessment look: its questions, its risk, and whether a signature holds under it?"""

from collections.abc import Mapping

from backoffice.data_links import pages, signing
from backoffice.data_links.models import LinkVersion
from backoffice.data_links.weighing import terms_of
from backoffice.data_links.words import RISK_CHIPS, concern_name, question
from backoffice.data_links.workflow import VersionState
from backoffice.web import Crumb
from backoffice.web.showing import moment
from backoffice.web.translations import _, translate
from backoffice.work import Work
from workflows.links import CONCERNS, QUESTIONS, Concern, concerns_of, risk_of


def impact_page(version: LinkVersion, typed: Mapping[str, str], wrong: Mapping[str, str]) -> pages.ImpactPage:
    """Give the page on which the questions are answered; what the terms tell is said, not asked."""
    terms = terms_of(version)
    link, title = version.link, translate(_("%(name)s 第%(n)s版"), name=version.link.name, n=version.number)
    return pages.ImpactPage(
        title=_("影響評価"),
        title_text=title,
        crumbs=(
            pages.LINKS,
            Crumb(link.name, f"/links/{link.id}"),
            Crumb(title, f"/links/versions/{version.id}"),
        ),
        version=version,
        chip=RISK_CHIPS[risk_of(terms)],
        told=[_row(each, concern_name(each)) for each in concerns_of(terms) if each not in QUESTIONS],
        asked=[_row(each, question(each)) for each in QUESTIONS],
        typed=typed,
        wrong=wrong,
    )


def _row(concern: Concern, text: str) -> pages.ConcernRow:
    return pages.ConcernRow(str(concern), text, CONCERNS[concern].heavy)


def assessment_of(work: Work, version: LinkVersion) -> pages.Assessment:
    """Say how a version is assessed, and whether who approved it signed what it says now."""
    terms = terms_of(version)
    chip = RISK_CHIPS[risk_of(terms)]
    found = signing.signed(work.session, version)
    if found is not None:
        said = {"name": found.signature.staff.name, "at": moment(found.signature.at)}
        if found.holds:
            return pages.Assessment(chip, translate(_("%(name)sさんが %(at)s に署名しました。"), **said), doubt=False)
        changed = _("%(name)sさんの署名(%(at)s)のあとで内容が変わったので、署名は無効です。")
        return pages.Assessment(chip, translate(changed, **said), doubt=True)
    if version.state != VersionState.IN_FORCE:
        return pages.Assessment(
            chip, translate(_("まだ署名がありません。回議での個人情報保護担当の承認が、署名になります。")), doubt=False
        )
    if terms.impact.unanswered:
        return pages.Assessment(chip, translate(_("影響評価がまだありません。次の版で答えてください。")), doubt=True)
    return pages.Assessment(chip, translate(_("狭めるだけの版なので、前の版の署名のまま続きます。")), doubt=False)
