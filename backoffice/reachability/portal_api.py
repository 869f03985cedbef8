"""What does the portal ask of stops? A person who signed in there sees and changes what they receive, by topic."""

from fastapi import Response
from pydantic import BaseModel, Field

from backoffice.clients.gate import Changing, Looking, MachineRouter, answer
from backoffice.clients.scopes import Scope
from backoffice.consents.portal import registrant_of
from backoffice.consents.portal_said import Model, Person
from backoffice.consents.workflow import ChannelKind
from backoffice.reachability import queries, stopping
from backoffice.reachability.workflow import EVERYTHING, TOPIC_NAMES, AddressState, StopWay, Topic
from backoffice.web.translations import speaking, translate
from backoffice.work import Work

machines = MachineRouter()


class StopsOf(Model):
    person: Person


class StopsIn(Model):
    person: Person
    everything: bool = Field(description="市からのお知らせをすべて止める")
    topics: list[Topic] = Field(max_length=len(Topic), description="止める種類。ここにない種類は、また受け取ります")


class TopicOut(BaseModel):
    code: Topic
    ja: str
    en: str
    stopped: bool


class ChannelState(BaseModel):
    kind: ChannelKind
    state: AddressState = Field(description="alive のほかは、登録し直すまで送りません。blocked は LINE のブロックです")


class StopsOut(BaseModel):
    everything: bool
    topics: list[TopicOut]
    channels: list[ChannelState]


@machines.look("/portal/notices/stops", Scope.PORTAL, StopsOut, posted=True)
def stops(work: Looking, body: StopsOf) -> Response:
    """止めたお知らせと、届け先の状態 / what a person stopped, and whether they can be reached."""
    return answer(_said(work, registrant_of(work, body.person.visitor).id))


@machines.put("/portal/notices/stops", Scope.PORTAL, StopsOut)
def settle(work: Changing, body: StopsIn) -> Response:
    """止めるお知らせを、この内容にする / stop exactly these, and receive the others again."""
    registrant = registrant_of(work, body.person.visitor, locked=True)
    wanted = {*body.topics, *([EVERYTHING] if body.everything else ())}
    stopping.settle(work, registrant.id, wanted, StopWay.PORTAL)
    return answer(_said(work, registrant.id))


def _said(work: Work, registrant_id: int) -> StopsOut:
    stopped = {each.topic for each in queries.stops_of(work.session, registrant_id)}
    with speaking("en"):
        english = {topic: translate(name) for topic, name in TOPIC_NAMES.items()}
    return StopsOut(
        everything=EVERYTHING in stopped,
        topics=[
            TopicOut(code=topic, ja=name, en=english[topic], stopped=topic in stopped)
            for topic, name in TOPIC_NAMES.items()
        ],
        channels=[
            ChannelState(kind=ChannelKind(each.channel.kind), state=each.state)
            for each in queries.channels_seen(work.session, registrant_id)
        ],
    )
