"""What the tests of the action comment on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ..notifiers.hub import GitHub  # noqa: TID252 - the tests are no package
from ..notifiers.server import Server  # noqa: TID252


@pytest.fixture
def hub() -> Iterator[GitHub]:
    with Server() as server:
        yield GitHub(server)
