"""What may anyone read of programs without signing in? The public part of those in force, as JSON.

Open only where the installation says so; it changes nothing and knows no one.
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Self
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from backoffice.identity import Actor, Origin
from backoffice.programs import public_part
from backoffice.programs.publishing import published, published_program
from backoffice.web.public_json import Problem, PublicRoute, shared
from backoffice.work import Office

PROGRAMS = "/api/public/programs"
LAST_PAGE = 10_000
MOST_A_PAGE = 100

SpokenLanguage = public_part.SpokenLanguage
Lang = Annotated[
    SpokenLanguage,
    Query(description="読みたい言語。ない項目は日本語で返します / language wanted; what it lacks comes in ja"),
]

public = APIRouter(route_class=PublicRoute)


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Model):
    """Words and the language they are in: `easy` is やさしい日本語."""

    lang: SpokenLanguage
    text: str

    @classmethod
    def of(cls, text: public_part.Text, lang: SpokenLanguage) -> Self:
        language, words = text.in_language(lang)
        return cls(lang=language, text=words)


class Code(Model):
    """A choice from a closed list: its code and what it is called."""

    code: str
    name: Words

    @classmethod
    def of(cls, coded: public_part.Coded, lang: SpokenLanguage) -> Self:
        return cls(code=coded.code, name=Words.of(coded.name, lang))


class Program(Model):
    """The public part of a program (制度) in force. What is plain text here is written in Japanese only."""

    number: str = Field(description="制度番号")
    predecessor: str | None = Field(description="元制度番号: the program of the year before")
    version: int
    effective_from: date = Field(description="この版が有効になった日 / in force since")
    owner: list[str] = Field(description="所管組織。市から課まで / from the city down to the section")
    name: Words
    summary: Words
    purpose: str
    legal_basis: str
    category: Code
    life_events: list[Code]
    audience: Words | None = Field(
        description="対象となる人。公開しない制度では null / whom it is for, null if not public"
    )
    starts: date = Field(description="受付を始める日 / applications from")
    ends: date | None = Field(description="受付を終える日 / applications until, that day included")
    amount: str = Field(description="支給額・内容 / amount or benefit")
    ways: list[Code] = Field(description="申込みの方法 / how to apply")
    url: str | None
    counter: str | None
    telephone: str | None
    documents: list[str]
    languages: list[SpokenLanguage] = Field(description="名称と説明が書かれている言語 / languages written")

    @classmethod
    def of(cls, program: public_part.PublicProgram, lang: SpokenLanguage) -> Self:
        return cls(
            number=program.number,
            predecessor=program.predecessor or None,
            version=program.version,
            effective_from=program.effective_from,
            owner=[each.name for each in program.owner],
            name=Words.of(program.name, lang),
            summary=Words.of(program.summary, lang),
            purpose=program.purpose,
            legal_basis=program.legal_basis,
            category=Code.of(program.category, lang),
            life_events=[Code.of(each, lang) for each in program.life_events],
            audience=None if program.audience is None else Words.of(program.audience, lang),
            starts=program.starts,
            ends=program.ends,
            amount=program.amount,
            ways=[Code.of(each, lang) for each in program.ways],
            url=program.url or None,
            counter=program.counter or None,
            telephone=program.telephone or None,
            documents=list(program.documents),
            languages=program.languages,
        )


class ProgramList(Model):
    """A page of the programs in force, by number."""

    total: int
    page: int
    per_page: int
    next: str | None = Field(description="次のページ。なければ null / the next page, null at the end")
    programs: list[Program]


REFUSALS: dict[int | str, dict[str, object]] = {
    304: {"description": "変わっていない / not modified since the ETag in If-None-Match"},
    404: {"description": "ない、または公開していない / not there, or not open", "model": Problem},
    422: {"description": "値が読めない / a value cannot be understood", "model": Problem},
}


@public.get(PROGRAMS, response_model=ProgramList, responses=REFUSALS, operation_id="listPrograms")
def list_programs(
    request: Request,
    lang: Lang = "ja",
    page: Annotated[int, Query(ge=1, le=LAST_PAGE)] = 1,
    per_page: Annotated[int, Query(ge=1, le=MOST_A_PAGE)] = 50,
) -> Response:
    """今日有効な制度の公開部分 / the public part of the programs in force today."""
    office: Office = request.app.state.office
    with office.look(Actor.house(Origin.PAGE)) as work:
        found = published(work)
    here = found[(page - 1) * per_page : page * per_page]
    following = _page_after(lang, page, per_page) if page * per_page < len(found) else None
    return shared(
        request,
        ProgramList(total=len(found), page=page, per_page=per_page, next=following, programs=_told(here, lang)),
    )


@public.get(PROGRAMS + "/{number}", response_model=Program, responses=REFUSALS, operation_id="getProgram")
def one_program(
    request: Request, number: Annotated[str, Path(max_length=40, description="制度番号")], lang: Lang = "ja"
) -> Response:
    """1つの制度の公開部分 / the public part of one program."""
    office: Office = request.app.state.office
    with office.look(Actor.house(Origin.PAGE)) as work:
        found = published_program(work, number)
    return shared(request, Program.of(found, lang))


@public.get("/api/public/openapi.json", include_in_schema=False)
def openapi() -> Response:
    """Describe this interface for programs that write programs."""
    described = get_openapi(
        title="Gijo public programs",
        version="1",
        openapi_version="3.1.0",
        description="市の制度の公開部分(読取専用) / the public part of the city's programs, read only",
        routes=public.routes,
    )
    return JSONResponse(described)


def _told(programs: Sequence[public_part.PublicProgram], lang: SpokenLanguage) -> list[Program]:
    return [Program.of(each, lang) for each in programs]


def _page_after(lang: SpokenLanguage, page: int, per_page: int) -> str:
    return f"{PROGRAMS}?{urlencode({'lang': lang, 'page': page + 1, 'per_page': per_page})}"
