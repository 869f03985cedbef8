"""What does a machine of another system send for a form? Records, one a call; it reads only what the form asks."""

from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field, RootModel, StrictBool, StrictInt, StrictStr

from backoffice.clients.gate import Calling, Looking, MachineRouter
from backoffice.clients.once import Answer, OnlyOnce
from backoffice.clients.scopes import Scope
from backoffice.records import sending
from backoffice.records.matching import askable
from backoffice.web.answers_in import sentence
from backoffice.web.problem_json import language_of
from backoffice.web.translations import speaking
from backoffice.work import Work
from forms.json_schema import json_schema

machines = MachineRouter()


class SchemaOut(RootModel[dict[str, Any]]):
    """JSON Schema (2020-12) of the answers."""


class RecordIn(RootModel[dict[str, StrictStr | StrictBool | StrictInt | None]]):
    """Answers by key, as `/forms/{code}/schema` says."""


class RecordOut(BaseModel):
    model_config = ConfigDict(extra="forbid")

    number: str = Field(description="受付番号 / the number of the record")
    form_version: int
    to_look_at: list[str] = Field(
        description="受け付けたうえで、人が確かめる点 / kept, yet to be looked at by a person"
    )


@machines.look("/forms/{code}/schema", Scope.FORMS, SchemaOut)
def schema(work: Looking, caller: Calling, code: str) -> Response:
    """様式が尋ねること。版が変わると変わる / what the form asks now; a new version may ask something else."""
    _sender, definition = sending.form_for(work.session, caller.client_id, code)
    said = json_schema(definition)
    kept = {question.key for question in askable(definition)}
    said["properties"] = {key: shape for key, shape in said["properties"].items() if key in kept}
    said["x-gijo-version"] = definition.version
    return Response(SchemaOut(said).model_dump_json(), media_type="application/schema+json")


@machines.act("/forms/{code}/records", Scope.FORMS, RecordOut, status=HTTPStatus.CREATED)
def send(request: Request, once: OnlyOnce, caller: Calling, code: str, body: RecordIn) -> Response:
    """1件を送る。規則に合わなければ何も残らない / send one record; of one that breaks a rule nothing is kept."""

    def act(work: Work) -> Answer:
        record, checked = sending.take(work, code, caller.client_id, body.root)
        asking = [sentence(problem) for problem in checked.asking]
        said = RecordOut(number=record.number, form_version=record.form_version, to_look_at=asking)
        return Answer(said, HTTPStatus.CREATED)

    with speaking(language_of(request)):
        return once.do(act)
