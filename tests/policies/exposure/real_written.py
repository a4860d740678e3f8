"""Configurations written by hand (`real/`), with what each policy is to say of a resource in the comment above it:

    # expect fail: aws-ssh-open-to-world, aws-http-open-to-world
    # expect pass["office"]: aws-ssh-open-to-world

fail: and what is open is opened by this plan; before: it fails, and was open before; existing: it fails, and the plan
does not touch it; unknown; pass. What no comment names passes, or is not asked. `real/first` makes everything anew,
`real/changes` plans after.tf against what before.tf makes.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any, NamedTuple

from .. import real  # noqa: TID252 - the tests are no package

HERE = Path(__file__).parent / "real"
WORDS = ("fail", "before", "existing", "unknown", "pass")
_EXPECT = re.compile(r"^# expect (\w+)(\[[^\]]+\])?: (.+)$")
_RESOURCE = re.compile(r'^resource "(\w+)" "([\w-]+)"')
_SECTIONS = ("format_version", "terraform_version", "timestamp", "applyable", "complete", "errored")


class Expected(NamedTuple):
    """What one policy says of one address: one of WORDS."""

    policy: str
    address: str
    word: str


def expected(name: str) -> list[Expected]:
    """What the comments of `real/NAME` say. Raises ValueError for a comment that says nothing readable."""
    found: list[Expected] = []
    for path in sorted((HERE / name).rglob("*.tf")):
        if path.name == "before.tf":
            continue
        module = path.parent.relative_to(HERE / name).as_posix()
        prefix = "" if module == "." else f"module.{module.replace('/', '.module.')}."
        said: list[tuple[str, str, str]] = []
        for line in path.read_text().splitlines():
            comment, resource = _EXPECT.match(line), _RESOURCE.match(line)
            if line.startswith("# expect") and (comment is None or comment[1] not in WORDS):
                raise ValueError(f"{path.name}: {line}")
            if comment:
                said += [(comment[1], comment[2] or "", policy) for policy in comment[3].split(", ")]
            elif resource:
                address = f"{prefix}{resource[1]}.{resource[2]}"
                found += [Expected(policy, address + key, word) for word, key, policy in said]
                said = []
            elif said and not line.startswith("#"):
                raise ValueError(f"{path.name}: nothing behind a comment: {said}")
    return found


def planned(folder: Path, mirror: Path, schemas: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The reduced plan of each folder of `real/`."""
    shutil.copytree(HERE / "first", folder / "first")
    changes = folder / "changes"
    shutil.copytree(HERE / "changes", changes)
    after = (changes / "after.tf").rename(folder / "after.tf")
    state = _settled(real.state(real.planned(changes, mirror), schemas), schemas)
    (changes / "terraform.tfstate").write_text(json.dumps(state))
    (changes / "before.tf").unlink()
    after.rename(changes / "after.tf")
    return {name: reduced(real.planned(folder / name, mirror)) for name in ("first", "changes")}


def _settled(state: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """The state with empty lists and maps where the apply would tell them: what nobody changes is then not changed."""
    for resource in state["resources"]:
        known = schemas[resource["type"]]["block"]["attributes"]
        for instance in resource["instances"]:
            attributes = instance["attributes"]
            for name, attribute in known.items():
                kind = attribute.get("type")
                if name == "tags_all":
                    attributes.setdefault(name, attributes.get("tags") or {})
                elif isinstance(kind, list):
                    attributes.setdefault(name, {} if kind[0] == "map" else [])
    return state


def reduced(document: dict[str, Any]) -> dict[str, Any]:
    """The document without prior state and planned values, and without what is null."""
    changes = []
    for entry in document["resource_changes"]:
        change = dict(entry["change"])
        for side in ("before", "after"):
            if change[side] is not None:
                change[side] = {k: v for k, v in change[side].items() if v is not None}
        changes.append({**entry, "change": change})
    providers = {
        key: {k: v for k, v in one.items() if k != "full_name" and not k.startswith("version")}
        for key, one in document["configuration"]["provider_config"].items()
    }
    configuration = {**document["configuration"], "provider_config": providers}
    return {**{n: document[n] for n in _SECTIONS}, "resource_changes": changes, "configuration": configuration}
