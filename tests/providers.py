"""Where the real provider is: a folder of unpacked ones, as `terraform init -plugin-dir` wants it."""

from __future__ import annotations

import os
from pathlib import Path

AWS = Path("registry.terraform.io/hashicorp/aws/5.100.0")


def mirror() -> Path | None:
    """The folder that holds AWS: PLANGATE_TEST_PLUGIN_DIR, or one of the usual places; None where there is none."""
    named = os.environ.get("PLANGATE_TEST_PLUGIN_DIR")
    places = [Path(named)] if named else [*sorted(Path("/opt").glob("*")), Path("/usr/share/terraform/plugins")]
    places.append(Path.home() / ".terraform.d" / "plugins")
    return next((place for place in places if (place / AWS).is_dir()), None)
