"""How does a page become HTML? A frozen dataclass goes in as `page`; around it stands the shell."""

import base64
import binascii
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined, select_autoescape
from jinja2_fragments import render_block

from backoffice.identity import Actor
from backoffice.web import showing
from backoffice.web.lists import Tab
from backoffice.web.menu import MenuItem, folded, menu_for
from backoffice.web.translations import language_now, speaking, translate

HERE = Path(__file__).parent
FLASH_COOKIE = "__Host-flash"
PERSONAL = "no-store"
TONES = frozenset({"success", "error", "warning", "info"})


@dataclass(frozen=True)
class Crumb:
    label: str
    href: str


@dataclass(frozen=True, kw_only=True)
class Page:
    """What every page has. Subclasses add what the page shows; a template gets nothing else."""

    title: str
    crumbs: tuple[Crumb, ...] = ()


@cache
def make_environment(*features: str) -> Environment:
    """Give the template environment: shell and components in `web`, each feature's pages under its name.

    One a process, however many applications: what is compiled is compiled once.
    """
    folders = {"web": HERE / "templates"} | {name: HERE.parent / name / "templates" for name in features}
    environment = Environment(
        loader=PrefixLoader({name: FileSystemLoader(folder) for name, folder in folders.items()}),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals["_"] = translate
    environment.globals["language_now"] = language_now
    for show in (showing.day, showing.day_and_weekday, showing.moment, showing.clock, showing.number, showing.duration):
        environment.filters[show.__name__] = show
    environment.filters["translate"] = translate
    environment.filters["translated_tabs"] = _translate_tabs
    environment.filters["about"] = _about
    environment.filters["translate_choices"] = _translate_choices
    # A fragment is rendered without its page's imports: components therefore stand among the globals.
    environment.globals["ui"] = environment.get_template("web/ui.html").module
    return environment


def render(request: Request, template: str, page: Page, *, status: int = 200, block: str = "") -> HTMLResponse:
    """Answer with a page, or with one named `block` of it for htmx."""
    actor: Actor | None = getattr(request.state, "actor", None)
    environment: Environment = request.app.state.templates
    with speaking(_language_of(request, actor)):
        context = {"page": page, "shell": _shell(request, actor)}
        html = (
            render_block(environment, template, block, context)
            if block
            else environment.get_template(template).render(context)
        )
    response = HTMLResponse(html, status)
    response.headers["Cache-Control"] = PERSONAL
    response.headers["Vary"] = "HX-Request, HX-Request-Type, Cookie"
    if not block and FLASH_COOKIE in request.cookies:
        response.delete_cookie(FLASH_COOKIE, secure=True, httponly=True, samesite="lax")
    return response


def go_to(address: str, flash: str = "", *, tone: str = "success", **params: object) -> Response:
    """Send the browser on (303), where `flash`, a msgid, is shown once."""
    response = RedirectResponse(address, 303)
    if flash:
        packed = base64.urlsafe_b64encode(json.dumps([tone, flash, params]).encode()).decode()
        response.set_cookie(FLASH_COOKIE, packed, secure=True, httponly=True, samesite="lax", max_age=60)
    return response


def _translate_choices(choices: Iterable[tuple[object, str]]) -> list[tuple[object, str]]:
    return [(key, translate(text)) for key, text in choices]


def _translate_tabs(tabs: Iterable[Tab]) -> list[Tab]:
    return [replace(tab, label=translate(tab.label)) for tab in tabs]


def _about(wrong: Mapping[str, str], name: str) -> str:
    """Give what is wrong with the field `name`, in the language being spoken, or nothing."""
    return translate(wrong[name]) if name in wrong else ""


def _language_of(request: Request, actor: Actor | None) -> str:
    return actor.language if actor else request.query_params.get("lang", "ja")


def _shell(request: Request, actor: Actor | None) -> dict[str, Any]:
    items: Sequence[MenuItem] = request.app.state.menu
    menu = menu_for(items, actor, request.url.path) if actor else []
    shown, folded_away = folded(menu)
    return {
        "actor": actor,
        "menu": menu,
        "menu_shown": shown,
        "menu_folded": folded_away,
        "path": request.url.path,
        "address": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        "flash": _flash(request.cookies.get(FLASH_COOKIE, "")),
        "demonstration": request.app.state.office.settings.demonstration,
        "now": request.app.state.office.services.now(),
        "assets": request.app.state.assets,
    }


def _flash(packed: str) -> dict[str, str] | None:
    if not packed:
        return None
    try:
        tone, message, params = json.loads(base64.urlsafe_b64decode(packed))
        return {"tone": tone, "text": translate(str(message), **params)} if tone in TONES else None
    except (binascii.Error, ValueError, TypeError, KeyError):
        # Only a hand-made cookie looks like this; there is nothing to tell its maker.
        return None
