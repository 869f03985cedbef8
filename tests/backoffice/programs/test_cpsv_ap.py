"""Does the JSON-LD say what CPSV-AP 3.2 asks for? Its own shapes and its own context are the judges.

They are other people's data, beside the checkout; without them these tests are skipped.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pyshacl import validate
from rdflib import Graph, Literal, Namespace
from rdflib.namespace import DCTERMS, RDF

from backoffice.programs.cpsv_ap import CONTEXT, document
from backoffice.programs.public_part import CATEGORIES, EVENTS, WAYS, Organisation, PublicProgram, Text
from tests.architecture.sources import ROOT
from tests.backoffice.programs.offices import Office
from tests.backoffice.programs.test_publishing import in_force

STANDARD = ROOT.parent / "shared" / "data" / "standards" / "cpsv-ap"
with_the_standard = pytest.mark.skipif(
    not STANDARD.is_dir(), reason="the shapes of CPSV-AP are not in ../shared/data/standards beside the checkout"
)
# rdflib's own parser of JSON-LD still stands on a class that rdflib calls outdated.
pytestmark = pytest.mark.filterwarnings("ignore:(ConjunctiveGraph|Dataset):DeprecationWarning")
CPSV, CV = Namespace("http://purl.org/vocab/cpsv#"), Namespace("http://data.europa.eu/m8g/")

SCREENING = PublicProgram(
    number="R8-制度-0001",
    predecessor="R7-制度-0009",
    version=2,
    effective_from=date(2026, 11, 24),
    owner=[Organisation(1, "福岡市"), Organisation(2, "保健医療局"), Organisation(3, "健康増進課")],
    name=Text("乳がん検診", "にゅうがん けんしん", "Breast cancer screening"),
    summary=Text("40歳以上の女性は受けられます。", en="For women aged 40 and over."),
    purpose="早く見つけるため。",
    legal_basis="健康増進法 第17条の2",
    category=CATEGORIES["health"],
    life_events=[EVENTS["event_illness"], EVENTS["event_old_age"]],
    audience=Text("性別が女性", en="sex is female"),
    starts=date(2026, 12, 1),
    ends=date(2027, 3, 31),
    amount="自己負担1,300円",
    ways=list(WAYS.values()),
    url="https://city.example/kenshin?no=1",
    counter="各区保健福祉センター",
    telephone="092-711-4111",
    documents=["健康保険証", "受診券"],
)
BARE = replace(
    SCREENING,
    number="R8-制度-0002",
    predecessor="",
    name=Text("見守り"),
    summary=Text("見守ります。"),
    life_events=[],
    audience=None,
    ends=None,
    ways=[WAYS["by_post"]],
    url="",
    counter="",
    telephone="",
    documents=[],
)


def graph_of(found: dict[str, Any]) -> Graph:
    return Graph().parse(data=json.dumps(found), format="json-ld")


def complaints(found: dict[str, Any]) -> str:
    """What the shapes say against a document; "" where they have nothing to say."""
    shapes = Graph().parse(STANDARD / "cpsv-ap-SHACL.ttl", format="turtle")
    conforms, _report, said = validate(graph_of(found), shacl_graph=shapes, inference="none")
    return "" if conforms else said


@with_the_standard
@pytest.mark.parametrize("programs", [[SCREENING], [BARE], [SCREENING, BARE], []])
def test_the_document_passes_the_shapes_of_the_standard(programs):
    assert complaints(document(programs, "https://gijo.city.example")) == ""


def without(word: str) -> Callable[[dict[str, Any]], None]:
    def spoil(service: dict[str, Any]) -> None:
        del service[word]

    return spoil


def with_(word: str, value: object) -> Callable[[dict[str, Any]], None]:
    def spoil(service: dict[str, Any]) -> None:
        service[word] = value

    return spoil


@with_the_standard
@pytest.mark.parametrize(
    "spoil",
    [
        without("identifier"),
        without("title"),
        without("description"),
        without("hasCompetentAuthority"),
        with_("hasCompetentAuthority", "#category-health"),
        with_("thematicArea", "#category-unheard-of"),
        with_("language", "http://publications.europa.eu/resource/authority/language/DEU"),
        with_("identifier", ["R8-制度-0001", "R8-制度-0002"]),
        with_("hasChannel", "#organisation-3"),
    ],
)
def test_the_shapes_refuse_a_document_that_lacks_or_confuses_something(spoil):
    found = json.loads(json.dumps(document([SCREENING], "")))
    spoil(next(node for node in found["@graph"] if "cpsv:PublicService" in node["type"]))

    assert "Constraint Violation" in complaints(found)


@with_the_standard
def test_a_code_without_its_type_is_refused():
    found = json.loads(json.dumps(document([SCREENING], "")))
    next(node for node in found["@graph"] if node["id"] == "#channel-post")["type"] = []

    assert "Constraint Violation" in complaints(found)


@with_the_standard
def test_every_word_of_european_vocabulary_is_one_that_the_standard_knows():
    official = (STANDARD / "cpsv-ap.jsonld").read_text("utf-8")
    used = {term["@id"] if isinstance(term, dict) else str(term) for term in CONTEXT.values()}
    european = {word for word in used if word.startswith(("cv:", "cpsv:"))}

    unknown = {word for word in european if f'"{in_full(word)}"' not in official}

    assert len(european) >= 10
    assert unknown == set()


def in_full(word: str) -> str:
    prefix, _, name = word.partition(":")
    return f"{CONTEXT[prefix]}{name}"


def test_what_a_reader_of_triples_finds():
    graph = graph_of(document([SCREENING], "https://gijo.city.example"))

    (service,) = graph.subjects(RDF.type, CPSV.PublicService)
    assert str(service) == "https://gijo.city.example/api/public/programs/R8-%E5%88%B6%E5%BA%A6-0001"
    assert set(graph.objects(service, DCTERMS.title)) == {
        Literal("乳がん検診", lang="ja"),
        Literal("にゅうがん けんしん", lang="ja-x-easy"),
        Literal("Breast cancer screening", lang="en"),
    }
    (replaced,) = graph.objects(service, DCTERMS.replaces)
    assert str(replaced).endswith("/api/public/programs/R7-%E5%88%B6%E5%BA%A6-0009")
    assert len(list(graph.objects(service, CV.isGroupedBy))) == 2
    assert len(list(graph.subjects(RDF.type, CV.Channel))) == 4
    assert len(list(graph.subjects(RDF.type, CV.PublicOrganisation))) == 3


def test_where_no_address_is_set_names_belong_to_nobody():
    graph = graph_of(document([SCREENING], ""))

    (service,) = graph.subjects(RDF.type, CPSV.PublicService)
    assert str(service).startswith("https://gijo.invalid/")


def test_the_rule_is_left_out_where_its_reason_is_veiled():
    graph = graph_of(document([replace(SCREENING, audience=None)], ""))

    assert list(graph.subjects(RDF.type, CPSV.Rule)) == []


@with_the_standard
def test_what_staff_download_passes_the_shapes(office: Office):
    in_force(office)

    answer = office.visit().get("/programs/export.jsonld")

    assert answer.response.headers["content-type"] == "application/ld+json"
    assert complaints(json.loads(answer.text)) == ""
    assert "乳がん検診" in answer.text
