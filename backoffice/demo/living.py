"""How does a newcomer meet the city? Founded once, its first papers read before their eyes, then open at an address."""

import secrets
import socket
import time
from collections.abc import Callable

import uvicorn

from backoffice.app import create_app
from backoffice.composition import make_tables, open_office
from backoffice.demo import (
    built_forms,
    cases,
    city,
    crowds,
    head_count_reports,
    letters,
    links,
    mail_and_line,
    needless_papers,
    nights,
    notice_runs,
    notices,
    older_paper,
    papers,
    park_packets,
    programs,
    residents,
    reward_ledger,
    water_bot,
    weeks_ago,
    worked_bots,
    wrongs,
)
from backoffice.demo.processes import WORKER, running
from backoffice.demo.progress import bar
from backoffice.errors import Unavailable
from backoffice.settings import Settings
from backoffice.vault.cipher import make_master_key
from backoffice.work import Office

Say = Callable[[str], None]

SETTLED_BY_THE_CLERK = 16
"""Of 24 sheets; the others wait for the newcomer."""
LOOK_EVERY_SECONDS = 0.5
PATIENCE_SECONDS = 120

SAMPLE_ACCOUNTS = tuple((person.account, f"{person.name}({person.what_for})") for person in city.PEOPLE)


def open_city(settings: Settings, say: Say) -> None:
    """Found the city if need be, let its first papers make the whole journey, and serve it until told to stop."""
    for port in range(settings.port, settings.port + 3):
        _must_be_free(settings.host, port)
    prepare(settings)
    with mail_and_line.edge(worked_bots.with_printers(settings)) as told, open_office(told) as office:
        first_time = not city.exists(office)
        # Before any worker, whose clock stands today.
        past = weeks_ago.happen(office) if first_time else None
        _serve(told, office, say, past)


def _serve(settings: Settings, office: Office, say: Say, past: weeks_ago.Happened | None) -> None:
    """`past`: what had happened before the first start; None at a later one."""
    logs = settings.data_dir / "logs"
    with (
        nights.old_system(settings, settings.port + 1) as address,
        water_bot.water_system(settings, settings.port + 2) as water_address,
        worked_bots.old_systems(settings) as other_addresses,
        running(WORKER, settings, logs / "worker.log"),
    ):
        if past:
            fill(office, say, past)
        nights.connect(office, address)
        notice_runs.hear(office)
        if past:
            first_journey(office, say)
            first_runs(office, say)
        # after the first night, which counts all that waits
        water_bot.connect(office, water_address)
        worked_bots.connect(office, other_addresses)
        _greet(settings, say)
        uvicorn.run(
            create_app(office, SAMPLE_ACCOUNTS, city.PASSWORD),
            host=settings.host,
            port=settings.port,
            access_log=False,
            server_header=False,
            log_level="warning",
        )


def fill(office: Office, say: Say, past: weeks_ago.Happened) -> None:
    """Let happen in the city what a newcomer finds of today, and tell of it and of what was there before."""
    say(f"備え付けの制度 {past.programs}件を取り込みました。")
    say(f"お知らせの文面 {past.wordings}件を承認しました。")
    city.confirm_minutes(office)
    cases.fill_the_inboxes(office)
    links.agree(office)
    needless_papers.register(office)
    built_forms.build(office)
    park_packets.build(office)
    say(f"報償費の支払い {reward_ledger.bring(office)}件を台帳に取り込みました。")
    say(f"公民館の利用人数 {head_count_reports.bring(office)}件を取り込みました。")
    older_paper.bring_along(office)
    letters.bring(office)
    crowds.count(office)
    wrongs.happen(office)
    programs.send_on_route(office)
    notices.word(office)
    say(f"架空の住民 {residents.move_about(office):,}人を取り込みました。")
    say(f"そのうち {past.readers}人が、お知らせを受け取ることにしました。")
    if past.run_id:
        say(f"何週間か前に、1度送りました。支給の一覧 {weeks_ago.bring_grants(office)}行を取り込みました。")


def prepare(settings: Settings) -> None:
    """Make the master key and the tables where there are none."""
    if not settings.master_key_path.exists():
        make_master_key(settings.master_key_path, secrets.token_bytes)
    make_tables(settings.database)


def first_journey(office: Office, say: Say) -> None:
    """Let the sample scans go from the counter to the old system: read, settled by a clerk, keyed by the bot."""
    clerk, verifier, operator = (city.actor_of(office, account) for account in ("tanaka", "sato", "kimura"))
    papers.make_cover(office, clerk)
    count = papers.hand_in(office, clerk, papers.scans())
    say(f"用紙 {count}枚を受け付けました。読み取っています。")
    watch_reading(office, count, say)
    settled = papers.settle_with_truth(office, verifier, SETTLED_BY_THE_CLERK)
    say(f"読取確認: {settled}枚を確定しました。残りは画面であなたが確かめてください。")
    nights.watch(office, nights.start(office, operator), say)


def first_runs(office: Office, say: Say) -> None:
    """Let one run be released and another wait for somebody to decide on it; their audiences the worker freezes."""
    if not _comes_true(lambda: notice_runs.is_ready(office)):
        say("制度がまだ効力を持たないため、配信の見本を作りませんでした。")
        return
    notice_runs.prepare(office)
    _sent, *coming = notice_runs.periods(office)
    runs = [notice_runs.begin(office, period) for period in coming]
    if not _comes_true(lambda: all(notice_runs.is_frozen(office, run_id) for run_id in runs)):
        say("配信の対象がまだ確定していません。画面で続きを見られます。")
        return
    notice_runs.release(office, runs[0])
    say("配信を2つ起こしました。1つは1分後に決まり、窓口の開いている時間に送られます。")


def _comes_true(asked: Callable[[], bool]) -> bool:
    """Wait until something is so, as long as a newcomer waits."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while not asked():
        if time.monotonic() > ends:
            return False
        time.sleep(LOOK_EVERY_SECONDS)
    return True


def watch_reading(office: Office, total: int, say: Say) -> None:
    """Tell how many sheets are read until all are."""
    started, told = time.monotonic(), -1
    while True:
        done = total - papers.count_unread(office)
        if done != told:
            say(f"  読取 {done:>3}/{total}  {bar(done, total)}  {time.monotonic() - started:5.1f}秒")
            told = done
        if done >= total:
            return
        time.sleep(LOOK_EVERY_SECONDS)


def _greet(settings: Settings, say: Say) -> None:
    say("")
    say(f"開きました → http://{settings.host}:{settings.port}/   (終わるには Ctrl+C)")
    say(f"パスワードは全員 {city.PASSWORD}(2つめの確認のコードは、次の画面に出ます)")
    for person in city.PEOPLE:
        say(f"  {person.account:<8} {person.name}  {person.what_for}")


def _must_be_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            message = "ポート%(port)sは使われています。ほかの番号は GIJO_PORT=8700 make run のように指定します。"
            raise Unavailable(message, port=port) from error
