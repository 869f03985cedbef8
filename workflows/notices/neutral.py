"""Which words give away what a household would rather not show?

Words of the facts that are handled with care, for screens that others see too: a list of mails, a locked telephone.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

GIVES_AWAY: Mapping[str, Sequence[str]] = {
    "household_income": ("所得", "収入", "低所得", "生活困窮", "経済的", "income", "poverty", "hardship"),
    "municipal_tax": ("市民税", "住民税", "非課税", "課税", "滞納", "municipal tax", "tax-exempt"),
    "public_assistance": ("生活保護", "保護費", "被保護", "public assistance", "welfare benefit"),
    "child_rearing_allowance": ("児童扶養手当", "child-rearing allowance", "child rearing allowance"),
    "single_parent": ("ひとり親", "母子家庭", "父子家庭", "離婚", "single parent", "single-parent", "divorce"),
    "care_grade": ("要介護", "要支援", "介護認定", "介護度", "care grade", "nursing care", "long-term care"),
    "disability_physical": ("身体障", "障害", "障がい", "障碍", "手帳の等級", "disability", "disabled"),
    "disability_intellectual": ("療育手帳", "知的障", "intellectual disability"),
    "disability_mental": ("精神障", "精神保健", "精神疾患", "mental disability", "mental health"),
    "pregnancy_notified_on": (
        "妊娠",
        "妊婦",
        "出産",
        "産後",
        "流産",
        "母子健康手帳",
        "pregnan",
        "childbirth",
        "miscarriage",
    ),
    "checkup_result": ("健診の結果", "検診の結果", "保健指導", "要精密", "陽性", "check-up result", "test result"),
}
"""By the fact's code: every fact of the vocabulary that is sensitive has its words."""
_READING = re.compile(r"\([ぁ-んァ-ヶー\s]+\)")


def folded(text: str) -> str:
    """Give a text as it is compared: one width, small letters, no readings in brackets, no blanks between words."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = _READING.sub("", plain)
    return re.sub(r"(?<![a-z0-9])\s+|\s+(?![a-z0-9])", "", plain)


def given_away(text: str, more: Iterable[str] = ()) -> list[str]:
    """Give the words of a text that give something away; `more`: names that do so here."""
    held = folded(text)
    known = [word for words in GIVES_AWAY.values() for word in words]
    return list(dict.fromkeys(word for word in (*known, *more) if word and folded(word) in held))
