"""Whether the ground that all tests stand on holds: the closed network and the session's own PostgreSQL."""

from __future__ import annotations

import ast
import http.server
import os
import socket
import subprocess
import sys
import textwrap
import threading
import urllib.request
from pathlib import Path

import psycopg
import pytest

from tests.architecture.sources import modules
from tests.closed_network import ReachedOutsideError
from tests.postgres import Cluster, free_port, wait_until_it_answers
from tests.postgres_shelf import Shelf

ADDRESS_FOR_DOCUMENTS = ("192.0.2.1", 80)


def psycopg_address(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def test_a_test_that_is_no_journey_cannot_reach_another_machine():
    with socket.socket() as phone, pytest.raises(ReachedOutsideError, match="journey"):
        phone.connect(ADDRESS_FOR_DOCUMENTS)


def test_a_test_that_is_no_journey_cannot_send_a_datagram_to_another_machine():
    with socket.socket(type=socket.SOCK_DGRAM) as post, pytest.raises(ReachedOutsideError):
        post.sendto(b"hello", ADDRESS_FOR_DOCUMENTS)


def test_a_test_cannot_reach_a_server_of_this_machine_that_it_did_not_start(postgres: Cluster):
    with socket.socket() as phone, pytest.raises(ReachedOutsideError):
        phone.connect(("127.0.0.1", postgres.port))


def test_a_test_reaches_the_server_that_it_started_itself():
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()

        with urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/LICENSE") as answer:
            status = answer.status

        thread.join()
    assert status == 200


@pytest.mark.journey
def test_a_journey_may_reach_servers_that_it_did_not_start(postgres: Cluster):
    with socket.socket() as phone:
        answer = phone.connect_ex(("127.0.0.1", postgres.port))

    assert answer == 0


def test_each_test_gets_an_empty_database(postgres_url: str):
    with psycopg.connect(psycopg_address(postgres_url)) as session:
        tables = session.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()

    assert tables == (0,)


def test_a_copy_of_a_template_brings_its_rows_and_leaves_the_template_alone(postgres: Cluster, database_names):
    template, copy = next(database_names), next(database_names)
    postgres.create(template)
    with psycopg.connect(psycopg_address(postgres.url(template)), autocommit=True) as session:
        session.execute("CREATE TABLE town AS SELECT 'ふくおか' AS name")

    with postgres.fresh(copy, template=template) as url, psycopg.connect(psycopg_address(url)) as session:
        session.execute("INSERT INTO town VALUES ('別の町')")
        copied = session.execute("SELECT count(*) FROM town").fetchone()

    with psycopg.connect(psycopg_address(postgres.url(template))) as session:
        kept = session.execute("SELECT count(*) FROM town").fetchone()
    postgres.drop(template)
    assert (copied, kept) == ((2,), (1,))


def test_a_database_is_gone_when_its_test_is_over(postgres: Cluster, database_names):
    with postgres.fresh(next(database_names)) as url:
        address = psycopg_address(url)

    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(address)


@pytest.fixture
def shelf(postgres: Cluster, database_names) -> Shelf:
    template = next(database_names)
    postgres.create(template)
    with psycopg.connect(psycopg_address(postgres.url(template)), autocommit=True) as session:
        session.execute("CREATE TABLE town (id serial PRIMARY KEY, name text)")
        session.execute("CREATE TABLE street (town_id integer REFERENCES town, name text)")
        session.execute("INSERT INTO town (id, name) VALUES (100, 'ふくおか')")
    return Shelf(postgres, template, database_names)


def test_a_database_from_the_shelf_holds_what_the_template_holds_whatever_was_done_in_it_before(shelf: Shelf):
    with shelf.lent() as url, psycopg.connect(psycopg_address(url)) as session:
        session.execute("UPDATE town SET name = '別の町'")
        session.execute("INSERT INTO town (name) VALUES ('もうひとつの町')")
        session.execute("INSERT INTO street VALUES (1, '一丁目')")

    with shelf.lent() as again, psycopg.connect(psycopg_address(again)) as session:
        towns = session.execute("SELECT id, name FROM town").fetchall()
        streets = session.execute("SELECT count(*) FROM street").fetchone()
        number = session.execute("INSERT INTO town (name) VALUES ('新しい町') RETURNING id").fetchone()

    assert again == url
    assert (towns, streets, number) == ([(100, "ふくおか")], (0,), (1,))


@pytest.mark.parametrize(
    "altered",
    [
        "ALTER TABLE town ALTER name SET NOT NULL",
        "ALTER TABLE street DROP CONSTRAINT street_town_id_fkey",
        "ALTER TABLE street DISABLE TRIGGER ALL",
        "DROP TABLE street",
        "TRUNCATE street",
        "CREATE TABLE house (name text)",
        "CREATE INDEX by_name ON town (name)",
        "CREATE SCHEMA ward",
        "CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_a_database_whose_tables_were_altered_does_not_go_back_to_the_shelf(shelf: Shelf, altered: str):
    with shelf.lent() as url, psycopg.connect(psycopg_address(url)) as session:
        session.execute(altered)

    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(psycopg_address(url))


def test_whoever_is_still_connected_to_a_database_does_not_keep_it_from_the_shelf(shelf: Shelf):
    with shelf.lent() as url:
        left_open = psycopg.connect(psycopg_address(url))
        left_open.execute("LOCK TABLE town")

    with pytest.raises(psycopg.OperationalError), left_open:
        left_open.execute("SELECT 1")
    with shelf.lent() as again:
        assert again == url


def test_nothing_of_postgresql_is_left_when_a_test_session_is_killed():
    a_session_that_is_killed = textwrap.dedent("""
        import os, signal
        from tests.postgres import Holder
        place = Holder().place
        print(place.folder, place.cluster().port, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """)

    ended = subprocess.run(  # noqa: S603 - the lines above
        [sys.executable, "-c", a_session_that_is_killed], capture_output=True, text=True, check=False
    )

    folder, port = ended.stdout.split()
    assert disappears(Path(folder))
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(f"postgresql://gijo@127.0.0.1:{port}/postgres")


def test_a_keeper_whose_server_never_opens_gives_up_when_its_session_has_ended():
    reading, writing = os.pipe()
    os.close(writing)
    with subprocess.Popen(["sleep", "60"]) as never_opens:  # noqa: S607 - sleep from the path
        with pytest.raises(RuntimeError, match="session ended"):
            wait_until_it_answers(never_opens, free_port(), reading)

        never_opens.kill()
    os.close(reading)


def disappears(folder: Path) -> bool:
    wait = threading.Event()
    return any(not folder.exists() or wait.wait(0.1) for _ in range(100))


# What these answer is of the moment: asked right after a click, of a page that has not come yet.
OF_THE_MOMENT = {"count", "content", "all_inner_texts", "all_text_contents", "is_visible", "is_hidden"}


def test_a_journey_waits_for_what_it_expects_of_a_page():
    asked = [
        f"{name}:{call.lineno}"
        for name, tree in modules()
        if name.startswith("tests/journeys/")
        for judged in ast.walk(tree)
        if isinstance(judged, ast.Assert | ast.Return)
        for call in ast.walk(judged)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in OF_THE_MOMENT
        if not call.args
    ]

    assert asked == []
