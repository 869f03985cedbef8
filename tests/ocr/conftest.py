import os
from pathlib import Path

import pytest

import backoffice
from forms import catalogue
from ocr.reader import Reader

SCANS = Path(backoffice.__file__).parent / "demo" / "scans"

# The engines count threads when they load, and the tests already run a process a core.
os.environ["OMP_THREAD_LIMIT"] = "1"


@pytest.fixture(scope="session")
def form():
    return catalogue.find("shugaku-enjo")


@pytest.fixture(scope="session")
def reader(form):
    return Reader(form.layout, form.blanks, form.definition)


@pytest.fixture(scope="session")
def scans():
    return SCANS
