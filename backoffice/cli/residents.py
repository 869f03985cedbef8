"""Commands on residents' facts: drawing a city, taking in a file. They say how many and which rows, never who."""

import json as json_lines
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from backoffice.cli.answers import Exit, Json, answer, note, stop
from backoffice.cli.people import sign_in
from backoffice.composition import open_office
from backoffice.errors import Invalid, NotPermitted
from backoffice.identity import Actor, Origin, Permission
from backoffice.residents import service, stop_feeds, words
from backoffice.residents.service import Delivery, Examined
from backoffice.services import TOKYO, Services
from backoffice.settings import Settings
from backoffice.work import Office
from workflows.rules.brought_files import FileRefusedError, Refused
from workflows.rules.generating import PROGRAMS, generate_city
from workflows.rules.layouts import Layout, read_layout

residents = typer.Typer(help="住民データ / residents' facts", no_args_is_help=True)

ROWS_SAID = 20

Out = Annotated[Path, typer.Argument(metavar="OUT.parquet", help="書き出すファイル / the file to write")]
In = Annotated[Path, typer.Argument(metavar="FILE", help="CSV(UTF-8・Shift_JIS)か Parquet / CSV or Parquet")]
Day = Annotated[str, typer.Option("--as-of", metavar="YYYY-MM-DD", help="基準日 / the day of which it speaks")]
DayOrToday = Annotated[str, typer.Option("--as-of", metavar="YYYY-MM-DD", help="基準日。なければ今日 / default: today")]
Source = Annotated[str, typer.Option("--source", help="出どころの名前 / what it comes from")]
Mapped = Annotated[
    Path | None,
    typer.Option("--mapping", metavar="FILE", help="列と符号の対応表(TOML・JSON)。なければ前回と同じ / column mapping"),
]
LeaveOut = Annotated[
    bool, typer.Option("--leave-out-quarantined", help="直すところのある行を除いて取り込む / leave bad rows out")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="調べるだけで取り込まない / look only, keep nothing")]
As = Annotated[str, typer.Option("--as", metavar="ACCOUNT", help="取り込む職員としてサインインする / sign in first")]
Programs = Annotated[
    list[str] | None, typer.Option("--program", help="支給の列を作る制度番号 / programs whose grants are drawn")
]


def add_to(program: typer.Typer) -> None:
    program.add_typer(residents, name="residents", rich_help_panel="仕事 / work")


@residents.command("generate")
def generate(
    out: Out,
    *,
    people: Annotated[int, typer.Option(min=1, help="人数 / how many people")],
    seed: Annotated[int, typer.Option(min=0, help="同じ数なら同じ市 / the same seed, the same city")] = 1,
    as_of: DayOrToday = "",
    program: Programs = None,
    json: Json = False,
) -> None:
    """演習用の市の住民を作る(実在の人はいない) / draw the residents of an invented city."""
    day = _day(as_of) if as_of else Services().today()
    city = generate_city(people, seed, day, tuple(program or PROGRAMS))
    city.write_parquet(out, compression="zstd")
    done = {"people": city.height, "seed": seed, "as_of": day, "path": str(out)}
    answer(done, as_json=json, say=lambda: f"{city.height:,}人の市を作りました: {out}(基準日 {day})")


@residents.command("import")
def take_in(  # noqa: PLR0913 -- each is an option of the command
    file: In,
    *,
    as_of: Day,
    source: Source,
    mapping: Mapped = None,
    leave_out: LeaveOut = False,
    dry_run: DryRun = False,
    account: As = "",
    json: Json = False,
) -> None:
    """住民データを調べて取り込む(全部か、なにもしないか) / check and take in a snapshot, whole or not at all."""
    layout = _layout(mapping) if mapping else None
    content = _read(file)
    with open_office(Settings()) as office:
        actor = _importer(office, account)
        examined = service.examine(office, actor, Delivery(content, _day(as_of), source, layout))
        waits = examined.manifest.left_out > 0 and not leave_out
        taken = None if dry_run or waits else service.take_in(office, actor, examined, leave_out=leave_out)
    result = _result(examined) | {"snapshot_id": taken.id if taken else None, "sha256": taken.sha256 if taken else None}
    answer(result, as_json=json, say=lambda: _sentences(examined, taken=taken is not None))
    if waits:
        note(f"✕ {words.LEFT_OUT % {'count': examined.manifest.left_out}}")
        raise typer.Exit(int(Exit.FINDING if dry_run else Exit.REFUSED))


@residents.command("stops")
def take_stops(file: In, *, source: Source = "command", account: As = "", json: Json = False) -> None:
    """異動連携(死亡・転出・支援措置)を取り込む(全部か、なにもしないか) / take in the feed of stops."""
    content = _read(file)
    with open_office(Settings()) as office:
        actor = _importer(office, account)
        feed = stop_feeds.read(office, content)
        with office.unit(actor) as work:
            taken = stop_feeds.take_in(work, feed, source, content)
    until = taken.covers_until.astimezone(TOKYO)
    done = {"feed_id": taken.id, "covers_until": until, "rows": taken.rows, "counts": taken.counts}
    answer(done, as_json=json, say=lambda: f"取り込みました: {taken.rows:,}行、{until:%Y-%m-%d %H:%M} まで")


def _importer(office: Office, account: str) -> Actor:
    if not account:
        return Actor.house(Origin.COMMAND_LINE)
    actor = sign_in(office, account)
    if not actor.may(Permission.RESIDENT_IMPORT):
        raise NotPermitted("住民データを取り込む権限がありません(DX戦略部の職員が取り込めます)。")
    return actor


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise stop(Exit.WRONG_CALL, "✕ 基準日は 2026-11-01 の形で指定してください / --as-of YYYY-MM-DD") from None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as trouble:
        raise stop(Exit.WRONG_CALL, f"✕ {path} を読めません({type(trouble).__name__})。") from trouble


def _layout(path: Path) -> Layout:
    """Read a mapping. What stands in it is not repeated: it may have been copied from people's data."""
    try:
        text = _read(path).decode("utf-8-sig")
        written: Any = json_lines.loads(text) if path.suffix == ".json" else tomllib.loads(text)
        if not isinstance(written, Mapping):
            raise Invalid(words.REFUSALS[Refused.LAYOUT])
        return read_layout(written)
    except FileRefusedError as refused:
        raise Invalid(words.REFUSALS[refused.code], place=refused.place) from None
    except ValueError:
        raise stop(Exit.WRONG_CALL, f"✕ {path} を対応表として読めません(TOML か JSON)。") from None


def _result(examined: Examined) -> dict[str, object]:
    manifest = examined.manifest
    return {
        "as_of": examined.delivery.as_of,
        "source": examined.delivery.source,
        "people": manifest.rows,
        "households": manifest.households,
        "left_out": manifest.left_out,
        "set_aside": [{"column": e.column, "reason": e.reason, "rows": e.rows} for e in manifest.set_aside],
        "rows": [{"row": row, "column": column, "reason": why} for row, column, why in manifest.rows_set_aside],
        "ignored_columns": list(manifest.ignored),
        "drift": manifest.drift
        and {
            "added": manifest.drift.added,
            "gone": manifest.drift.gone,
            "changed": manifest.drift.changed,
        },
    }


def _sentences(examined: Examined, *, taken: bool) -> str:
    manifest, drift = examined.manifest, examined.manifest.drift
    done = "取り込みました" if taken else "調べました(まだ何も取り込んでいません)"
    day = examined.delivery.as_of
    lines = [f"{done}: {manifest.rows:,}人、{manifest.households:,}世帯、基準日 {day}"]
    if drift:
        lines.append(f"前から: 加わった {drift.added:,}人、いなくなった {drift.gone:,}人、変わった {drift.changed:,}人")
    if manifest.ignored:
        lines.append(f"使わなかった列: {'、'.join(manifest.ignored)}")
    lines += [f"  直すところ {each.rows:,}行: {_where(each.column, each.reason)}" for each in manifest.set_aside]
    lines += [f"    {row:,}行目 {_where(column, why)}" for row, column, why in manifest.rows_set_aside[:ROWS_SAID]]
    return "\n".join(lines)


def _where(column: str, reason: str) -> str:
    return f"{words.column_name(column)} {words.REASONS[reason]}"
