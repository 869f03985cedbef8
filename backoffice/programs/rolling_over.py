"""What must be looked at again when the fiscal year turns, item by item, before a program may run?

Thresholds, addresses, telephones and counters go on into the new year as they are, and are wrong as often as not. Each
is confirmed by a person; what changes after that is to be confirmed anew: a confirmation speaks of what was seen.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete

from backoffice.errors import Invalid, NotPermitted, NotThere, Overtaken
from backoffice.identity import Permission
from backoffice.programs import queries, thresholds
from backoffice.programs.events import ItemReconfirmed
from backoffice.programs.models import ProgramVersion, Reconfirmation, Threshold, ThresholdValue
from backoffice.programs.named_thresholds import thresholds_in
from backoffice.programs.sheets import definition, values_of
from backoffice.programs.workflow import VersionState
from backoffice.web.answers_in import label_of, read_aloud
from backoffice.web.showing import day
from backoffice.web.translations import _, language_now, translate
from backoffice.work import Work
from forms.ages import fiscal_year

ITEMS = ("starts", "ends", "amount", "url", "counter", "telephone", "documents")
"""Of the sheet: what changes with the year, and what residents act on."""
THRESHOLD = "threshold:"


@dataclass(frozen=True)
class Item:
    """One thing to look at: its key, what it is called, what it says now."""

    key: str
    name: str
    text: str
    fingerprint: str
    confirmed: Reconfirmation | None
    """Who confirmed what stands there now; None while nobody has."""


@dataclass(frozen=True)
class Turn:
    """A program in force and what of it is to be looked at in the fiscal year."""

    version: ProgramVersion
    things: Sequence[Item]

    @property
    def open_items(self) -> list[Item]:
        return [item for item in self.things if item.confirmed is None]


def turns(work: Work, keyword: str, offset: int) -> list[Turn]:
    """Give the programs in force, a page of them, with their items of this fiscal year."""
    today = work.today
    return _turns(work, queries.in_force_on_page(work.session, today, keyword, offset), today)


def turns_of(work: Work, versions: Sequence[ProgramVersion]) -> list[Turn]:
    """Give the same for versions that are at hand."""
    return _turns(work, versions, work.today)


def turn_of(work: Work, version: ProgramVersion) -> Turn:
    return _turns(work, [version], work.today)[0]


def may_run(work: Work, version: ProgramVersion) -> bool:
    """Say whether everything of a program is confirmed for the fiscal year: an unconfirmed item blocks its runs."""
    return not turn_of(work, version).open_items


def confirm_item(work: Work, version: ProgramVersion, key: str, fingerprint: str) -> None:
    """Say that an item still holds. Raises NotThere, NotPermitted, Overtaken where it says something else by now."""
    if version.state != VersionState.APPROVED:
        raise NotThere("お探しの記録は見つかりませんでした。")
    if not may_confirm(work, version):
        raise NotPermitted(_("この制度を直せるのは、所管する部署の担当者だけです。"))
    item = next((each for each in turn_of(work, version).things if each.key == key), None)
    if item is None:
        raise NotThere("お探しの記録は見つかりませんでした。")
    if item.fingerprint != fingerprint:
        raise Overtaken(_("この項目は変わっています。最新の内容を確認してください。"))
    if work.actor.staff_id is None:
        raise Invalid(_("職員としてサインインして確かめてください。"))
    year = fiscal_year(work.today)
    same = (Reconfirmation.program_id == version.program_id, Reconfirmation.fiscal_year == year)
    work.session.execute(delete(Reconfirmation).where(*same, Reconfirmation.item == key))
    confirmed = Reconfirmation(
        program_id=version.program_id,
        fiscal_year=year,
        item=key,
        fingerprint=fingerprint,
        confirmed_by_id=work.actor.staff_id,
        confirmed_at=work.now,
    )
    work.session.add(confirmed)
    work.record(ItemReconfirmed(version.program_id, year))


def may_confirm(work: Work, version: ProgramVersion) -> bool:
    return work.actor.reaches(Permission.PROGRAM_WORDING, version.program.department.path)


def _turns(work: Work, versions: Sequence[ProgramVersion], today: date) -> list[Turn]:
    known = {each.code: each for each in queries.list_thresholds(work.session)}
    confirmed = {
        (each.program_id, each.item, each.fingerprint): each
        for each in queries.reconfirmations(work.session, fiscal_year(today), [each.program_id for each in versions])
    }
    return [Turn(version, list(_items(version, known, confirmed, today))) for version in versions]


def _items(
    version: ProgramVersion,
    known: Mapping[str, Threshold],
    confirmed: Mapping[tuple[int, str, str], Reconfirmation],
    today: date,
) -> Iterator[Item]:
    values = values_of(version)
    for field in definition().questions:
        value = values[field.key]
        if field.key in ITEMS and value is not None:
            said = (label_of(field), read_aloud(field.type, value))
            yield _item(version, field.key, said, value, confirmed)
    for code in thresholds_in(version.rule):
        threshold = known.get(code)
        if threshold is not None:
            name = threshold.name_en if language_now() == "en" else threshold.name_ja
            holds = thresholds.holding(threshold, today)
            told = (name, translate(_("今日の値がありません")) if holds is None else _in_words(holds))
            sure = {} if holds is None or holds.confirmed_by_id is None else confirmed
            yield _item(version, THRESHOLD + code, told, None if holds is None else _what_holds(holds), sure)


def _item(
    version: ProgramVersion,
    key: str,
    said: tuple[str, str],
    value: object,
    confirmed: Mapping[tuple[int, str, str], Reconfirmation],
) -> Item:
    """`said`: how it is called and what it says, in the person's language; the fingerprint is of the value itself.

    A threshold's value that no second person has confirmed stays open, whoever looked at it here.
    """
    fingerprint = hashlib.sha256(json.dumps([key, value]).encode()).hexdigest()
    return Item(key, *said, fingerprint, confirmed.get((version.program_id, key, fingerprint)))


def _what_holds(value: ThresholdValue) -> list[object]:
    return [value.starts.isoformat(), value.ends and value.ends.isoformat(), value.content]


def _in_words(value: ThresholdValue) -> str:
    """Say what a threshold comes to, with the days for which it was given."""
    until = "" if value.ends is None else day(value.ends)
    said = "; ".join(": ".join(f"{number:,}" for number in row) for row in _rows(value.content))
    return f"{said} ({day(value.starts)}〜{until})"


def _rows(content: Mapping[str, Any]) -> Sequence[Sequence[int]]:
    """Give the rows of a table, or the one value as a row of its own."""
    rows: Sequence[Sequence[int]] = content.get("rows") or [[content["value"]]]
    return rows
