"""Does everything that staff read stand in the English catalogue, and nothing else?

Run as `python -m backoffice.web.translation_check` (exit 1: a finding); with `--add` missing sentences are written
into the catalogue, yet to be translated, and those that nobody says any more are taken out.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

from backoffice import errors
from backoffice.identity.permissions import ROLE_NAMES
from backoffice.web.translations import CATALOGUE
from ocr.advice import ADVICE
from ocr.refusal import REASONS
from workflows.notices.findings import ALL_WORDING_SENTENCES
from workflows.routes import ALL_MESSAGES
from workflows.rules.findings import ALL_SENTENCES

ROOM = Path(__file__).resolve().parents[1]
SPEAKS_JAPANESE_ONLY = frozenset({"cli", "demo", "setup"})
"""Rooms whose sentences are for operators and never pass through the catalogue."""
SAID_BELOW_THE_WEB = (
    *ROLE_NAMES.values(),
    *REASONS.values(),
    *ADVICE.values(),
    *ALL_MESSAGES,
    *(sentence.message for sentence in ALL_SENTENCES),
    *(sentence.message for sentence in ALL_WORDING_SENTENCES),
)
"""Tables of sentences in rooms that know no translation."""
MARKS = frozenset({"_"}) | {name for name, found in vars(errors).items() if isinstance(found, type)}
"""A sentence is marked by `_`, or is the first argument of a refusal."""

JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
NAMES = re.compile(r"%\((\w+)\)")


def sentences_of_python(source: str) -> Iterator[str]:
    """Give the marked sentences of a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def sentences_of_template(source: str) -> Iterator[str]:
    """Give the marked sentences of a template. Raises jinja2.TemplateSyntaxError for one that does not parse."""
    for call in Environment(autoescape=True).parse(source).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "_" and call.args:
            first = call.args[0]
            if isinstance(first, nodes.Const) and isinstance(first.value, str):
                yield first.value


def sentences_in_use() -> set[str]:
    """Give all sentences that pages, refusals and events may say."""
    found = set(SAID_BELOW_THE_WEB)
    for path in ROOM.rglob("*"):
        if path.relative_to(ROOM).parts[0] in SPEAKS_JAPANESE_ONLY:
            continue
        if path.suffix == ".py":
            found.update(sentences_of_python(path.read_text("utf-8")))
        elif path.suffix == ".html":
            found.update(sentences_of_template(path.read_text("utf-8")))
    return {sentence for sentence in found if sentence}


def read_catalogue(path: Path = CATALOGUE) -> dict[str, str]:
    """Give sentence and translation, also of those not translated yet (an empty text)."""
    with path.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, locale="en") if message.id}


def findings(used: Iterable[str], english: Mapping[str, str]) -> list[str]:
    """Say what is wrong, a line each; none where every sentence has its one good translation."""
    used = set(used)
    found = [f"no Japanese in the sentence: {said}" for said in sorted(used) if not JAPANESE.search(said)]
    found += [f"not in the catalogue: {said}" for said in sorted(used - set(english))]
    found += [f"nobody says this any more: {said}" for said in sorted(set(english) - used)]
    for said in sorted(used & set(english)):
        found += [f"{trouble}: {said}" for trouble in _troubles(said, english[said])]
    return found


def _troubles(said: str, translated: str) -> Iterator[str]:
    if not translated:
        yield "not translated"
    elif sorted(set(NAMES.findall(said))) != sorted(set(NAMES.findall(translated))):
        yield "other %(names)s in English"
    elif JAPANESE.search(translated):
        yield "Japanese in the English"


def write_catalogue(used: Iterable[str], english: Mapping[str, str], path: Path = CATALOGUE) -> None:
    """Write the catalogue anew, sorted: what is said and only that, known translations kept."""
    catalogue = Catalog(locale="en")
    for said in used:
        catalogue.add(said, english.get(said, ""))
    with path.open("wb") as file:
        write_po(file, catalogue, sort_output=True, omit_header=True, width=0)


def main(words: list[str]) -> int:
    """Check, or add what is missing. Give the exit code."""
    if words == ["--add"]:
        write_catalogue(sentences_in_use(), read_catalogue())
        return 0
    found = findings(sentences_in_use(), read_catalogue())
    sys.stdout.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
