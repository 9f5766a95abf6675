"""What holds for every test: no setting of the machine reaches in, and nothing is written outside the test's folder."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# A shared machine may be slow for a moment; that is no finding. What failed is shown so that it can be repeated.
settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")


@pytest.fixture(scope="session", autouse=True)
def _own_house(tmp_path_factory: pytest.TempPathFactory) -> None:
    for name in ("AMITY_VAULT", "AMITY_TODAY", "AMITY_PASSPHRASE"):
        os.environ.pop(name, None)
    os.environ["LC_ALL"] = "C.UTF-8"
    os.environ["XDG_DATA_HOME"] = str(tmp_path_factory.mktemp("home"))
