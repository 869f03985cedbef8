"""What does every notice say besides what its program writes? Why it came, how to stop it, whom to ask."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflows.notices.languages import NoticeLanguage


@dataclass(frozen=True)
class FixedWords:
    why: str
    why_begins: str
    to_all: str
    """Where the rule asks for nothing."""
    veiled: str
    data: str
    more: str
    """{n} reasons that do not fit a LINE message."""
    stop: str
    stop_by_mail: str
    preferences: str
    stop_by_line: str
    questions: str
    ask: str
    reference: str
    run: str
    never_asks: str
    sender: str
    deadline: str


WORDS: Mapping[NoticeLanguage, FixedWords] = {
    NoticeLanguage.JA: FixedWords(
        why="なぜこのお知らせが届いたか",
        why_begins=(
            "市が持っている情報のうち、見てよいと同意いただいたものから、次のことが分かったためお送りしました。"
        ),
        to_all="市に住むすべての方にお送りしています。",
        veiled="理由は、ふくおかサポートにサインインすると読めます。",
        data="使った情報",
        more="ほか{n}件。サインインすると、すべて読めます。",
        stop="お知らせを止めるには",
        stop_by_mail=(
            "次のページで、これと同じ種類のお知らせだけを止めることも、"
            "市からのお知らせをすべて止めることもできます。"
            "止めても、申込みの権利はなくなりません。"
        ),
        preferences="お知らせを選ぶページ",
        stop_by_line=(
            "ふくおかサポートにサインインすると、これと同じ種類のお知らせだけを止めることも、"
            "すべて止めることもできます。"
            "このアカウントをブロックしても止まります。"
            "止めても、申込みの権利はなくなりません。"
        ),
        questions="お問い合わせ",
        ask="お知らせの問い合わせ窓口",
        reference="お電話では、この番号をお伝えください",
        run="お電話では、お知らせの番号をお伝えください",
        never_asks="市が、メールやLINEで口座や暗証番号をおたずねすることはありません。",
        sender="福岡市 {department}",
        deadline="申込みの期限",
    ),
    NoticeLanguage.EASY: FixedWords(
        why="どうして この お知(し)らせが 来(き)ましたか",
        why_begins=(
            "あなたが 「見(み)ても いい」と 言(い)った 情報(じょうほう)を、市(し)が 見ました。"
            "それで、次(つぎ)の ことが わかりました。"
        ),
        to_all="市(し)に 住(す)んでいる 全部(ぜんぶ)の 人(ひと)に 送(おく)りました。",
        veiled="どうして 来(き)たかは、ふくおかサポートに 入(はい)ると 読(よ)めます。",
        data="市(し)が 見(み)た 情報(じょうほう)",
        more="ほかに {n}個(こ) あります。ふくおかサポートに 入(はい)ると 全部(ぜんぶ) 読(よ)めます。",
        stop="お知(し)らせを 止(と)めたい とき",
        stop_by_mail=(
            "次(つぎ)の ページで 止(と)めることが できます。"
            "同(おな)じ 種類(しゅるい)の お知(し)らせだけを 止めることも、全部(ぜんぶ)を 止めることも できます。"
            "止めても、申込(もうしこ)みは できます。"
        ),
        preferences="お知(し)らせを 選(えら)ぶ ページ",
        stop_by_line=(
            "ふくおかサポートに 入(はい)ると、止(と)めることが できます。"
            "同(おな)じ 種類(しゅるい)の お知(し)らせだけを 止めることも、全部(ぜんぶ)を 止めることも できます。"
            "この アカウントを ブロックしても 止まります。"
            "止めても、申込(もうしこ)みは できます。"
        ),
        questions="聞(き)きたい とき",
        ask="電話(でんわ)で 聞(き)いて ください",
        reference="電話(でんわ)で この 番号(ばんごう)を 言(い)って ください",
        run="電話(でんわ)で この お知(し)らせの 番号(ばんごう)を 言(い)って ください",
        never_asks="市(し)は、メールや LINEで、銀行(ぎんこう)の 番号(ばんごう)を 聞(き)きません。",
        sender="福岡市(ふくおかし) {department}",
        deadline="申込(もうしこ)みは いつまで",
    ),
    NoticeLanguage.EN: FixedWords(
        why="Why you got this notice",
        why_begins="From what you have agreed that the city may look at, we found the following.",
        to_all="It is sent to everybody who lives in the city.",
        veiled="You can read the reason after signing in to Fukuoka Support.",
        data="What was used",
        more="{n} more; sign in to read all of them.",
        stop="How to stop these notices",
        stop_by_mail=(
            "On this page you can stop notices of this kind only, or all notices from the city. "
            "You keep every right to apply."
        ),
        preferences="Choose which notices you get",
        stop_by_line=(
            "Sign in to Fukuoka Support to stop notices of this kind only, or all of them. "
            "Blocking this account stops them, too. "
            "You keep every right to apply."
        ),
        questions="Questions",
        ask="Help desk for notices",
        reference="On the telephone, give this number",
        run="On the telephone, give the number of this notice",
        never_asks="The city never asks for bank accounts or secret numbers by mail or LINE.",
        sender="Fukuoka City, {department}",
        deadline="Apply by",
    ),
}
