"""How do a wording, a program and a resident's reasons become a notice?"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from backoffice.errors import Invalid
from backoffice.notices import queries
from backoffice.programs import queries as programs
from backoffice.programs.checking import names_for
from backoffice.programs.models import Program, ProgramVersion
from backoffice.programs.sheets import rule_kept, values_of
from backoffice.settings import Settings
from backoffice.web.translations import _
from backoffice.work import Work
from workflows.notices.checks import Policy, Subject
from workflows.notices.languages import NoticeLanguage
from workflows.notices.placeholders import Values
from workflows.notices.rendering import Notice, Surroundings
from workflows.notices.template import Content
from workflows.notices.values import values_of_sheet
from workflows.notices.why import Telling, Why, why_of
from workflows.rules.sentences import Names
from workflows.rules.tree import Leaf, Node
from workflows.rules.why import LeafState

States = Mapping[Leaf, LeafState]


@dataclass(frozen=True)
class Matter:
    """What a program brings to its notice: values for every language, its rule, whether its reason is veiled."""

    veiled: bool
    values: Mapping[NoticeLanguage, Values]
    names_of_program: tuple[str, ...]
    rule: Node | None
    names: Names
    number: str
    department: str

    def names_in(self, language: NoticeLanguage) -> Names:
        """Give what things are called, the program itself in the reader's language."""
        own = {self.number: str(self.values[language]["program"])}
        return replace(self.names, programs={**self.names.programs, **own})

    @property
    def subject(self) -> Subject:
        return Subject(self.veiled, self.values, self.names_of_program)


@dataclass(frozen=True)
class Composer:
    """Makes notices of one wording for one program; what is the same for many is made once by whoever asks."""

    content: Content
    matter: Matter
    around: Surroundings

    def notice(self, language: NoticeLanguage, states: States | None) -> Notice:
        """Give the notice for one pattern of reasons; `states` may be None where the reason is veiled."""
        return Notice(
            self.content.in_language(language),
            self.matter.values[language],
            language,
            self._why(language, states),
            self.around,
        )

    def _why(self, language: NoticeLanguage, states: States | None) -> Why:
        if self.matter.veiled or self.matter.rule is None or states is None:
            return Why(veiled=self.matter.veiled)
        return why_of(self.matter.rule, states, self.matter.names_in(language), language, Telling.OPEN)


def composer(work: Work, content: Content, program: Program, version: ProgramVersion, run: str) -> Composer:
    """Give what makes notices of a wording for a version of its program. `run`: the number that residents read out."""
    matter = matter_of(work, program, version)
    return Composer(content, matter, surroundings(work.office.settings, matter.department, run))


def matter_of(work: Work, program: Program, version: ProgramVersion) -> Matter:
    """Give what a version of a program brings to its notice; `program` comes with its department."""
    sheet: Mapping[str, Any] = values_of(version)
    rule = rule_kept(version)
    portal = work.office.settings.portal_address
    return Matter(
        veiled=sheet["body_class"] != "open",
        values={each: values_of_sheet(sheet, each, portal) for each in NoticeLanguage},
        names_of_program=tuple(str(sheet[f"name_{each.kept_as}"]) for each in NoticeLanguage if _is_named(sheet, each)),
        rule=rule,
        names=names_for(work, rule),
        number=program.number,
        department=program.department.name,
    )


def speaking_version(work: Work, program_id: int) -> ProgramVersion:
    """Give the version of a program whose values a notice shows: the one in force, else the newest. Raises Invalid."""
    version = programs.in_force(work.session, program_id, work.today) or queries.newest_of_program(
        work.session, program_id
    )
    if version is None:
        raise Invalid(_("この制度には、まだ登録票がありません。"))
    return version


def policy_of(settings: Settings) -> Policy:
    """Give what this office allows in its notices."""
    domains = tuple(each.strip().casefold() for each in settings.notice_domains.split(",") if each.strip())
    return Policy(domains, settings.portal_address)


def surroundings(settings: Settings, department: str, run: str) -> Surroundings:
    return Surroundings(department, settings.notice_telephone, settings.portal_address, run)


def _is_named(sheet: Mapping[str, Any], language: NoticeLanguage) -> bool:
    return bool(sheet[f"name_{language.kept_as}"])
