"""What does a run say to whom? The approved text, the program's sheet and the reasons of each pattern, put together."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backoffice.audiences.messages import mail_kept
from backoffice.audiences.models import NoticeRun
from backoffice.carriers.mime import Blank, Words
from backoffice.consents.workflow import ChannelKind
from backoffice.notices.models import NoticeTemplateVersion
from backoffice.programs.checking import names_for
from backoffice.programs.models import ProgramVersion
from backoffice.programs.sheets import Values, rule_kept, values_of
from backoffice.work import Work
from workflows.notices.blocks import Slot
from workflows.notices.languages import NoticeLanguage
from workflows.notices.rendering import Notice, Prepared, Surroundings, line_of_notice, mail_of
from workflows.notices.template import Content, read
from workflows.notices.values import values_of_sheet
from workflows.notices.why import Telling, Why, why_of
from workflows.rules.sentences import Names
from workflows.rules.tree import Node, leaves
from workflows.rules.why import LeafState


@dataclass(frozen=True)
class Wording:
    """`rule` has its thresholds written in: what is told is what was asked."""

    content: Content
    rule: Node
    names: Names
    sheet: Values
    around: Surroundings

    def body(self, kind: str, language: str, states: Sequence[LeafState]) -> tuple[dict[str, Any], str]:
        """Give what is written to all with these reasons, as it is frozen, and its SHA-256."""
        spoken = NoticeLanguage(language)
        sheet = dict(self.sheet)
        telling = Telling.VEILED if sheet["body_class"] == "veiled" else Telling.OPEN
        values = values_of_sheet(sheet, spoken, self.around.portal)
        why = self._why(states, spoken, telling)
        notice = Notice(self.content.in_language(spoken), values, spoken, why, self.around)
        if kind == ChannelKind.LINE:
            kept: dict[str, Any] = {"schema": 1, "messages": line_of_notice(notice)}
        else:
            mail = mail_of(notice)
            kept = mail_kept(mail.subject, _words(mail.text), _words(mail.html))
        return kept, hashlib.sha256(json.dumps(kept, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    def reasons(self, states: Sequence[LeafState]) -> dict[str, Any]:
        """Give what a person with these reasons reads of them once they have signed in."""
        told: dict[str, Any] = {"schema": 1}
        for language in NoticeLanguage:
            why = self._why(states, language, Telling.SIGNED_IN)
            told[language.value] = {"why": list(why.reasons), "used": list(why.data)}
        return told

    def _why(self, states: Sequence[LeafState], language: NoticeLanguage, telling: Telling) -> Why:
        of_leaf = dict(zip(dict.fromkeys(leaves(self.rule)), states, strict=True))
        return why_of(self.rule, of_leaf, self.names, language, telling)


def wording_of(work: Work, run: NoticeRun, version: ProgramVersion, rule: Node) -> Wording:
    """Give the wording of a run; `rule`: as it is asked."""
    template = work.session.get_one(NoticeTemplateVersion, run.template_version_id)
    settings = work.office.settings
    around = Surroundings(
        department=version.program.department.name,
        telephone=settings.residents_telephone,
        portal=settings.portal_address,
        run=run.number,
    )
    return Wording(read(template.content), rule, names_for(work, rule_kept(version)), values_of(version), around)


def _words(prepared: Prepared) -> Words:
    return tuple(Blank(piece.value) if isinstance(piece, Slot) else piece for piece in prepared)
