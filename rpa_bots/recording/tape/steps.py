"""What can a recording hold? The steps of the browser's Recorder ("UserFlow" JSON), as types.

Source of the format: the schema of @puppeteer/replay 3.1.3, the Recorder's own runner; what it refuses is refused here.
A click without offsets is taken (the middle is meant), since people mend recordings by hand.
"""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

Chain: TypeAlias = tuple[str, ...]
"""One way to an element: its own selector, behind those of ancestors and shadow hosts."""
MilliSeconds = Annotated[int, Field(ge=1, le=30_000)]


def _as_chain(given: object) -> object:
    """A way of one part may stand alone; what a validator hands on, strict types take as a tuple."""
    if isinstance(given, list):
        return tuple(given)
    return (given,) if isinstance(given, str) else given


OneWay = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=1), BeforeValidator(_as_chain)]
Alternatives = Annotated[tuple[OneWay, ...], Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, alias_generator=to_camel, extra="ignore")


class Navigation(_Part):
    """What the Recorder saw happen after a step."""

    type: Literal["navigation"]
    url: str | None = None
    title: str | None = None


class _Step(_Part):
    timeout: MilliSeconds | None = None
    asserted_events: tuple[Navigation, ...] = ()
    target: str = "main"
    """`main`, or the exact address of a popup or of a frame with a process of its own."""


class _InFrame(_Step):
    frame: tuple[Annotated[int, Field(ge=0)], ...] = ()
    """The place of a frame among its parent's children, from the outermost in."""


class _OnElement(_InFrame):
    selectors: Alternatives


class Navigate(_Step):
    type: Literal["navigate"]
    url: str


class SetViewport(_Step):
    type: Literal["setViewport"]
    width: Annotated[int, Field(ge=1, le=10_000)]
    height: Annotated[int, Field(ge=1, le=10_000)]
    device_scale_factor: float
    is_mobile: bool
    has_touch: bool
    is_landscape: bool


class _Pressed(_OnElement):
    offset_x: float | None = None
    offset_y: float | None = None
    duration: float | None = None
    """How long the button stays down, in milliseconds."""
    device_type: Literal["mouse", "pen", "touch"] = "mouse"
    button: Literal["primary", "auxiliary", "secondary", "back", "forward"] = "primary"


class Click(_Pressed):
    type: Literal["click"]


class DoubleClick(_Pressed):
    type: Literal["doubleClick"]


class Hover(_OnElement):
    type: Literal["hover"]


class Close(_Step):
    type: Literal["close"]


class Change(_OnElement):
    type: Literal["change"]
    value: str


class KeyDown(_Step):
    type: Literal["keyDown"]
    key: Annotated[str, Field(min_length=1)]


class KeyUp(_Step):
    type: Literal["keyUp"]
    key: Annotated[str, Field(min_length=1)]


class Scroll(_InFrame):
    type: Literal["scroll"]
    x: float = 0
    y: float = 0
    selectors: Alternatives | None = None


class EmulateNetworkConditions(_Step):
    type: Literal["emulateNetworkConditions"]
    download: float
    upload: float
    latency: float


class WaitForElement(_OnElement):
    type: Literal["waitForElement"]
    operator: Literal[">=", "==", "<="] = ">="
    count: Annotated[int, Field(ge=0)] = 1
    visible: bool = True
    properties: dict[str, Any] = Field(default_factory=dict)
    attributes: dict[str, str] = Field(default_factory=dict)


class WaitForExpression(_InFrame):
    type: Literal["waitForExpression"]
    expression: str


class CustomStep(_InFrame):
    """A step of somebody's own: skipped, as the Recorder's runner does, but for those that `submit_step` knows."""

    type: Literal["customStep"]
    name: str
    parameters: Any = None


OnElement: TypeAlias = Click | DoubleClick | Hover | Change | WaitForElement
Step: TypeAlias = (
    OnElement
    | Navigate
    | SetViewport
    | Close
    | KeyDown
    | KeyUp
    | Scroll
    | EmulateNetworkConditions
    | WaitForExpression
    | CustomStep
)


class Recording(_Part):
    title: str
    timeout: MilliSeconds | None = None
    selector_attribute: str | None = None
    steps: tuple[Annotated[Step, Field(discriminator="type")], ...]
