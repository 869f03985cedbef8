"""What does a browser hold of a sign-in? Cookies that no script, no other site and no plain connection gets."""

from fastapi import Request
from fastapi.responses import Response

from backoffice.accounts.devices import KEPT
from backoffice.web.routing import SESSION_COOKIE

DEVICE_COOKIE = "__Host-device"


def device_of(request: Request) -> str:
    return request.cookies.get(DEVICE_COOKIE, "")


def hand_over(response: Response, token: str, device: str) -> Response:
    """Give the browser the sign-in's token and, where there is one, its own lasting token."""
    response.set_cookie(SESSION_COOKIE, token, secure=True, httponly=True, samesite="lax", path="/")
    if device:
        age = int(KEPT.total_seconds())
        response.set_cookie(DEVICE_COOKIE, device, age, secure=True, httponly=True, samesite="lax", path="/")
    return response
