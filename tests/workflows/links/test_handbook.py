"""What the office reads about links (docs/data-links.md) is what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from workflows.links import ATTRIBUTES, CONCERNS, PRIVATE_LIMITS, PUBLIC_LIMITS, ROWS, Outward, Source

HANDBOOK = (Path(__file__).parents[3] / "docs" / "data-links.md").read_text("utf-8")


def rows_of(heading: str) -> list[list[str]]:
    """Give the cells of the table under a heading, without its head."""
    chapter = HANDBOOK.split(f"## {heading}")[1].split("\n## ")[0]
    lines = [line for line in chapter.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def yes(truth: object) -> str:
    return "はい" if truth else "—"


def test_the_table_of_what_widens_is_the_one_that_decides():
    assert rows_of("広がるか、狭まるか") == [
        [f"{row.ja} `{field}`", row.widens or "—", row.narrows or "—", yes(row.reconsent)]
        for field, row in ROWS.items()
    ]


def test_the_list_of_attributes_is_the_one_that_can_flow():
    source = {Source.SNAPSHOT: "台帳", Source.PORTAL: "ポータル"}

    assert rows_of("渡せる項目") == [
        [f"{each.ja} `{each.code}`", each.says, source[each.source], yes(each.is_sensitive)]
        for each in ATTRIBUTES.values()
    ]


def test_what_makes_a_link_risky_is_what_counts():
    chapter = rows_of("影響評価")
    told = [[f"{row.ja} `{each}`", yes(row.heavy)] for each, row in CONCERNS.items() if not row.asks]
    asked = [[f"{row.asks} `{each}`", yes(row.heavy)] for each, row in CONCERNS.items() if row.asks]

    assert [row for row in chapter if "`" in row[0]] == told + asked


def test_the_limits_are_those_that_are_kept():
    years, retention, ceilings = (
        [re.findall(r"[\d,]+", cell) for cell in row[1:]] for row in rows_of("協定の限り")[:3]
    )
    said = [
        (*map(int, (first, days.replace(",", ""))), *(int(each.replace(",", "")) for each in times))
        for (first,), (days,), times in zip(years, retention, ceilings, strict=True)
    ]

    assert said == [
        (each.years, each.retention_days, each.per_person_day, each.per_person_year, each.per_minute)
        for each in (PUBLIC_LIMITS, PRIVATE_LIMITS)
    ]


def test_all_that_whoever_asks_can_be_told_is_listed():
    assert [row[0] for row in rows_of("相手に言うこと、言わないこと")] == [f"`{each}`" for each in Outward]
