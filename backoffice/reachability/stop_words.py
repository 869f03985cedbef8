"""In which words does the page behind the link in a mail speak? All three languages whole, written for this one page.

Nothing here names a topic or a program: whoever looks over somebody's shoulder learns nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    tag: str
    """Of the language, as browsers and screen readers know it."""
    name: str
    city: str
    languages: str
    title: str
    state: str
    receives: str
    stopped_same: str
    stopped_all: str
    ask: str
    stop_same: str
    stop_all: str
    resume: str
    at_once: str
    letters: str
    consent: str
    telephone: str
    ended_title: str
    ended: str
    unknown_title: str
    unknown: str
    often_title: str
    often: str
    number_in_mail: str
    """What stands in place of a telephone number where the office has set none."""


WORDS: Mapping[str, Words] = {
    "ja": Words(
        tag="ja",
        name="日本語",
        city="福岡市",
        languages="ほかのことば",
        title="お知らせの受け取り",
        state="今の状態",
        receives="受け取っています",
        stopped_same="同じ種類のお知らせを止めています",
        stopped_all="市からのお知らせをすべて止めています",
        ask="どうしますか",
        stop_same="このお知らせと同じ種類を止める",
        stop_all="市からのお知らせをすべて止める",
        resume="また受け取る",
        at_once="押すとすぐに変わります。理由はたずねません。すでに送ったお知らせは取り消せません。",
        letters="止まるのは、メールとLINEのお知らせです。法律で決まった郵便の通知は、これまでどおり届きます。",
        consent="お知らせを止めても、市が情報を見ることへの同意は続きます。同意の取り消しは、ポータルか、区役所の同意の窓口でできます。",
        telephone="電話でのお問い合わせ",
        ended_title="このリンクの期限が過ぎました",
        ended="新しいお知らせのリンクを使うか、電話でお知らせください。電話でも、お知らせを止める方法をご案内します。",
        unknown_title="このリンクは使えません",
        unknown="リンクが途中で切れているかもしれません。メールのリンクをもう一度押すか、電話でお知らせください。",
        often_title="少し待ってから、もう一度押してください",
        often="短い間に何度も変更がありました。1分ほど待つと、また変えられます。",
        number_in_mail="お知らせのメールに書いてある電話番号",
    ),
    "easy": Words(
        tag="ja",
        name="やさしい日本語",
        city="福岡市",
        languages="ほかの ことば",
        title="市の お知らせを もらう・もらわない",
        state="いま",
        receives="お知らせを もらっています",
        stopped_same="この お知らせと 同じものは、もらいません",
        stopped_all="市の お知らせは、ぜんぶ もらいません",
        ask="どうしますか",
        stop_same="この お知らせと 同じものを やめる",
        stop_all="市の お知らせを ぜんぶ やめる",
        resume="また もらう",
        at_once="ボタンを おすと、すぐに かわります。どうして やめるかは 聞きません。",
        letters="やめるのは、メールと LINEの お知らせだけです。大切な 手紙は、これからも とどきます。",
        consent=(
            "お知らせを やめても、市は あなたの 情報を 見ることが できます。"
            "見てほしくないときは、区役所に 行くか、ポータルで「同意」を とりけして ください。"
        ),
        telephone="電話で 聞く",
        ended_title="この リンクは もう つかえません",
        ended="長い 時間が たちました。新しい お知らせの リンクを つかうか、電話を してください。",
        unknown_title="この リンクは つかえません",
        unknown="リンクが 短く 切れているかも しれません。メールの リンクを もういちど おすか、電話を してください。",
        often_title="すこし まって、もういちど おしてください",
        often="みじかい 時間に 何回も かわりました。1分くらい まってください。",
        number_in_mail="お知らせの メールに 書いてある 電話番号",
    ),
    "en": Words(
        tag="en",
        name="English",
        city="Fukuoka City",
        languages="Other languages",
        title="Receiving notices from the city",
        state="At present",
        receives="You receive notices",
        stopped_same="You have stopped notices of this kind",
        stopped_all="You have stopped all notices from the city",
        ask="What would you like to do?",
        stop_same="Stop notices of this kind",
        stop_all="Stop all notices from the city",
        resume="Receive them again",
        at_once="It takes effect at once and no reason is asked. Notices already sent cannot be taken back.",
        letters="This is about mail and LINE only. Letters that the law requires still come by post.",
        consent=(
            "Stopping notices does not withdraw your consents. "
            "You can withdraw those on the portal or at the consent counter of a ward office."
        ),
        telephone="Ask by telephone",
        ended_title="This link has ended",
        ended="Please use the link in a newer notice, or call us. By telephone, too, we tell you how to stop notices.",
        unknown_title="This link does not work",
        unknown="It may have been cut off. Press the link in the mail once more, or call us.",
        often_title="Please wait a little and press again",
        often="There were many changes within a short time. After about a minute you can go on.",
        number_in_mail="The number that is written in the notice",
    ),
}
