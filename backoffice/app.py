"""How does the web application come to be? Routes of all features, one menu, one door."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from sqlalchemy import text

from backoffice.accounts import own_routes, sign_in_routes
from backoffice.accounts import routes as accounts
from backoffice.accounts.hr_import import routes as hr_import
from backoffice.accounts.second_factor import routes as second_factor
from backoffice.accounts.single_sign_on import routes as single_sign_on
from backoffice.accounts.single_sign_on.provider import provider_of
from backoffice.activity import routes as activity
from backoffice.archive import disposal_routes
from backoffice.archive import routes as archive
from backoffice.audiences import call_routes, guest_routes, open_end_routes, schedule_routes
from backoffice.audiences import routes as audiences
from backoffice.automation import item_routes
from backoffice.automation import routes as automation
from backoffice.automation.by_day import routes as day_routes
from backoffice.automation.plan import routes as plan_routes
from backoffice.automation.proof import routes as proof_routes
from backoffice.automation.queue import list_routes
from backoffice.automation.queue import routes as queue_routes
from backoffice.automation.systems import routes as target_routes
from backoffice.automation.watch import routes as watch_routes
from backoffice.breaches import routes as breaches
from backoffice.clients import routes as clients
from backoffice.collation import routes as collation
from backoffice.collation import rule_routes as paper_rules
from backoffice.composition import FEATURES
from backoffice.consents import routes as consents
from backoffice.crowding import routes as crowding
from backoffice.data_links import affected as link_affected
from backoffice.data_links import counter_giving as link_giving
from backoffice.data_links import counter_routes as link_counter
from backoffice.data_links import deletions as link_deletions
from backoffice.data_links import file_register as link_register
from backoffice.data_links import routes as data_links
from backoffice.data_links.sandbox import routes as link_sandbox
from backoffice.digital_id import routes as digital_id
from backoffice.drawing import closing_routes, comparing_routes, table_routes
from backoffice.drawing import editing_routes as drawing_editor
from backoffice.drawing import routes as drawing
from backoffice.enclosures import routes as enclosures
from backoffice.form_designs import building_routes as form_building
from backoffice.form_designs import exchange_routes as form_exchange
from backoffice.form_designs import foreign_routes as form_foreign
from backoffice.form_designs import paper_routes as form_paper
from backoffice.form_designs import routes as form_designs
from backoffice.form_designs import trial_routes as form_trials
from backoffice.help_desk import routes as help_desk
from backoffice.identity import Actor, Origin
from backoffice.inbox import (
    case_routes,
    desk_routes,
    draft_routes,
    hand_over_routes,
    transfer_routes,
    trial_routes,
)
from backoffice.inbox import routes as inbox
from backoffice.indicators import notice_routes as notice_figures
from backoffice.indicators import routes as indicators
from backoffice.intake import batch_routes as paper_batches
from backoffice.intake import cover_routes as paper_covers
from backoffice.intake import routes as intake
from backoffice.intake import verify_routes as verifying
from backoffice.mail_in import routes as mail_in
from backoffice.mail_in import rule_routes as mail_in_rules
from backoffice.night_reports import routes as night_reports
from backoffice.notices import routes as notices
from backoffice.operations import routes as operations
from backoffice.paperless import import_routes as paperless_import
from backoffice.paperless import routes as paperless
from backoffice.programs import (
    example_routes,
    export_routes,
    inquiry_routes,
    preview_routes,
    protected_question_routes,
    public_api,
    rollover_routes,
    rule_routes,
    threshold_routes,
)
from backoffice.programs import routes as programs
from backoffice.reachability import routes as reachability
from backoffice.receipts import routes as receipts
from backoffice.recordings import next_routes as bot_next
from backoffice.recordings import routes as recordings
from backoffice.recordings import step_routes as bot_steps
from backoffice.records import entry_routes as record_entries
from backoffice.records import file_routes as record_files
from backoffice.records import import_routes as record_imports
from backoffice.records import many_routes as record_many
from backoffice.records import packet_routes as record_packets
from backoffice.records import routes as records
from backoffice.records import sender_routes as record_senders
from backoffice.records import setting_routes as record_settings
from backoffice.records import totals_routes as record_totals
from backoffice.records.pages import ListAction, ListLink, RecordLink
from backoffice.rehearsals import routes as rehearsals
from backoffice.residents import protected_routes, stop_feed_routes
from backoffice.residents import routes as residents
from backoffice.rights import counter_routes as rights_counter
from backoffice.rights import routes as rights
from backoffice.statements import routes as statements
from backoffice.take_up import routes as take_up
from backoffice.verification import batch_routes as batch_figures
from backoffice.verification import routes as volume
from backoffice.verification import second_routes as second_entry
from backoffice.verification import threshold_routes as thresholds
from backoffice.web import MenuItem, StaffRouter, asking_routes, error_pages, patterns
from backoffice.web.protection import Door
from backoffice.web.rendering import make_environment
from backoffice.work import Office

HERE = Path(__file__).parent
STATIC = HERE / "static"

STAFF_ROUTERS: tuple[StaffRouter, ...] = (
    indicators.staff,
    notice_figures.staff,
    inbox.staff,
    draft_routes.staff,
    desk_routes.staff,
    hand_over_routes.staff,
    case_routes.staff,
    trial_routes.staff,
    transfer_routes.staff,
    drawing_editor.staff,
    comparing_routes.staff,  # before the pages of one kind: no kind is called so
    closing_routes.staff,
    table_routes.staff,
    drawing.staff,
    rule_routes.staff,
    example_routes.staff,
    preview_routes.staff,
    inquiry_routes.staff,
    protected_question_routes.staff,
    rollover_routes.staff,  # before the pages of one program: no program is called so
    threshold_routes.staff,
    export_routes.staff,  # before the pages of one program: no id is called export.csv
    programs.staff,
    notices.staff,
    guest_routes.staff,  # before the pages of one run: no run is called so
    schedule_routes.staff,
    call_routes.staff,
    audiences.staff,
    open_end_routes.staff,
    take_up.staff,
    residents.staff,
    protected_routes.staff,
    consents.staff,
    reachability.staff,
    stop_feed_routes.staff,
    digital_id.staff,
    link_register.staff,
    data_links.staff,
    link_sandbox.staff,
    link_counter.staff,
    link_deletions.staff,
    link_giving.staff,
    help_desk.staff,
    receipts.staff,
    link_affected.staff,
    breaches.staff,
    crowding.staff,
    mail_in_rules.staff,
    mail_in.staff,
    records.staff,
    record_totals.staff,
    record_files.staff,
    record_senders.staff,
    record_settings.staff,
    record_entries.staff,
    record_many.staff,
    record_packets.staff,
    record_imports.staff,
    collation.staff,
    paper_rules.staff,
    enclosures.staff,
    statements.staff,
    paperless_import.staff,  # before the pages of one paper: no id is called import
    paperless.staff,
    rights.staff,
    rights_counter.staff,
    clients.staff,
    form_building.staff,
    form_exchange.staff,  # before the pages of one form: no id is called import
    form_designs.staff,
    form_paper.staff,
    form_foreign.staff,
    form_trials.staff,
    paper_batches.staff,  # before the pages of one sheet: no id is called upload
    intake.staff,
    paper_covers.staff,
    second_entry.staff,
    batch_figures.staff,
    thresholds.staff,
    volume.staff,  # before the desk of one sheet: no id is called fields
    disposal_routes.staff,  # before the pages of one sheet that is kept: no id is called disposals
    archive.staff,
    verifying.staff,
    plan_routes.staff,  # before the pages of one night: no id is called plan
    night_reports.staff,  # nor reports
    queue_routes.staff,  # nor next-work
    automation.staff,
    list_routes.staff,
    recordings.staff,
    bot_next.staff,
    bot_steps.staff,
    day_routes.staff,  # before the pages of one item: no id is called day-run
    watch_routes.staff,
    proof_routes.staff,
    rehearsals.staff,
    item_routes.staff,
    target_routes.staff,
    operations.staff,
    activity.staff,
    hr_import.staff,  # before the pages of one person: /staff/import is nobody's number
    accounts.staff,
    sign_in_routes.staff,
    second_factor.staff,
    own_routes.staff,
    asking_routes.staff,
)
LIST_ACTIONS: tuple[ListAction, ...] = (day_routes.IN_LISTS, collation.IN_LISTS, enclosures.IN_LISTS)
LIST_LINKS: tuple[ListLink, ...] = (paper_rules.IN_LISTS, enclosures.OF_LISTS, statements.IN_LISTS)
RECORD_LINKS: tuple[RecordLink, ...] = (collation.OF_A_RECORD,)
MENU: tuple[MenuItem, ...] = (
    *inbox.MENU,
    *draft_routes.MENU,
    *form_designs.MENU,
    *programs.MENU,
    *audiences.MENU,
    *threshold_routes.MENU,
    *rollover_routes.MENU,
    *drawing.MENU,
    *residents.MENU,
    *consents.MENU,
    *help_desk.MENU,
    *digital_id.MENU,
    *data_links.MENU,
    *rights.MENU,
    *breaches.MENU,
    *paperless.MENU,
    *crowding.MENU,
    *reachability.MENU,
    *stop_feed_routes.MENU,
    *schedule_routes.MENU,
    *clients.MENU,
    *protected_routes.MENU,
    *protected_question_routes.MENU,
    *records.MENU,
    *intake.MENU,
    *archive.MENU,
    *mail_in.MENU,
    *automation.MENU,
    *recordings.MENU,
    *indicators.MENU,
    *notice_figures.MENU,
    *operations.MENU,
    *activity.MENU,
    *inquiry_routes.MENU,
    *accounts.MENU,
    *desk_routes.MENU,
)


def create_app(office: Office, sample_accounts: Sequence[tuple[str, str]] = (), sample_password: str = "") -> Door:
    """Give the ASGI application that serves `office`; `sample_accounts` stand on a demonstration's sign-in page."""
    routers = [sign_in_routes.public, single_sign_on.public, public_api.public, *(each.api for each in STAFF_ROUTERS)]
    if office.settings.demonstration:
        routers.append(patterns.staff.api)
    app = FastAPI(
        title="Gijo",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        # A redirect that only takes a slash away would name whatever host the request claims to be for.
        redirect_slashes=False,
        # Handed over as they are: a router that is included has every route's signature read a second time.
        routes=[route for router in routers for route in router.routes],
    )
    app.state.office = office
    app.state.menu = (*MENU, *patterns.MENU) if office.settings.demonstration else MENU
    app.state.list_actions = LIST_ACTIONS
    app.state.list_links = LIST_LINKS
    app.state.record_links = RECORD_LINKS
    app.state.sample_accounts = tuple(sample_accounts)
    app.state.sample_password = sample_password
    app.state.templates = make_environment(*(name for name in FEATURES if (HERE / name / "templates").is_dir()))
    app.state.assets = _fingerprint(STATIC)
    app.state.identity_provider = provider_of(office.settings)
    app.add_api_route("/healthz", healthz, methods=["GET"])
    app.add_api_route("/readyz", readyz, methods=["GET"])
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    error_pages.install(app)
    return Door(app)


def healthz() -> Response:
    """Say that the process answers."""
    return JSONResponse({"status": "ok"})


def readyz(request: Request) -> Response:
    """Say whether work can be done: the database answers (503 where it does not)."""
    office: Office = request.app.state.office
    with office.look(Actor.house(Origin.PAGE)) as work:
        work.session.execute(text("SELECT 1"))
    return JSONResponse({"status": "ready"})


def _fingerprint(folder: Path) -> str:
    """Give a short mark that changes with any static file, so that browsers fetch it anew."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
