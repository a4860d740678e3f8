"""Run the action's step."""

from __future__ import annotations

import os
import sys

from .step import step

if __name__ == "__main__":
    sys.exit(step(dict(os.environ)))
