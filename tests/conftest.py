"""Tests run as where Checkov is not installed, whatever this machine has; tests/gate/checkov asks for REAL_CHECKOV."""

from __future__ import annotations

import os
import tempfile

from plangate.checkov import places

_place = places.installed(os.environ)
REAL_CHECKOV = os.environ.pop("PLANGATE_CHECKOV_PYTHON", None) or (_place.python if _place is not None else None)
_empty = tempfile.TemporaryDirectory(prefix="plangate-tests-", ignore_cleanup_errors=True)
os.environ["XDG_CACHE_HOME"] = _empty.name
