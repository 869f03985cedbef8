"""Which versions would one overrule that nobody saw when it was drawn?

A draft begins as the copy of what was known then. Put into force for a later day, it would silently take the place of
a version that came into force meanwhile, and whatever that one changed would be gone again.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from backoffice.drawing.models import RouteVersion
from backoffice.drawing.workflow import VersionState
from backoffice.errors import Invalid
from backoffice.services import TOKYO
from backoffice.web.translations import _


def put_into_force_since(versions: Iterable[RouteVersion], draft: RouteVersion) -> list[RouteVersion]:
    """Give the versions of the same kind that were put into force, or whose day has come, after `draft` was begun."""
    begun_on = draft.drafted_at.astimezone(TOKYO).date()
    return [
        each
        for each in versions
        if each.id != draft.id
        and each.kind == draft.kind
        and each.state == VersionState.ACTIVE
        and each.activated_at is not None
        and each.effective_from is not None
        and (each.activated_at > draft.drafted_at or each.effective_from > begun_on)
    ]


def must_overrule_knowingly(
    since: Sequence[RouteVersion], draft: RouteVersion, day: date, confirmed: frozenset[int]
) -> None:
    """Raise Invalid unless each version that `draft` overrules from `day` on is among the `confirmed` ids."""
    for each in since:
        if each.effective_from == day and each.number > draft.number:
            said = _("同じ日から、番号の新しい版が有効になります。この版は使われないので、別の日を選んでください。")
            raise Invalid(_("入力を確認してください"), {"effective_from": said})
    overruled = {each.id for each in since if each.effective_from is not None and each.effective_from <= day}
    if overruled - confirmed:
        said = _("下書きの後に有効になった版を置き換えることになります。内容を確かめ、印を付けてください。")
        raise Invalid(_("入力を確認してください"), {"overrules": said})
