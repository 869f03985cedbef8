"""How do the terms of an agreement read? Each field as people say it, each problem as what to mend."""

from collections.abc import Callable, Mapping
from typing import Any

from backoffice.web.chips import Chip
from backoffice.web.showing import day
from backoffice.web.translations import _, language_now, translate
from workflows.links import (
    ATTRIBUTES,
    CONCERNS,
    ROWS,
    Concern,
    Contact,
    Direction,
    Ground,
    Necessity,
    Risk,
    SecurityClass,
    SubjectGroup,
    Terms,
    TermsProblem,
    Use,
    Width,
    Wrong,
    concerns_of,
    risk_of,
)
from workflows.rules.facts import WARDS

DIRECTIONS = {
    Direction.GIVES: _("福岡市から渡す"),
    Direction.TAKES: _("福岡市が受け取る"),
    Direction.BOTH: _("両方"),
}
GROUNDS = {
    Ground.CONSENT: _("本人の同意(個人情報保護法69条2項1号)"),
    Ground.OWN_DUTIES: _("市の中での相当な理由のある利用(同2号)"),
    Ground.OTHER_BODY: _("ほかの行政機関等への相当な理由のある提供(同3号)"),
    Ground.SPECIAL_REASON: _("統計、または明らかに本人の利益になるなど(同4号)"),
}
NECESSITIES = {Necessity.REQUIRED: _("必須"), Necessity.OPTIONAL: _("任意")}
SECURITY = {
    SecurityClass.CONFIDENTIALITY_1: _("機密性1"),
    SecurityClass.CONFIDENTIALITY_2: _("機密性2"),
    SecurityClass.CONFIDENTIALITY_3: _("機密性3"),
}
LANGUAGES = {"ja": _("日本語"), "easy": _("やさしい日本語"), "en": _("英語")}
WIDTH_CHIPS = {
    Width.WIDER: Chip("doubt", "▲", _("広げる")),
    Width.MIXED: Chip("doubt", "▲", _("広げる所と狭める所がある")),
    Width.NARROWER: Chip("good", "●", _("狭める")),
    Width.NEUTRAL: Chip("plain", "■", _("範囲は変わらない")),
}

RISK_CHIPS = {
    Risk.LOW: Chip("good", "●", _("リスクは低い")),
    Risk.MIDDLE: Chip("doubt", "▲", _("リスクは中くらい")),
    Risk.HIGH: Chip("bad", "✕", _("リスクは高い")),
}

TROUBLES: Mapping[Wrong, str] = {
    Wrong.SYSTEM_UNNAMED: _("システムの記号、名称、英語の名称を入れてください。"),
    Wrong.SAME_SYSTEM: _("渡す側と受け取る側に、別のシステムを入れてください。"),
    Wrong.CONTROLLER_MISSING: _("受け取った側で責任を負う者を入れてください。"),
    Wrong.NO_PURPOSE: _("目的を1つ以上入れてください。"),
    Wrong.PURPOSE_UNNAMED: _("目的の記号、日本語、英語を入れてください。"),
    Wrong.PURPOSE_TWICE: _("同じ記号の目的が2つあります。"),
    Wrong.PURPOSE_IDLE: _("どの項目も使わない目的があります。"),
    Wrong.NO_ATTRIBUTE: _("渡す項目を1つ以上選んでください。"),
    Wrong.ATTRIBUTE_UNKNOWN: _("語彙にない項目です。"),
    Wrong.ATTRIBUTE_TWICE: _("同じ項目が2つあります。"),
    Wrong.ATTRIBUTE_WITHOUT_PURPOSE: _("何の目的に使うかを選んでください。"),
    Wrong.ATTRIBUTE_FOR_UNKNOWN_PURPOSE: _("ない目的に使うことになっています。"),
    Wrong.ALREADY_TOLD: _("ほかの項目から分かるので、要りません。"),
    Wrong.SENSITIVE_WITHOUT_REASON: _("慎重に扱う項目なので、理由を入れてください。"),
    Wrong.OPTIONAL_WITHOUT_REASON: _("任意の項目なので、何に使うかの理由を入れてください。"),
    Wrong.CLAIM_WOULD_DO: _("もっと少ないことだけを伝える項目で足りませんか。足りない理由を入れてください。"),
    Wrong.PRIVATE_SENSITIVE: _("民間の相手には、慎重に扱う項目を渡せません。"),
    Wrong.PRIVATE_NO_CLAIM: _("民間の相手には、「はい・いいえ」などで答える項目だけを渡せます。"),
    Wrong.PRIVATE_NEEDS_CONSENT: _("民間の相手に渡せるのは、本人の同意があるときだけです。"),
    Wrong.TAX_NEEDS_CONSENT: _("税の項目を渡せるのは、本人の同意があるときだけです(地方税法22条)。"),
    Wrong.SHOWN_MISSING: _("本人に見せる文を、3つのことばで入れてください。"),
    Wrong.RETENTION_WRONG: _("残す日数を0以上で入れてください。"),
    Wrong.RETENTION_TOO_LONG: _("残す日数が、決まりより長くなっています。"),
    Wrong.CEILING_WRONG: _("回数を1以上で入れてください。"),
    Wrong.CEILING_TOO_HIGH: _("回数が、決まりより多くなっています。"),
    Wrong.CEILINGS_CONTRADICT: _("1日の回数と1年度の回数が合いません。"),
    Wrong.NO_SUBJECTS: _("だれの情報かを選んでください。"),
    Wrong.WARD_UNKNOWN: _("ない区が選ばれています。"),
    Wrong.AGES_WRONG: _("年齢の下と上を確かめてください。"),
    Wrong.SECURITY_TOO_LOW: _("渡す項目に対して、機密性が低すぎます。"),
    Wrong.ENDS_BEFORE_IT_BEGINS: _("終わる日が、始まる日より前です。"),
    Wrong.VALID_TOO_LONG: _("期間が、決まりより長くなっています。"),
    Wrong.REVIEW_AFTER_THE_END: _("見直す日が、終わる日より後です。"),
    Wrong.REVIEW_BEFORE_IT_BEGINS: _("見直す日が、始まる日より前です。"),
    Wrong.REVIEW_TOO_LATE: _("見直す日を、始まる日から1年以内にしてください。"),
    Wrong.NO_CONTACT: _("連絡先を1つ以上入れてください。"),
    Wrong.CONTACT_INCOMPLETE: _("連絡先に、名前と、電話かメールを入れてください。"),
    Wrong.EMERGENCY_CONTACT_INCOMPLETE: _("緊急の連絡先に、名前と電話を入れてください。"),
    Wrong.IMPACT_UNANSWERED: _("影響評価の問いに、すべて答えてください。"),
    Wrong.IMPACT_WITHOUT_WORDS: _("「はい」と答えた問いに、どういうことかを書いてください。"),
    Wrong.IMPACT_WITHOUT_MEASURE: _("リスクが高いので、対策を書いてください。"),
}


def label_of(field: str) -> str:
    """Give what a field of terms is called, in the language of now."""
    return _first_large(ROWS[field].en) if language_now() == "en" else ROWS[field].ja


def _first_large(words: str) -> str:
    """Let an English name begin as a label does."""
    return words[:1].upper() + words[1:]


def said(terms: Terms, field: str) -> str:
    """Give a field as people say it, one thing a line."""
    return _impact(terms) if field == "impact" else _SAID[field](getattr(terms, field))


def trouble_said(problem: TermsProblem) -> str:
    """Say what to mend, and about which entry."""
    about = _entry(problem)
    sentence = translate(TROUBLES[problem.wrong])
    return f"{about}: {sentence}" if about else sentence


def _entry(problem: TermsProblem) -> str:
    if problem.field == "shown":
        return translate(LANGUAGES[problem.about])
    if problem.field == "impact" and problem.about:
        return concern_name(Concern(problem.about))
    return attribute_name(problem.about) if problem.about in ATTRIBUTES else problem.about


def attribute_name(code: str) -> str:
    known = ATTRIBUTES.get(code)
    if known is None:
        return code
    return _first_large(known.en) if language_now() == "en" else known.ja


def concern_name(concern: Concern) -> str:
    return _first_large(CONCERNS[concern].en) if language_now() == "en" else CONCERNS[concern].ja


def question(concern: Concern) -> str:
    return CONCERNS[concern].asks_en if language_now() == "en" else CONCERNS[concern].asks


def risk_said(terms: Terms) -> str:
    return translate(RISK_CHIPS[risk_of(terms)].text)


def ward_name(code: str) -> str:
    return next((ward.en if language_now() == "en" else ward.ja for ward in WARDS if ward.code == code), code)


def _system(system: Any) -> str:  # noqa: ANN401 - a system or a purpose: both have a code and two names
    name = system.en if language_now() == "en" else system.ja
    return f"{name} ({system.code})" if system.code else name


def _use(use: Use) -> str:
    line = f"{attribute_name(use.attribute)} ({translate(NECESSITIES[use.necessity])}: {', '.join(use.purposes)})"
    return f"{line} {use.reason}".rstrip()


def _group(group: SubjectGroup) -> str:
    wards = ", ".join(ward_name(code) for code in group.wards) or translate(_("市の全域"))
    if not group.has_ages:
        return wards
    low = translate(_("%(n)s歳から"), n=group.from_age) if group.from_age is not None else ""
    high = translate(_("%(n)s歳まで"), n=group.to_age) if group.to_age is not None else ""
    return f"{wards} {low}{high}"


def _contact(contact: Contact) -> str:
    return " ".join(part for part in (contact.name, contact.telephone, contact.mail) if part)


def _impact(terms: Terms) -> str:
    """Say the risk, each reason with what was answered and what is done about it, and what nobody has answered yet."""
    lines = [risk_said(terms)]
    for concern in concerns_of(terms):
        words = (terms.impact.words_about(concern), terms.impact.measure_against(concern))
        lines.append(": ".join(part for part in (f"- {concern_name(concern)}", words[0]) if part))
        if words[1]:
            lines.append(translate(_("  対策: %(words)s"), words=words[1]))
    if terms.impact.unanswered:
        lines.append(translate(_("まだ答えていない問い: %(n)s"), n=len(terms.impact.unanswered)))
    return "\n".join(lines)


def _lines(say: Callable[[Any], str]) -> Callable[[Any], str]:
    return lambda entries: "\n".join(say(entry) for entry in entries)


def _times(count: int) -> str:
    return translate(_("%(n)s回"), n=count) if count != 1 else translate(_("1回"))


def _days(count: int) -> str:
    return translate(_("%(n)s日"), n=count) if count != 1 else translate(_("1日"))


_SAID: Mapping[str, Callable[[Any], str]] = {
    "giver": _system,
    "recipient": _system,
    "direction": lambda direction: translate(DIRECTIONS[direction]),
    "controller": str,
    "private_partner": lambda private: translate(_("民間") if private else _("公の機関")),
    "purposes": _lines(_system),
    "ground": lambda ground: translate(GROUNDS[ground]),
    "uses": _lines(_use),
    "shown": lambda shown: "\n".join(part for part in (shown.ja, shown.easy, shown.en) if part),
    "retention_days": _days,
    "per_person_day": _times,
    "per_person_year": _times,
    "per_minute": _times,
    "subjects": _lines(_group),
    "security": lambda security: translate(SECURITY[security]),
    "valid_from": day,
    "valid_until": day,
    "review_on": day,
    "contacts": _lines(_contact),
    "emergency_contact": _contact,
}
