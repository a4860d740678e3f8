"""Find policy packs by the entry points of what is installed; whatever cannot be loaded stops the gate.

`importlib.metadata` costs four starts of Python, so the installed `entry_points.txt` files are read directly
(PyPA entry points specification). Packs of plangate's own distribution run in the deciding process, all others
in the child of policy.isolate.
"""

from __future__ import annotations

import os
import sys

from .errors import UndecidedError
from .policy.api import PolicyMistake
from .policy.child import load_entry_point

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .policy.api import Policy

GROUP = "plangate.policies"
OWN = "plangate"


def installed(paths: list[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """(targets of our own packs, [(name of the distribution, target)] of other people's), `module:ATTRIBUTE` each."""
    own: list[str] = []
    others: list[tuple[str, str]] = []
    seen: set[str] = set()
    for path in paths:
        for distribution, targets in _distributions(path):
            if distribution in seen:
                continue
            seen.add(distribution)
            if distribution == OWN:
                own += targets
            else:
                others += [(distribution, target) for target in targets]
    return own or _checkout(), others


def _distributions(path: str) -> list[tuple[str, list[str]]]:
    found = []
    try:
        names = [n for n in os.listdir(path or ".") if n.endswith((".dist-info", ".egg-info"))]
    except OSError:
        return []
    for name in sorted(names):
        try:
            with open(os.path.join(path, name, "entry_points.txt"), encoding="utf-8") as file:
                text = file.read()
        except (OSError, UnicodeDecodeError):
            continue
        if GROUP in text:
            found.append((name.partition("-")[0].lower().replace("_", "-"), _targets(text)))
    return found


def _targets(text: str, header: str = f"[{GROUP}]") -> list[str]:
    here, found = False, []
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("["):
            here = line == header
        elif here and "=" in line and not line.startswith("#"):
            found.append(line.partition("=")[2].strip())
    return found


def _checkout() -> list[str]:
    """Our own packs when plangate runs from a checkout that was never installed."""
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    try:
        with open(os.path.join(root, "pyproject.toml"), encoding="utf-8") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError):
        return []
    # `tomllib` would cost a run more than all of this; the file is our own.
    header = f'[project.entry-points."{GROUP}"]'
    return [target.strip('"') for target in _targets(text, header)] if f'name = "{OWN}"' in text else []


def load_own(targets: list[str]) -> list[Policy]:
    """The policies of our own packs. Raises UndecidedError when one does not load."""
    found: list[Policy] = []
    for target in targets:
        try:
            found += load_entry_point(target)
        except PolicyMistake as mistake:
            raise UndecidedError(
                f"the built-in policies do not load: {mistake}", fix="install plangate again"
            ) from None
    return found


def compliance(targets: list[str], policy: Policy) -> list[dict[str, Any]]:
    """What compliance frameworks call what a policy asks, where the module of its pack has a function `compliance`.

    [{"type", "framework", "name", "ids": {id: [sources]}}]; call it after load_own.
    """
    found: list[dict[str, Any]] = []
    for target in targets:
        tell = getattr(sys.modules.get(target.partition(":")[0].strip()), "compliance", None)
        found += tell(policy) if tell is not None else []
    return found


def search_paths() -> list[str]:
    """Where distributions are looked for: the interpreter's path, never the working directory."""
    return [p for p in sys.path if p and p != os.getcwd()]
