"""A working directory with a front door, and Checkov's real environment where there is one.

Looked for: PLANGATE_CHECKOV_PYTHON, else what `plangate checkov install` made in the user's cache. Without either the
tests that need it say so and are skipped.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ...conftest import REAL_CHECKOV  # noqa: TID252 - the tests are no package
from ..cli.conftest import Gate  # noqa: TID252


@pytest.fixture
def gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Gate:
    """A run without Checkov: its cache is empty."""
    monkeypatch.chdir(tmp_path)
    gate = Gate(tmp_path)
    gate.environ["XDG_CACHE_HOME"] = str(tmp_path / "cache")
    return gate


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache for all tests, so that the index of the environment is made once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def python() -> str:
    """Checkov's interpreter; skips without one."""
    if REAL_CHECKOV is None:
        pytest.skip("Checkov is not installed: `plangate checkov install`, or PLANGATE_CHECKOV_PYTHON")
    return REAL_CHECKOV


@pytest.fixture
def beside(gate: Gate, python: str, cache: Path) -> Gate:
    """A run with Checkov; results are not kept, so that each test asks."""
    gate.environ.update(PLANGATE_CHECKOV_PYTHON=python, XDG_CACHE_HOME=str(cache))
    gate.write("plangate.toml", "[checkov]\ncache = false\n")
    return gate
