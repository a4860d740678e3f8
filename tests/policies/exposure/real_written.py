"""Configurations written by hand (`real/`), with what each policy is to say of a resource in the comment above it:

    # expect fail: aws-ssh-open-to-world, aws-http-open-to-world
    # expect pass["office"]: aws-ssh-open-to-world

fail: and what is open is opened by this plan; before: it fails, and was open before; existing: it fails, and the plan
does not touch it; unknown; pass. What no comment names passes, or is not asked. `real/first` makes everything anew,
`real/changes` plans after.tf against what before.tf makes; the accounts of both stand in `real/provider.tf`.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any, NamedTuple

from .. import real  # noqa: TID252 - the tests are no package

HERE = Path(__file__).parent / "real"
WORDS = ("fail", "before", "existing", "unknown", "pass")
_EXPECT = re.compile(r"^# expect (\w+)(\[[^\]]+\])?: (.+)$")
_RESOURCE = re.compile(r'^resource "(\w+)" "([\w-]+)"')


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
    written = {name: folder / f"{name}-written" for name in ("first", "changes")}
    for name, place in written.items():
        shutil.copytree(HERE / name, place)
        shutil.copy(HERE / "provider.tf", place)
    first = real.planned(written["first"], mirror)
    changes = real.changed(
        written["changes"], folder / "changes", mirror, lambda before: _settled(real.state(before, schemas), schemas)
    )
    return {"first": reduced(first), "changes": reduced(changes)}


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
    """The slim document, with what tells its providers apart."""
    providers = {
        key: {k: v for k, v in one.items() if k != "full_name" and not k.startswith("version")}
        for key, one in document["configuration"]["provider_config"].items()
    }
    slim = real.slim(document)
    return {**slim, "configuration": {**slim["configuration"], "provider_config": providers}}
