"""How do the frozen texts of a run read? As a person gets them, with examples where their own pieces stand."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audiences.messages import LANGUAGE_TAGS
from backoffice.audiences.models import RunBody
from backoffice.audiences.pages import people_said
from backoffice.audiences.run_pages import CardShown, SampleShown
from backoffice.audiences.workflow import CHANNEL_NAMES
from backoffice.consents.workflow import ChannelKind
from backoffice.notices.pages import LANGUAGE_NAMES
from backoffice.notices.samples import EXAMPLE_REFERENCE
from workflows.notices.blocks import Slot
from workflows.notices.languages import NoticeLanguage

EXAMPLES: Mapping[str, str] = {
    Slot.REFERENCE.value: EXAMPLE_REFERENCE,
    Slot.PREFERENCE_URL.value: "https://oshirase.example/stop/…",
}


def samples_shown(session: Session, texts: Sequence[tuple[int, int | None]]) -> list[SampleShown]:
    """Give the texts of a run, by id and how many get each, as the page draws them."""
    found = session.scalars(select(RunBody).where(RunBody.id.in_([body_id for body_id, _people in texts])))
    bodies = {body.id: body for body in found}
    return [_shown(bodies[body_id], people) for body_id, people in texts if body_id in bodies]


def _shown(body: RunBody, people: int | None) -> SampleShown:
    language = NoticeLanguage(body.language)
    subject, text, card = _read(body)
    return SampleShown(
        name=LANGUAGE_NAMES[language],
        tag=LANGUAGE_TAGS[body.language],
        kind=CHANNEL_NAMES[body.kind],
        share=people_said(people),
        subject=subject,
        text=text,
        card=card,
    )


def _read(body: RunBody) -> tuple[str, str, CardShown | None]:
    content = body.content
    if body.kind == ChannelKind.MAIL:
        return content["subject"], words_of(content["text"]), None
    texts = [each["text"] for each in content["messages"] if each["type"] == "text"]
    cards = [_card(each["contents"]) for each in content["messages"] if each["type"] == "flex"]
    return "", "\n\n".join(texts), next(iter(cards), None)


def words_of(kept: Sequence[Mapping[str, str] | str]) -> str:
    """Give the words of a mail, with examples in its blanks."""
    return "".join(piece if isinstance(piece, str) else EXAMPLES.get(piece["slot"], "…") for piece in kept)


def _card(bubble: Mapping[str, Any]) -> CardShown:
    title, *lines = (part["text"] for part in bubble["body"]["contents"])
    return CardShown(title, lines, bubble["footer"]["contents"][0]["action"]["label"])
