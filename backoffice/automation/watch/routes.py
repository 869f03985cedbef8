"""Beside a run of whatever kind: its screen, a pause, and the record at hand taken out of the bot's hands."""

from fastapi.responses import Response

from backoffice.automation import service
from backoffice.automation.by_day import choices
from backoffice.automation.pages import address_of
from backoffice.automation.watch import watching
from backoffice.identity import Permission
from backoffice.web import Reading, StaffRouter, Writing, go_to
from backoffice.web.forms_in import FormData, whole_number
from backoffice.web.translations import _

staff = StaffRouter()


@staff.action("/runs/{night_id}/stop", Permission.DAY_RUN)
def stop(work: Writing, night_id: int) -> Response:
    night = choices.find_steered(work.session, work.actor, night_id)
    service.ask_stop(work, night)
    return go_to(address_of(night), _("いまの1件が終わったところで止まります。"))


@staff.action("/runs/{night_id}/pause", Permission.DAY_RUN)
def pause(work: Writing, night_id: int) -> Response:
    night = choices.find_steered(work.session, work.actor, night_id)
    watching.pause(work, night)
    return go_to(address_of(night), _("いまの1件が終わったところで、一時停止します。"))


@staff.action("/runs/{night_id}/resume", Permission.DAY_RUN)
def resume(work: Writing, night_id: int) -> Response:
    night = choices.find_steered(work.session, work.actor, night_id)
    watching.resume(work, night)
    return go_to(address_of(night), _("次の1件に進みます。"))


@staff.action("/runs/{night_id}/hand-over", Permission.DAY_RUN)
def hand_over(work: Writing, night_id: int, form: FormData) -> Response:
    night = choices.find_steered(work.session, work.actor, night_id)
    item_id = whole_number(form.get("item", "")) or 0
    watching.hand_over(work, night, item_id)
    said = _("ロボットは登録の前に止まり、この案件は要対応になります。入れたところまでは、案件の画面に出ます。")
    return go_to(address_of(night), said)


@staff.action("/runs/{night_id}/watch", Permission.ITEM_READ)
def watch(work: Writing, night_id: int) -> Response:
    night = choices.find_watched(work.session, work.actor, night_id)
    watching.watch(work, night)
    return go_to(address_of(night), _("いまの画面を15分の間示します。"))


@staff.page("/runs/{night_id}/screen", Permission.ITEM_READ)
def screen(work: Reading, night_id: int) -> Response:
    """Give the masked screen; that the person watches stands on the trail since they asked to."""
    night = choices.find_watched(work.session, work.actor, night_id)
    content = watching.picture_of(work, night.id)
    return Response(content, media_type="image/png", headers={"Cache-Control": "private, no-store"})
