"""What several notifiers are tested with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .hub import GitHub
from .server import Server
from .telling import BAD, GOOD, report


@pytest.fixture
def hub() -> Iterator[GitHub]:
    with Server() as server:
        yield GitHub(server)


@pytest.fixture(scope="module")
def bad() -> dict[str, Any]:
    return report(BAD)


@pytest.fixture(scope="module")
def good() -> dict[str, Any]:
    return report(GOOD)
