"""How is paper read from the command line, without the web application? Two commands.

python -m ocr read  --layout LAYOUT... FILE... [--json]
python -m ocr score --layout LAYOUT... --truth TRUTH FILE... [--json]
"""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from forms.catalogue import definition_for
from forms.layout import LayoutError, load_layout
from ocr.blanks import BlankError, blank_page
from ocr.known_form import Form
from ocr.page import PageReading
from ocr.pool import ReadingPool
from ocr.refusal import PageRefusedError
from ocr.score import TruthError, load_truth, score
from ocr.show import score_table, table
from ocr.tesseract import TesseractMissingError

READ, CANNOT_START = 0, 2

_EXIT_CODES = """終了コード:
  0  すべての用紙を読んだか、理由を付けて断った(開けないファイルも理由付きで断る)
  2  始められない(引数の誤り、配置ファイル・白紙画像・正解ファイルが読めない、読取エンジンがない)
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; results go to stdout, messages to stderr."""
    chosen = _parser().parse_args(arguments)
    try:
        forms = [_form(path) for path in chosen.layout]
        readings = _read(forms, chosen.files, chosen.processes)
        if chosen.command == "score":
            _print_score(readings, chosen.truth, forms, as_json=chosen.json)
        else:
            _print_pages(readings, as_json=chosen.json)
    except (LayoutError, BlankError, TruthError, PageRefusedError, TesseractMissingError) as reason:
        print(reason, file=sys.stderr)
        return CANNOT_START
    return READ


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ocr", description="紙の様式を読み取る")
    commands = parser.add_subparsers(dest="command", required=True)
    formatter = argparse.RawDescriptionHelpFormatter
    read = commands.add_parser("read", help="用紙の画像を読む", epilog=_EXIT_CODES, formatter_class=formatter)
    check = commands.add_parser("score", help="正解と比べる", epilog=_EXIT_CODES, formatter_class=formatter)
    check.add_argument("--truth", type=Path, required=True, help="正解のJSON")
    for command in (read, check):
        command.add_argument(
            "--layout",
            type=Path,
            required=True,
            action="append",
            help="様式の配置(layout.json)。白紙画像はその隣。繰り返すと、用紙ごとに様式を見分ける",
        )
        command.add_argument("--json", action="store_true", help="JSONで出す(readは1枚1行)")
        command.add_argument(
            "--processes",
            type=int,
            default=_cores(),
            choices=range(1, 65),
            metavar="N",
            help="同時に読むプロセス数(既定: コア数)",
        )
        command.add_argument(
            "files", nargs="+", type=Path, metavar="FILE", help="JPEG・PNG・TIFF・PDF(TIFFとPDFは500ページまで)"
        )
    return parser


def _cores() -> int:
    return min(8, len(os.sched_getaffinity(0)))


def _form(path: Path) -> Form:
    layout, blanks = load_layout(path)
    blank_page(layout, blanks)  # a blank that cannot be read is told before any process starts
    return layout, blanks, definition_for(layout)


def _read(forms: Sequence[Form], files: Sequence[Path], processes: int) -> Iterator[PageReading]:
    with ReadingPool(processes) as pool:
        yield from pool.read_files(forms, files)


def _print_pages(readings: Iterable[PageReading], *, as_json: bool) -> None:
    for reading in readings:
        print(json.dumps(reading.as_json(), ensure_ascii=False) if as_json else table(reading), flush=True)


def _print_score(readings: Iterable[PageReading], truth: Path, forms: Sequence[Form], *, as_json: bool) -> None:
    result = score(readings, load_truth(truth), [layout for layout, _, _ in forms])
    print(json.dumps(result, ensure_ascii=False) if as_json else score_table(result))


if __name__ == "__main__":
    sys.exit(main())
