"""Tests run as where Checkov is not installed, whatever this machine has: tests/gate/checkov asks for REAL_CHECKOV.

And what those need that plan with the real provider.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest

from plangate.checkov import places

from .policies import real
from .providers import AWS, mirror
from .terraform import why_not

_place = places.installed(os.environ)
REAL_CHECKOV = os.environ.pop("PLANGATE_CHECKOV_PYTHON", None) or (_place.python if _place is not None else None)
_empty = tempfile.TemporaryDirectory(prefix="plangate-tests-", ignore_cleanup_errors=True)
os.environ["XDG_CACHE_HOME"] = _empty.name


@pytest.fixture(scope="session")
def aws() -> Path:
    """The folder that the real aws provider lies in; without it or Terraform the test is skipped."""
    if reason := why_not():
        pytest.skip(reason)
    found = mirror()
    if found is None:
        pytest.skip(f"{AWS} is nowhere here (PLANGATE_TEST_PLUGIN_DIR names a folder of providers)")
    return found


@pytest.fixture(scope="session")
def schemas(aws: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The schemas of the real provider's resources, by type: not to be changed."""
    return real.schemas(tmp_path_factory.mktemp("schemas") / "root", aws)
