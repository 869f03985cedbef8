"""How is a rule shown while it is built? Line by line, each with its place, its words and what was found there."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from backoffice.programs.checking import ExampleResult, Looked
from backoffice.web.chips import Chip
from backoffice.web.translations import _, language_now, translate
from workflows.rules import LeafState, Verdict
from workflows.rules.findings import Finding, Path, Severity
from workflows.rules.sentences import Language, Names, phrase
from workflows.rules.tree import All, AnyOf, Node, Not

VERDICT_CHIPS = {
    Verdict.ELIGIBLE: Chip("good", "●", _("該当")),
    Verdict.NOT_ELIGIBLE: Chip("plain", "■", _("非該当")),
    Verdict.UNKNOWN: Chip("doubt", "▲", _("データ不足")),
    Verdict.NO_CONSENT: Chip("info", "✎", _("同意不足")),
}
STATE_CHIPS = {
    LeafState.TRUE: Chip("good", "●", _("成り立つ")),
    LeafState.FALSE: Chip("plain", "■", _("成り立たない")),
    LeafState.MISSING: Chip("doubt", "▲", _("分からない")),
    LeafState.MASKED: Chip("info", "✎", _("同意がなく見ていない")),
}
SEVERITY_CHIPS = {
    Severity.ERROR: Chip("bad", "✕", _("要修正")),
    Severity.WARNING: Chip("doubt", "▲", _("注意")),
}


@dataclass(frozen=True)
class FindingLine:
    place: str
    chip: Chip
    text: str

    @classmethod
    def of(cls, finding: Finding) -> "FindingLine":
        return cls(
            place_of(finding.path), SEVERITY_CHIPS[finding.severity], translate(finding.message, **finding.params)
        )


@dataclass(frozen=True)
class RuleLine:
    """A group or a condition. `inner` holds the lines of a group."""

    place: str
    """Its path, `0.2`; `top` for the rule itself."""
    kind: str
    """all, any or leaf."""
    text: str
    negated: bool
    """The line stands in a ではない, which is shown with it."""
    negation_place: str
    is_first: bool
    is_last: bool
    findings: Sequence[FindingLine]
    inner: Sequence["RuleLine"] = field(default_factory=tuple)

    @property
    def whole_place(self) -> str:
        """The place of the line with its negation: what is moved or taken away."""
        return self.negation_place or self.place


@dataclass(frozen=True)
class ExampleLine:
    id: int
    title: str
    wanted: Chip
    found: Chip | None
    passes: bool
    facts: str
    as_of: date

    @classmethod
    def of(cls, result: ExampleResult, facts: str) -> "ExampleLine":
        example = result.example
        found = None if result.verdict is None else VERDICT_CHIPS[result.verdict]
        wanted = VERDICT_CHIPS[Verdict(example.verdict)]
        return cls(example.id, example.title, wanted, found, result.passes, facts, example.as_of)


TOP = "top"
PLACE = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){0,63}")


def place_of(path: Path) -> str:
    return ".".join(map(str, path)) or TOP


def path_of(place: str) -> Path | None:
    """Give the path that a place names; None for nonsense."""
    if place == TOP:
        return ()
    return tuple(map(int, place.split("."))) if PLACE.fullmatch(place) else None


def lines_of(rule: Node, looked: Looked) -> Sequence[RuleLine]:
    """Give the rule as lines: one, the outermost group, with all others in it."""
    found: dict[Path, list[FindingLine]] = {}
    for finding in looked.findings:
        found.setdefault(finding.path, []).append(FindingLine.of(finding))
    return [_line(rule, (), looked.names, found, (True, True))]


def _line(
    node: Node, path: Path, names: Names, found: dict[Path, list[FindingLine]], ends: tuple[bool, bool]
) -> RuleLine:
    outer = path
    negated = False
    while isinstance(node, Not):
        node, path, negated = node.part, (*path, 0), not negated
    findings = [each for at in _between(outer, path) for each in found.get(at, ())]
    is_group = isinstance(node, All | AnyOf)
    return RuleLine(
        place=place_of(path),
        kind="leaf" if not is_group else "all" if isinstance(node, All) else "any",
        text="" if isinstance(node, All | AnyOf) else phrase(node, names, Language(language_now())),
        negated=negated,
        negation_place=place_of(outer) if outer != path else "",
        is_first=ends[0],
        is_last=ends[1],
        findings=findings,
        inner=[
            _line(part, (*path, at), names, found, (at == 0, at == len(node.parts) - 1))
            for at, part in enumerate(node.parts)
        ]
        if isinstance(node, All | AnyOf)
        else (),
    )


def _between(outer: Path, inner: Path) -> Iterator[Path]:
    """Give the places of a line's negations and of the line itself."""
    for length in range(len(outer), len(inner) + 1):
        yield inner[:length]
