"""Plans made by Terraform itself, on the spot.

`terraform_data` and `terraform_remote_state` come with Terraform: with them alone a root needs
neither `init` nor a provider nor a network, and a plan takes some 50 milliseconds.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

TERRAFORM = shutil.which("terraform")

_SUMMARY = re.compile(
    r"^Plan: (?:(?P<imported>\d+) to import, )?(?P<add>\d+) to add, "
    r"(?P<change>\d+) to change, (?P<destroy>\d+) to destroy",
    re.MULTILINE,
)
_HASHES = re.compile(r"^ *hashes *= *\[.*?\]\n", re.MULTILINE | re.DOTALL)


@cache
def why_not() -> str | None:
    """Why these tests cannot run here; None when they can."""
    if TERRAFORM is None:
        return "terraform is not on PATH"
    done = subprocess.run([TERRAFORM, "version", "-json"], capture_output=True, text=True, check=True, env=quiet_env())
    version = json.loads(done.stdout)["terraform_version"]
    if tuple(int(part) for part in version.split("-")[0].split(".")[:2]) < (1, 8):
        return f"terraform {version} does not say whether a plan is complete (1.8 does)"
    return None


def quiet_env(**more: str) -> dict[str, str]:
    """The environment without what would bend Terraform's plans (TF_*), and with `more`.

    GOGC: memory is collected less often, which spares a plan of many resources a quarter of its time.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    return {"GOGC": "300", **kept, "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1", **more}


@dataclass(frozen=True)
class Made:
    """One plan: its plan file (a zip), what `terraform show -json` prints of it, what Terraform said."""

    file: Path
    json: Path
    says: str
    code: int

    @property
    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.json.read_bytes())
        return document

    def actions(self) -> dict[str, list[str]]:
        """Address -> actions as Terraform writes them, without plain no-ops."""
        return {
            change["address"]: change["change"]["actions"]
            for change in self.document.get("resource_changes", [])
            if change["change"]["actions"] != ["no-op"]
            or change.get("previous_address")
            or change["change"].get("importing")
        }

    def counts(self) -> dict[str, int]:
        """Terraform's own last line, `Plan: 1 to import, 2 to add, ...`; zeros where it says nothing."""
        found = _SUMMARY.search(self.says)
        groups = found.groupdict() if found else {}
        return {name: int(groups.get(name) or 0) for name in ("imported", "add", "change", "destroy")}


class Root:
    """A Terraform root in a folder of its own, with a local state."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def init(self, providers: Path) -> None:
        """Take the providers of a folder; without their checksums, which cost half a second at each start."""
        self.run("init", f"-plugin-dir={providers}", "-input=false", "-no-color")
        lock = self.folder / ".terraform.lock.hcl"
        lock.write_text(_HASHES.sub("", lock.read_text(encoding="utf-8")), encoding="utf-8")

    def run(self, *args: str, expect: int = 0, **env: str) -> str:
        """Standard output of `terraform ARGS`; another exit code than `expect` is an AssertionError."""
        assert TERRAFORM is not None
        done = subprocess.run(
            [TERRAFORM, *args],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            env=quiet_env(**env),
        )
        assert done.returncode == expect, done.stdout + done.stderr
        return done.stdout

    def write(self, hcl: str) -> None:
        (self.folder / "main.tf").write_text(hcl, encoding="utf-8")

    def apply(self, hcl: str) -> None:
        self.write(hcl)
        self.run("apply", "-auto-approve", "-input=false", "-no-color")

    def plan(self, hcl: str, *args: str, expect: int = 0) -> Made:
        self.write(hcl)
        return self.planned(*args, expect=expect)

    def planned(self, *args: str, expect: int = 0) -> Made:
        """The plan of what lies in the folder."""
        says = self.run("plan", "-out=made.tfplan", "-input=false", "-no-color", *args, expect=expect)
        file, document = self.folder / "made.tfplan", self.folder / "made.json"
        document.write_text(self.run("show", "-json", file.name), encoding="utf-8")
        return Made(file, document, says, expect)
