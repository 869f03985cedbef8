"""How are invented people and the points of the contract called?"""

from collections.abc import Mapping

from backoffice.web.chips import Chip
from backoffice.web.translations import _
from workflows.links import Check, Persona, Result

CHECKS: Mapping[Check, str] = {
    Check.FETCHED: _("目的を名のって、項目を受け取った"),
    Check.DECLINED_TAKEN: _("任意の項目を断った人にも、答えを返した"),
    Check.REFUSAL_KEPT: _("断られた人の分は、何も作らなかった"),
    Check.OUTSIDE_REFUSED: _("協定にないものを求めて、断りを受け取った"),
    Check.SENT_AGAIN: _("同じ呼び出しを、同じ Idempotency-Key で送り直した"),
    Check.WAITS: _("待つように言われて、その時まで求めなかった"),
    Check.CARD_NUMBER: _("チェックデジットの合う番号を返した"),
    Check.DELETED: _("削除の依頼に応じ、終えたことを知らせた"),
}
RESULT_SIGNS: Mapping[Result, str] = {Result.SHOWN: "○", Result.FAILED: "×", Result.NOT_YET: "—"}
RESULT_CHIPS: Mapping[Result, Chip] = {
    Result.SHOWN: Chip("good", "○", _("示した")),
    Result.FAILED: Chip("bad", "×", _("違った")),
    Result.NOT_YET: Chip("plain", "—", _("まだ")),
}
PERSONAS: Mapping[Persona, str] = {
    Persona.CONSENTS: _("すべてに同意している人"),
    Persona.DECLINES: _("任意の項目を断った人"),
    Persona.WITHDRAWS: _("答えを返すと、同意を取り消す人"),
    Persona.CHILD: _("12歳の人"),
    Persona.CEILING: _("今日の回数に達した人"),
    Persona.WITHDRAWN: _("同意を取り消した人"),
    Persona.EXPIRED: _("同意の期限が切れた人"),
    Persona.ASKED_ANEW: _("同意の取り直しを待つ人"),
    Persona.PROTECTED: _("支援措置の人"),
    Persona.UNKNOWN: _("知らない人"),
    Persona.DEAD: _("亡くなった人"),
    Persona.MOVED_OUT: _("転出した人"),
    Persona.SELF_DECLARED: _("カードで確かめていない人"),
}
MEANT: Mapping[Persona, str] = {
    Persona.CONSENTS: _("項目が渡る"),
    Persona.DECLINES: _("断った項目だけが抜けて渡る"),
    Persona.WITHDRAWS: _("渡ったあと、削除の依頼が来る"),
    Persona.CHILD: _("協定の対象なら、項目が渡る"),
    Persona.CEILING: _("待つように言う(何秒後かを添える)"),
}
"""What a partner is to meet; whoever is not here gets the one refusal that has no reason."""
NO_REASON = _("理由を言わずに断る(not-available)")
