"""How are counts said by machines, and to them?"""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from backoffice.crowding.workflow import MOST_READINGS, MOST_WAITING, Counter

Ward = Literal["higashi", "hakata", "chuo", "minami", "jonan", "sawara", "nishi"]
Picture = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]{7,63}$")]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ReadingIn(Model):
    ward: Ward
    counter: Counter
    waiting: Annotated[int, Field(ge=0, le=MOST_WAITING, description="待っている人数")]
    counted_at: AwareDatetime
    picture: Picture | None = Field(
        default=None, description="匿名化した画像の、そちらでの呼び名。画像そのものや場所(URL)は送らない"
    )


class ReadingsIn(Model):
    readings: list[ReadingIn] = Field(min_length=1, max_length=MOST_READINGS)


class ReadingsOut(Model):
    """The same whether they are new or were kept already."""

    received: int


class CounterNow(Model):
    """`waiting` and `picture` only while they are fresh."""

    counter: Counter
    name: str
    waiting: int | None
    picture: str | None
    counted_at: AwareDatetime
    minutes_ago: int
    stale: bool


class WardNow(Model):
    ward: Ward
    name: str
    counters: list[CounterNow]


class CrowdingOut(Model):
    stale_after_minutes: int
    wards: list[WardNow]
