"""How do programs stand in a table after GIF 制度データモデル? One row each; several values in a cell by semicolons."""

from collections.abc import Callable, Sequence

from backoffice.programs.public_part import Coded, PublicProgram

BETWEEN = ";"
LANGUAGES = {"ja": "日本語", "easy": "やさしい日本語", "en": "英語"}

Cell = Callable[[PublicProgram], object]


def _names(coded: Sequence[Coded]) -> str:
    return BETWEEN.join(each.name.ja for each in coded)


COLUMNS: dict[str, Cell] = {
    "制度番号": lambda program: program.number,
    "元制度番号": lambda program: program.predecessor,
    "版": lambda program: program.version,
    "版の適用開始日": lambda program: program.effective_from.isoformat(),
    "制度名": lambda program: program.name.ja,
    "制度名_やさしい日本語": lambda program: program.name.easy,
    "制度名_英": lambda program: program.name.en,
    "概要": lambda program: program.summary.ja,
    "概要_やさしい日本語": lambda program: program.summary.easy,
    "概要_英": lambda program: program.summary.en,
    "目的": lambda program: program.purpose,
    "根拠法令": lambda program: program.legal_basis,
    "対象者": lambda program: program.audience.ja if program.audience else "",
    "対象者_英": lambda program: program.audience.en if program.audience else "",
    "所管組織": lambda program: " ".join(each.name for each in program.owner),
    "受付開始日": lambda program: program.starts.isoformat(),
    "受付終了日": lambda program: program.ends.isoformat() if program.ends else "",
    "支給内容": lambda program: program.amount,
    "申請方法": lambda program: _names(program.ways),
    "受付窓口": lambda program: program.counter,
    "電話番号": lambda program: program.telephone,
    "URL": lambda program: program.url,
    "必要書類": lambda program: BETWEEN.join(program.documents),
    "ライフイベント": lambda program: _names(program.life_events),
    "分野": lambda program: program.category.name.ja,
    "言語": lambda program: BETWEEN.join(LANGUAGES[each] for each in program.languages),
}
"""The headings of the data model: fixed words, the same whoever asks. They only grow, at the end."""


def rows(programs: Sequence[PublicProgram]) -> list[list[object]]:
    return [[cell(program) for cell in COLUMNS.values()] for program in programs]
