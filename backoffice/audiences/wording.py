"""What does a run say to whom? The approved text, the program's sheet and the reasons of each pattern, put together."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from backoffice.audiences.messages import mail_kept
from backoffice.audiences.models import NoticeRun
from backoffice.carriers.mime import Blank, Words
from backoffice.consents.workflow import ChannelKind
from backoffice.notices.composing import Composer, matter_of, surroundings
from backoffice.notices.models import NoticeVersion
from backoffice.programs.models import ProgramVersion
from backoffice.work import Work
from workflows.notices.blocks import Slot
from workflows.notices.languages import NoticeLanguage
from workflows.notices.rendering import Prepared, line_of_notice, mail_of
from workflows.notices.why import Telling, why_of
from workflows.rules.tree import Leaf, Node, leaves
from workflows.rules.why import LeafState


@dataclass(frozen=True)
class Wording:
    """`rule` has its thresholds written in: what is told is what was asked.

    `asked`: the rule and what a schedule asks besides, of which nothing is told.
    """

    rule: Node
    asked: Node
    composer: Composer

    def body(self, kind: str, language: str, states: Sequence[LeafState]) -> tuple[dict[str, Any], str]:
        """Give what is written to all with these reasons, as it is frozen, and its SHA-256."""
        notice = self.composer.notice(NoticeLanguage(language), self._by_leaf(states))
        if kind == ChannelKind.LINE:
            kept: dict[str, Any] = {"schema": 1, "messages": line_of_notice(notice)}
        else:
            mail = mail_of(notice)
            kept = mail_kept(mail.subject, _words(mail.text), _words(mail.html))
        return kept, hashlib.sha256(json.dumps(kept, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    def reasons(self, states: Sequence[LeafState]) -> dict[str, Any]:
        """Give what a person with these reasons reads of them once they have signed in."""
        told: dict[str, Any] = {"schema": 1}
        names, by_leaf = self.composer.matter.names, self._by_leaf(states)
        for language in NoticeLanguage:
            why = why_of(self.rule, by_leaf, names, language, Telling.SIGNED_IN)
            told[language.value] = {"why": list(why.reasons), "used": list(why.data)}
        return told

    def _by_leaf(self, states: Sequence[LeafState]) -> Mapping[Leaf, LeafState]:
        return dict(zip(dict.fromkeys(leaves(self.asked)), states, strict=True))


def wording_of(work: Work, run: NoticeRun, version: ProgramVersion, rules: tuple[Node, Node]) -> Wording:
    """Give the wording of a run; `rules`: the program's, and as it is asked."""
    rule, asked = rules
    approved = work.session.get_one(NoticeVersion, run.template_version_id)
    matter = replace(matter_of(work, version.program, version), rule=rule)
    return Wording(
        rule,
        asked,
        Composer(approved.wording, matter, surroundings(work.office.settings, matter.department, run.number)),
    )


def _words(prepared: Prepared) -> Words:
    return tuple(Blank(piece.value) if isinstance(piece, Slot) else piece for piece in prepared)
