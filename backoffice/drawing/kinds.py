"""Which kinds of case have a route, and what are they called?"""

from backoffice.errors import NotThere
from backoffice.web.translations import _
from workflows.routes import RouteKind

TITLES: dict[RouteKind, str] = {
    RouteKind.PROGRAM_REGISTRATION: _("制度の登録"),
    RouteKind.DATA_LINK: _("データ連携の承認"),
    RouteKind.BOT_RELEASE: _("ロボットの公開"),
    RouteKind.AUDIENCE_RELEASE: _("配信先の確定"),
    RouteKind.SMALL_CHANGE: _("軽微な変更"),
    RouteKind.PROPOSAL: _("民間からの提案(mirai@)"),
    RouteKind.GRANT_REVIEW: _("立地交付金の審査"),
    RouteKind.PETITION: _("陳情・要望"),
    RouteKind.LINK_REVIEW: _("データ連携の見直し"),
    RouteKind.DATA_BREACH: _("漏えい等への対応"),
    RouteKind.DISCLOSURE: _("開示・訂正・利用停止の請求"),
    RouteKind.RECORD_APPROVAL: _("台帳の記録の承認"),
    RouteKind.RECORD_CHECK: _("台帳の記録の確認"),
}

COORDINATED = frozenset({RouteKind.DATA_LINK, RouteKind.PROPOSAL, RouteKind.GRANT_REVIEW, RouteKind.PETITION})
"""The drafter names a second department: only these routes may ask one."""


def kind_of(text: str) -> RouteKind:
    """Give the kind that an address names. Raises NotThere."""
    if text not in set(RouteKind):
        raise NotThere("お探しの記録は見つかりませんでした。")
    return RouteKind(text)
