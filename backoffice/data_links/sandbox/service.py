"""What do those who write an agreement do so that the partner can try it out? Open a sandbox, fill it anew."""

from sqlalchemy import update

from backoffice.clients import service as clients
from backoffice.clients.service import Particulars
from backoffice.data_links.models import LinkVersion
from backoffice.data_links.sandbox import queries
from backoffice.data_links.sandbox.events import SandboxFilled, SandboxOpened
from backoffice.data_links.sandbox.models import Sandbox, SandboxRequest
from backoffice.data_links.weighing import terms_of
from backoffice.data_links.workflow import OPEN, RequestState
from backoffice.errors import NotPermitted, Overtaken
from backoffice.identity import Actor, Permission
from backoffice.web.translations import _
from backoffice.work import Work
from workflows.links import Persona, problems_of


def may_try(actor: Actor, version: LinkVersion) -> bool:
    """Say whether somebody opens and fills the sandbox of a version: whoever writes it, and the DX office."""
    return actor.may(Permission.CLIENT_EDIT) or actor.reaches(Permission.LINK_WRITE, version.link.department.path)


def open_sandbox(work: Work, version: LinkVersion, contact: str, keys: str) -> Sandbox:
    """Let the other system try a version out with a key of its own. Raises Invalid, NotPermitted, Overtaken."""
    _must_be_triable(work, version)
    if queries.sandbox_of(work.session, version.link_id) is not None:
        raise Overtaken(_("この連携には、もう試行環境があります。"))
    name = name_of(version)
    particulars = Particulars(name, None, terms_of(version).recipient.ja, contact, clients.SANDBOX_SCOPES)
    client = clients.enter_sandbox(work, particulars, keys)
    sandbox = Sandbox(link_id=version.link_id, client_id=client.id, opened_at=work.now)
    work.session.add(sandbox)
    work.session.flush()
    work.record(SandboxOpened(version.link_id, client.id))
    fill(work, version)
    return sandbox


def fill(work: Work, version: LinkVersion) -> None:
    """Let every invented person ask anew; what they asked before is closed. Raises NotPermitted, Overtaken."""
    _must_be_triable(work, version)
    queries.lock_sandbox(work.session, version.link_id)
    before = (SandboxRequest.version_id == version.id, SandboxRequest.state == RequestState.OPEN)
    work.session.execute(update(SandboxRequest).where(*before).values(state=RequestState.CLOSED))
    purpose = terms_of(version).purposes[0].code
    work.session.add_all(
        SandboxRequest(
            reference=work.office.services.random_bytes(16).hex(),
            version_id=version.id,
            persona=persona,
            purpose=purpose,
            state=RequestState.OPEN,
            opened_at=work.now,
        )
        for persona in Persona
    )
    work.session.flush()
    work.record(SandboxFilled(version.id))


def name_of(version: LinkVersion) -> str:
    """Give what the machine is called: the link's name, and that it only tries it out."""
    return f"{version.link.name[:90]}(試行)"


def _must_be_triable(work: Work, version: LinkVersion) -> None:
    if not may_try(work.actor, version):
        raise NotPermitted(_("試行環境を用意できるのは、所管する部署の担当者とDX戦略部だけです。"))
    if version.state not in OPEN:
        raise Overtaken(_("試せるのは、下書きか回議中の版だけです。"))
    if problems_of(terms_of(version)):
        raise Overtaken(_("足りない点を直すと、試せるようになります。"))
