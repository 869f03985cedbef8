"""Recordings as the browser's Recorder writes them, in as few words as a test needs."""

from __future__ import annotations

import json
from typing import Any

RECORDED = "http://old.example:8080"
ALWAYS = {"target": "main"}
VIEW = {"deviceScaleFactor": 1, "isMobile": False, "hasTouch": False, "isLandscape": False}


def window() -> dict[str, Any]:
    return {"type": "setViewport", "width": 1000, "height": 900, **VIEW}


def turns_to(title: str) -> dict[str, Any]:
    """What the Recorder saw: another page."""
    return {"assertedEvents": [{"type": "navigation", "url": "", "title": title}]}


def goes(path: str) -> dict[str, Any]:
    return {"type": "navigate", "url": f"{RECORDED}{path}", **turns_to("")}


def clicks(*ways: str, title: str | None = None, **more: Any) -> dict[str, Any]:
    events = {} if title is None else turns_to(title)
    return {
        "type": "click",
        **ALWAYS,
        "selectors": [[way] for way in ways],
        "offsetX": 5,
        "offsetY": 5,
        **events,
        **more,
    }


def fills(value: str, *ways: str, **more: Any) -> dict[str, Any]:
    return {"type": "change", **ALWAYS, "value": value, "selectors": [[way] for way in ways], **more}


def waits(*ways: str, **more: Any) -> dict[str, Any]:
    return {"type": "waitForElement", **ALWAYS, "selectors": [[way] for way in ways], **more}


NAME = fills("{{氏名}}", "aria/氏名", "tr:nth-of-type(1) input", "xpath///*[@id='n']", "pierce/#n")
KANA = fills("{{フリガナ}}", "aria/フリガナ", "tr:nth-of-type(2) input", "pierce/#k")
WARD = fills("{{区}}", "tr:nth-of-type(3) select", "xpath//html/body/form/table/tbody/tr[3]/td[2]/select")
REGISTER = clicks("aria/登録する", "form > button", "text/登録する", title="登録完了")


def tape(*steps: dict[str, Any], timeout: int = 4_000) -> bytes:
    return json.dumps({"title": "転入の登録", "timeout": timeout, "steps": steps}, ensure_ascii=False).encode()


def move_in(register: dict[str, Any] = REGISTER, *after: dict[str, Any], timeout: int = 4_000) -> bytes:
    return tape(window(), goes("/entry"), NAME, KANA, WARD, register, *after, timeout=timeout)


ROW = {"氏名": "山田 花子", "フリガナ": "ヤマダ ハナコ", "区": "02"}
STORED = {"name": "山田 花子", "kana": "ヤマダ ハナコ", "ward": "02"}


def mark(what: str, /, **parameters: Any) -> dict[str, Any]:
    """A custom step of ours, about the step behind it."""
    return {"type": "customStep", **ALWAYS, "name": f"gijo-{what}", "parameters": parameters}
