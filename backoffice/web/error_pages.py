"""How does a refusal read? As a page (or a fragment, for htmx) with its true status, in the person's language."""

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from backoffice.errors import FreshProofNeeded, NewPasswordNeeded, Refusal, SecondFactorNeeded, SignInNeeded
from backoffice.log import place_of
from backoffice.web.rendering import Page, render
from backoffice.web.translations import _

log = structlog.get_logger("gijo.error")

HEADINGS = {
    401: _("本人の確認が必要です"),
    403: _("権限がありません"),
    404: _("見つかりません"),
    405: _("この操作はできません"),
    409: _("ほかの職員が先に変更しました"),
    413: _("送られた内容が大きすぎます"),
    422: _("入力を確認してください"),
    429: _("しばらくお待ちください"),
    503: _("ただいま利用できません"),
}
MESSAGES = {
    413: _("一度に送れる量を超えています。枚数や文字を減らして、分けて送ってください。"),
}


DOORS: dict[type[Refusal], str] = {
    SignInNeeded: "/sign-in",
    NewPasswordNeeded: "/first-password",
    SecondFactorNeeded: "/second-factor",
    FreshProofNeeded: "/me/prove",
}
"""Where a person is sent who has still to show who they are; they come back to the page they asked for."""


@dataclass(frozen=True, kw_only=True)
class ErrorPage(Page):
    status: int
    message: str
    params: dict[str, object]


def install(app: FastAPI) -> None:
    """Let `app` answer refusals and faults with pages."""
    app.add_exception_handler(Refusal, _on_refusal)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_malformed)
    app.add_exception_handler(OperationalError, _on_database_trouble)
    app.add_exception_handler(Exception, _on_fault)


def _answer(request: Request, status: int, message: str, params: dict[str, object] | None = None) -> Response:
    title = HEADINGS.get(status, _("処理できませんでした"))
    page = ErrorPage(title=title, status=status, message=message, params=params or {})
    block = "message" if request.headers.get("HX-Request") else ""
    return render(request, "web/error.html", page, status=int(status), block=block)


def _on_refusal(request: Request, error: Exception) -> Response:
    refusal = error if isinstance(error, Refusal) else Refusal(str(error))
    door = DOORS.get(type(refusal))
    if door and request.method == "GET" and not request.headers.get("HX-Request"):
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"{door}?next={quote(back, safe='')}", 303)
    return _answer(request, refusal.status, refusal.message, refusal.params)


def _on_http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return _answer(request, status, MESSAGES.get(status, _("アドレスを確認してください。")))


def _on_malformed(request: Request, _error: Exception) -> Response:
    return _answer(
        request,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("送られた内容を読み取れませんでした。前の画面に戻ってやり直してください。"),
    )


def _on_database_trouble(request: Request, error: Exception) -> Response:
    # The class only: the text of a database error quotes the statement's values.
    log.error("database trouble", trouble=type(error).__name__)
    return _answer(
        request,
        HTTPStatus.SERVICE_UNAVAILABLE,
        _("データベースに接続できません。しばらくしてからもう一度お試しください。"),
    )


def _on_fault(request: Request, error: Exception) -> Response:
    log.error("fault", trouble=type(error).__name__, where=place_of(error))
    return _answer(
        request,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        _(
            "システムの不具合で処理できませんでした。入力した内容は保存されていません。システム管理者に時刻を伝えてください。"
        ),
    )
