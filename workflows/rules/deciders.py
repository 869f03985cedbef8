"""Why did a rule apply to somebody, or not? The conditions that decided, for staff and for the resident.

Staff read every condition as it stands. A resident reads only what made the notice come, in plain words, and of
sensitive facts nothing but the neutral words that stand in the vocabulary.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workflows.rules.blocks import Verdict
from workflows.rules.lints import facts_of
from workflows.rules.sentences import Language, Names, phrase
from workflows.rules.tree import All, AnyOf, Leaf, Node, Not, NotGranted
from workflows.rules.why import LeafState

States = Mapping[Leaf, LeafState]

NOT = {Language.JA: "「{}」に当たらない", Language.EN: "not: {}"}
INTRODUCTION = {
    Language.JA: "次のことから、この制度を使えるかもしれない方にお知らせしています。",
    Language.EN: "You are told of this program because you may be eligible:",
}


@dataclass(frozen=True)
class Decider:
    """A condition that decided; `holds` is False where its opposite was asked for."""

    leaf: Leaf
    holds: bool


def deciders(node: Node, states: States) -> list[Decider]:
    """Give the conditions that made the rule true or false, or, where it is neither, those that left it open."""
    truth = _truth(node, states)
    found = _open(node, states) if truth is None else _settling(node, states, wanted=truth)
    return list(dict.fromkeys(found))


def verdict_by(node: Node, states: States) -> Verdict:
    """Give the verdict that a rule comes to by the states of its conditions."""
    truth = _truth(node, states)
    if truth is not None:
        return Verdict.ELIGIBLE if truth else Verdict.NOT_ELIGIBLE
    masked = any(states[decider.leaf] is LeafState.MASKED for decider in _open(node, states))
    return Verdict.NO_CONSENT if masked else Verdict.UNKNOWN


def resident_reasons(node: Node, states: States, names: Names, language: Language = Language.JA) -> list[str]:
    """Say to a resident why the notice came; sensitive facts in their neutral words, each once.

    Raises ValueError where the rule does not apply: nobody is told why they were not told.
    """
    if _truth(node, states) is not True:
        raise ValueError("the rule does not apply to this resident")
    said = [_to_resident(decider, names, language) for decider in deciders(node, states)]
    return list(dict.fromkeys(said))


def _to_resident(decider: Decider, names: Names, language: Language) -> str:
    sensitive = [
        fact for fact in map(names.vocabulary.held_in, facts_of(decider.leaf)) if fact is not None and fact.sensitive
    ]
    if sensitive:
        return sensitive[0].neutral_ja if language is Language.JA else sensitive[0].neutral_en
    said = phrase(decider.leaf, names, language)
    # What somebody has not been granted yet says of itself that it is a no.
    return said if decider.holds or isinstance(decider.leaf, NotGranted) else NOT[language].format(said)


def _truth(node: Node, states: States) -> bool | None:
    if isinstance(node, Not):
        part = _truth(node.part, states)
        return None if part is None else not part
    if isinstance(node, All | AnyOf):
        settles = isinstance(node, AnyOf)
        parts = [_truth(part, states) for part in node.parts]
        return settles if settles in parts else None if None in parts else not settles
    return {LeafState.TRUE: True, LeafState.FALSE: False}.get(states[node])


def _settling(node: Node, states: States, *, wanted: bool) -> Iterator[Decider]:
    """Give the conditions by which a part came to what is wanted."""
    if isinstance(node, Not):
        yield from _settling(node.part, states, wanted=not wanted)
    elif isinstance(node, All | AnyOf):
        for part in node.parts:
            if _truth(part, states) is wanted:
                yield from _settling(part, states, wanted=wanted)
    else:
        yield Decider(node, wanted)


def _open(node: Node, states: States) -> Iterator[Decider]:
    if isinstance(node, Not):
        yield from _open(node.part, states)
    elif isinstance(node, All | AnyOf):
        for part in node.parts:
            if _truth(part, states) is None:
                yield from _open(part, states)
    else:
        yield Decider(node, holds=False)
