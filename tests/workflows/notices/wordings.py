"""A notice that is whole, a program that it is about, and texts as nobody would write them."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from workflows.notices.checks import Policy, Subject
from workflows.notices.languages import NoticeLanguage
from workflows.notices.placeholders import Link, Telephone
from workflows.notices.rendering import Notice, Surroundings
from workflows.notices.template import Content, Wording
from workflows.notices.values import values_of_sheet
from workflows.notices.why import Why

PORTAL = "https://support.city.fukuoka.lg.jp/"
SHEET = {
    "name_ja": "高齢者乗車券",
    "name_easy": "70歳(さい)からの 人(ひと)の 乗(の)り物(もの)の 助(たす)け",
    "name_en": "Transport pass for older residents",
    "summary_ja": "満70歳以上の方は、高齢者乗車券の交付を受けられます。",
    "summary_easy": "70歳(さい) 以上(いじょう)の 人(ひと)は、券(けん)を もらえます。",
    "summary_en": "Residents aged 70 or over can receive a pass.",
    "starts": "2026-04-01",
    "ends": "2027-03-31",
    "amount": "12,000円",
    "url": "https://www.city.fukuoka.lg.jp/fukushi/koreisha-joshaken.html",
    "counter": "各区保健福祉センター",
    "telephone": "092-711-4111",
    "documents": "申請書\n本人確認書類",
}
POLICY = Policy(domains=("city.fukuoka.lg.jp",), portal=PORTAL)
AROUND = Surroundings("高齢福祉課", "092-711-0000", PORTAL, "R8-通知-0001")
WHOLE = Content(
    ja=Wording(
        subject="{制度の名称}のお知らせ",
        body=(
            "{市民が読む説明}\n\n■ いつまで\n{申込みの期限}までに申し込んでください。\n\n"
            "■ 申込み\n・{手続のリンク}\n・{受付窓口}"
        ),
        text="{制度の名称}のお知らせです。\n{申込みの期限}までに申し込んでください。\n{手続のリンク}",
        title="{制度の名称}のお知らせ",
        button="申込みの案内を見る",
    ),
    easy=Wording(
        subject="乗(の)り物(もの)の 券(けん)の お知(し)らせ",
        body="{市民が読む説明}\n\n{申込みの期限}までに 申(もう)し込(こ)んで ください。\n\n{電話番号}",
        text="{市民が読む説明}\n{申込みの期限}までに 申(もう)し込(こ)んで ください。\n{手続のリンク}",
        title="乗(の)り物(もの)の 券(けん)",
        button="申込(もうしこ)みの ページ",
    ),
    en=Wording(
        subject="Notice: {program}",
        body="{summary}\n\nPlease apply by {deadline}.\n\n{link}",
        text="{summary}\nPlease apply by {deadline}.\n{link}",
        title="{program}",
        button="How to apply",
    ),
)


def values(sheet=SHEET):
    return {language: values_of_sheet(sheet, language, PORTAL) for language in NoticeLanguage}


def subject(*, veiled: bool = False, sheet=SHEET) -> Subject:
    names = [str(sheet[key]) for key in ("name_ja", "name_easy", "name_en") if sheet.get(key)]
    return Subject(veiled, values(sheet), names)


def notice(language=NoticeLanguage.JA, why=None, content=WHOLE, **changed) -> Notice:
    why = why or Why(("年齢が70歳以上",), ("生年月日(住民基本台帳。「基本の情報」の同意による)",))
    given = {"wording": content.in_language(language), "values": values()[language], **changed}
    return Notice(language=language, why=why, around=AROUND, **given)


FRAGMENTS = st.one_of(
    st.sampled_from(
        [
            *("{制度の名称}", "{deadline}", "{手続のリンク}", "{電話番号}", "{問い合わせ番号}", "{nothing}", "{", "}"),
            *("\uff5b申込みの期限\uff5d", "\n", "\n\n", "■ ", "・", "- ", "<b>", "&amp;", '" onload="', "</p>", "'"),
            *(
                "https://www.city.fukuoka.lg.jp/x?a=1&b=<2>",
                "http://example.org",
                "javascript:alert(1)",
                "\r\n",
                "\u3000",
            ),
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
)
TEXTS = st.lists(FRAGMENTS, max_size=12).map("".join)
WORDINGS = st.builds(Wording, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS)
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "program": WORDS,
        "summary": WORDS,
        "deadline": st.dates(date(1900, 1, 1), date(2999, 12, 31)),
        "amount": st.integers(0, 10**12) | WORDS,
        "link": st.builds(Link, st.just("https://www.city.fukuoka.lg.jp/a?b=1&c=2"), WORDS),
        "portal": st.just(Link(PORTAL, "サインイン")),
        "telephone": st.just(Telephone("092-711-4111")),
        "counter": WORDS,
    },
)
LONG_WHYS = st.builds(
    Why, st.lists(WORDS, max_size=60).map(tuple), st.lists(WORDS, max_size=30).map(tuple), st.booleans()
)
