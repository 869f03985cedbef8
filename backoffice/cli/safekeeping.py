"""Commands that put the office by in one file, and bring it back."""

from pathlib import Path
from typing import Annotated

import typer

from backoffice.cli.answers import Exit, Json, answer, stop
from backoffice.composition import make_tables, open_office
from backoffice.operations.safekeeping.archive import ArchiveRefusedError
from backoffice.operations.safekeeping.backup import BackupDone, make_backup
from backoffice.operations.safekeeping.databases import DatabaseTroubleError
from backoffice.operations.safekeeping.restore import Settled, put_back, settle
from backoffice.services import TOKYO, Services
from backoffice.settings import MEBIBYTE, Settings

PANEL = "保守 / upkeep"

File = Annotated[Path, typer.Argument(metavar="FILE", help="バックアップのファイル / the backup file")]
Replace = Annotated[bool, typer.Option("--replace", help="今あるデータと置き換える / put it in place of what is here")]


def add_to(program: typer.Typer) -> None:
    program.command("backup", rich_help_panel=PANEL)(backup)
    program.command("restore", rich_help_panel=PANEL)(restore)


def backup(file: File, *, json: Json = False) -> None:
    """データベースと画像を1つのファイルに写す(主鍵は含まない) / copy database and files; the master key stays apart."""
    try:
        with open_office(Settings()) as office:
            done = make_backup(office, file)
    except (ArchiveRefusedError, DatabaseTroubleError) as trouble:
        raise stop(Exit.REFUSED, f"✕ {trouble}") from trouble
    result = {"path": str(done.path), "bytes": done.size, "files": done.files, "revision": done.revision}
    answer(result, as_json=json, say=lambda: _put_by(done))


def restore(file: File, *, replace: Replace = False, json: Json = False) -> None:
    """バックアップに戻す(夜間の入力は人が開くまで休止) / bring a backup back; nights stay shut until opened."""
    settings = Settings()
    try:
        manifest = put_back(settings, file, Services().now(), replace=replace)
    except ArchiveRefusedError as refused:
        raise stop(Exit.REFUSED, f"✕ 何も変えていません。{refused}") from refused
    except DatabaseTroubleError as trouble:
        raise stop(Exit.REFUSED, f"✕ データベースを戻せませんでした。{trouble}") from trouble
    make_tables(settings.database)
    with open_office(settings) as office:
        settled = settle(office)
    moment = f"{manifest.facts.made_at.astimezone(TOKYO):%Y-%m-%d %H:%M}"
    result = {
        "made_at": moment,
        "files": len(manifest.members),
        "unknown": settled.doubted,
        "paused": True,
        "mark": settled.mark,
    }
    answer(result, as_json=json, say=lambda: _brought_back(moment, settled, replace=replace))


def _put_by(done: BackupDone) -> str:
    return (
        f"バックアップを作り、読み返して確かめました({done.size / MEBIBYTE:.1f} MB、{done.files}ファイル)\n"
        f"{done.path}\n"
        "主鍵は入っていません。戻すときに要るので、別の場所に写しを保管してください。"
    )


def _brought_back(moment: str, settled: Settled, *, replace: bool) -> str:
    kept = "前のデータは .before-restore- の付いた名前で残っています。" if replace else ""
    return (
        f"{moment} の時点に戻しました。{kept}\n"
        "次にすること:\n"
        "1. gijo check と gijo audit verify で確かめ、gijo serve と gijo worker を始めてください。\n"
        f"2. 結果不明とした案件 {settled.doubted}件を、夜間の入力の画面で対象システムと照らしてください。\n"
        f"3. {moment} より後に受け付けた用紙は失われています。"
        "対象システムに登録済みでないか確かめてから、取り込み直してください"
        f"(これからの受付番号には {settled.mark} が入り、前の番号と重なりません)。\n"
        f"4. {moment} より後に消去した個人情報は、もう一度消去してください。\n"
        "5. 確かめ終えたら、夜間の入力の画面で再開してください(それまで夜間の入力は始まりません)。\n"
        f"サインインは{settled.signed_out}件すべて終わらせました。もう一度サインインしてください。"
    )
