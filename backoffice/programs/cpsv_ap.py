"""How do programs read in the words of CPSV-AP 3.2 (the European profile for public services)? As JSON-LD.

The context stands in the document, so that whoever reads it asks no network. Code lists (languages, categories, ways
to apply) come with their type: the shapes of CPSV-AP look for it.
"""

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from backoffice.programs.public_part import Coded, Organisation, PublicProgram, SpokenLanguage, Text

NOWHERE = "https://gijo.invalid"
"""Stands for the installation's address where none is set: names need one, and this belongs to nobody (RFC 2606)."""
CITY_CODE = "401307"
"""全国地方公共団体コード of 福岡市."""
EU = "http://publications.europa.eu/resource/authority/language"
LANGUAGE_TAGS: dict[SpokenLanguage, str] = {"ja": "ja", "easy": "ja-x-easy", "en": "en"}
"""やさしい日本語 has no tag of its own; `x` marks one by agreement (BCP 47)."""
LANGUAGE_CODES: dict[SpokenLanguage, str] = {"ja": f"{EU}/JPN", "easy": f"{EU}/JPN", "en": f"{EU}/ENG"}
LANGUAGE_NAMES = {f"{EU}/JPN": Text("日本語", en="Japanese"), f"{EU}/ENG": Text("英語", en="English")}

CITY = "#city"

Node = dict[str, object]

LINK = {"@type": "@id"}
IN_WORDS = {"@container": "@language"}
DAY = "http://www.w3.org/2001/XMLSchema#date"
CONTEXT: Node = {
    "@version": 1.1,
    "adms": "http://www.w3.org/ns/adms#",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "id": "@id",
    "type": "@type",
    "identifier": "dct:identifier",
    "title": {"@id": "dct:title", **IN_WORDS},
    "description": {"@id": "dct:description", **IN_WORDS},
    "prefLabel": {"@id": "skos:prefLabel", **IN_WORDS},
    "notation": "skos:notation",
    "kind": {"@id": "dct:type", **LINK},
    "language": {"@id": "dct:language", **LINK},
    "spatial": {"@id": "dct:spatial", **LINK},
    "temporal": {"@id": "dct:temporal", **LINK},
    "startDate": {"@id": "dcat:startDate", "@type": DAY},
    "endDate": {"@id": "dcat:endDate", "@type": DAY},
    "issued": {"@id": "dct:issued", "@type": DAY},
    "version": "owl:versionInfo",
    "replaces": {"@id": "dct:replaces", **LINK},
    "hasCompetentAuthority": {"@id": "cv:hasCompetentAuthority", **LINK},
    "subOrganizationOf": {"@id": "org:subOrganizationOf", **LINK},
    "hasLegalResource": {"@id": "cv:hasLegalResource", **LINK},
    "thematicArea": {"@id": "cv:thematicArea", **LINK},
    "isGroupedBy": {"@id": "cv:isGroupedBy", **LINK},
    "hasChannel": {"@id": "cv:hasChannel", **LINK},
    "ownedBy": {"@id": "cv:ownedBy", **LINK},
    "page": {"@id": "foaf:page", **LINK},
    "contactPoint": {"@id": "cv:contactPoint", **LINK},
    "telephone": "cv:telephone",
    "produces": {"@id": "cpsv:produces", **LINK},
    "hasInputType": {"@id": "cv:hasInputType", **LINK},
    "follows": {"@id": "cpsv:follows", **LINK},
    "implements": {"@id": "cpsv:implements", **LINK},
}


def document(programs: Sequence[PublicProgram], public_address: str) -> Node:
    """Give the JSON-LD document of programs, each thing in it named below the installation's address."""
    nodes = {str(node["id"]): node for program in programs for node in _nodes_of(program)}
    base = f"{public_address or NOWHERE}/api/public/programs"
    return {"@context": {"@base": base, **CONTEXT}, "@graph": list(nodes.values())}


def address_of(number: str) -> str:
    """Give the name of a program, below the document's base."""
    return f"programs/{quote(number, safe='')}"


def _nodes_of(program: PublicProgram) -> Iterator[Node]:
    """Give everything that is said of one program; what several programs share is said again in the same words."""
    yield _service(program)
    yield _node(_part(program, "law"), "eli:LegalResource", title={"ja": program.legal_basis})
    yield _node(
        _part(program, "output"), "cv:Output", identifier=_part(program, "output"), title={"ja": program.amount}
    )
    yield _period(program)
    yield from _evidence(program)
    yield from _channels(program)
    yield from _contact(program)
    yield from _rule(program)
    yield from _organisations(program.owner)
    yield from map(_life_event, program.life_events)
    yield from map(_language, sorted({LANGUAGE_CODES[each] for each in program.languages}))
    yield _concept("category", program.category)
    yield from (_concept("channel", way) for way in program.ways)


def _service(program: PublicProgram) -> Node:
    replaces: Node = {"replaces": address_of(program.predecessor)} if program.predecessor else {}
    said: Node = {
        "identifier": program.number,
        "version": str(program.version),
        "issued": program.effective_from.isoformat(),
        "title": _tagged(program.name),
        "description": _tagged(program.summary),
        "language": sorted({LANGUAGE_CODES[each] for each in program.languages}),
        "spatial": CITY,
        "hasCompetentAuthority": _organisation_id(program.owner[-1]),
        "hasLegalResource": _part(program, "law"),
        "thematicArea": _concept_id("category", program.category),
        "isGroupedBy": [_concept_id("event", each) for each in program.life_events],
        "temporal": _part(program, "period"),
        "produces": _part(program, "output"),
        "hasChannel": [node["id"] for node in _channels(program)],
        "contactPoint": [node["id"] for node in _contact(program)],
        "hasInputType": [node["id"] for node in _evidence(program)],
        "follows": [node["id"] for node in _rule(program)],
    }
    return _node(address_of(program.number), "cpsv:PublicService", **said, **replaces)


def _period(program: PublicProgram) -> Node:
    ends = {"endDate": program.ends.isoformat()} if program.ends else {}
    return _node(_part(program, "period"), "dct:PeriodOfTime", startDate=program.starts.isoformat(), **ends)


def _evidence(program: PublicProgram) -> Iterator[Node]:
    """Give the documents that an applicant brings, in the order of the sheet."""
    for place, words in enumerate(program.documents, start=1):
        me = _part(program, f"document-{place}")
        yield _node(me, "cv:EvidenceType", identifier=me, title={"ja": words})


def _channels(program: PublicProgram) -> Iterator[Node]:
    for way in program.ways:
        me = _part(program, f"channel-{way.code}")
        where: Node = {}
        if way.code == "online" and program.url:
            where = {"page": program.url}
        if way.code == "counter" and program.counter:
            where = {"description": {"ja": program.counter}}
        owner = _organisation_id(program.owner[-1])
        yield _node(me, "cv:Channel", identifier=me, kind=_concept_id("channel", way), ownedBy=owner, **where)


def _contact(program: PublicProgram) -> Iterator[Node]:
    if program.telephone:
        yield _node(_part(program, "contact"), "cv:ContactPoint", telephone=program.telephone)


def _rule(program: PublicProgram) -> Iterator[Node]:
    """Give whom the program is for, where everybody may read it."""
    if program.audience is None:
        return
    me = _part(program, "rule")
    yield _node(
        me,
        "cpsv:Rule",
        identifier=me,
        title={"ja": "対象となる人", "en": "Whom it is for"},
        description=_tagged(program.audience),
        implements=_part(program, "law"),
    )


def _organisations(owner: Sequence[Organisation]) -> Iterator[Node]:
    """Give the 課 and all above it; the shapes want to know of each which place it serves."""
    for place, each in enumerate(owner):
        above: Node = {"subOrganizationOf": _organisation_id(owner[place - 1])} if place else {}
        said = {"identifier": _organisation_id(each), "prefLabel": {"ja": each.name}, "spatial": CITY}
        yield _node(_organisation_id(each), "cv:PublicOrganisation", "org:Organization", **said, **above)
    yield _node(CITY, "dct:Location", identifier=CITY_CODE, title={"ja": owner[0].name})


def _life_event(event: Coded) -> Node:
    said = {"identifier": event.code, "title": _tagged(event.name)}
    return _node(_concept_id("event", event), "cv:Event", "cv:LifeEvent", **said)


def _language(address: str) -> Node:
    return _node(address, "dct:LinguisticSystem", prefLabel=_tagged(LANGUAGE_NAMES[address]))


def _concept(scheme: str, coded: Coded) -> Node:
    return _node(_concept_id(scheme, coded), "skos:Concept", notation=coded.code, prefLabel=_tagged(coded.name))


def _concept_id(scheme: str, coded: Coded) -> str:
    return f"#{scheme}-{coded.code}"


def _organisation_id(organisation: Organisation) -> str:
    return f"#organisation-{organisation.id}"


def _part(program: PublicProgram, name: str) -> str:
    return f"{address_of(program.number)}#{name}"


def _tagged(text: Text) -> dict[str, str]:
    return {LANGUAGE_TAGS[language]: words for language, words in text.written.items()}


def _node(address: str, *types: str, **said: object) -> Node:
    """Give one thing with what is said of it, leaving out what there is nothing to say about."""
    return {"id": address, "type": list(types), **{word: value for word, value in said.items() if value}}
