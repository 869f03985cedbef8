"""May two workers of one id run at once?"""

from __future__ import annotations

import pytest

from backoffice.errors import Unavailable
from backoffice.worker import only_one


def test_a_second_worker_of_the_same_id_is_refused_until_the_first_has_gone(tmp_path):
    with only_one(tmp_path, "worker-1"), pytest.raises(Unavailable), only_one(tmp_path, "worker-1"):
        pass

    with only_one(tmp_path, "worker-1"), only_one(tmp_path, "worker-2"):
        assert sorted(path.name for path in tmp_path.iterdir()) == ["worker-worker-1.lock", "worker-worker-2.lock"]
