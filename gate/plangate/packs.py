"""Find policy packs and notifiers by the entry points of what is installed; a pack that does not load stops the gate.

`importlib.metadata` costs four starts of Python, so the installed `entry_points.txt` files are read directly
(PyPA entry points specification). Packs of plangate's own distribution run in the deciding process, all others
in the child of policy.isolate.
"""

from __future__ import annotations

import os
import sys

from .errors import UndecidedError, UsageError
from .policy.api import PolicyMistake
from .policy.child import load_entry_point

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .policy.api import Policy

GROUP = "plangate.policies"
NOTIFIERS = "plangate.notifiers"
OWN = "plangate"


def installed(paths: list[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """(targets of our own packs, [(name of the distribution, target)] of other people's), `module:ATTRIBUTE` each."""
    own, others = _of_group(paths, GROUP)
    return [target for _, target in own], [(distribution, target) for distribution, (_, target) in others]


def notifiers(paths: list[str]) -> dict[str, str]:
    """The kinds of notifiers and their modules, ours and other people's. Raises UsageError when two claim one kind."""
    own, others = _of_group(paths, NOTIFIERS)
    found = {name: target.partition(":")[0].strip() for name, target in own}
    for distribution, (name, target) in others:
        if name in found:
            raise UsageError(
                f"two packages bring a notifier of one kind, the second is {distribution}",
                where=name,
                fix="uninstall one of them",
            )
        found[name] = target.partition(":")[0].strip()
    return dict(sorted(found.items()))


def load_notifier(target: str) -> Any:
    """The module of a notifier. Raises ImportError that says why it does not load, in one line."""
    from importlib import import_module

    try:
        module = import_module(target)
    except Exception as error:  # noqa: BLE001 - somebody else's module may raise anything
        raise ImportError(f"{target}: {type(error).__name__}") from None
    missing = [name for name in ("NAME", "SETTINGS", "payload", "send") if not hasattr(module, name)]
    if missing:
        raise ImportError(f"{target} has no {missing[0]}")
    return module


Pair = tuple[str, str]


def _of_group(paths: list[str], group: str) -> tuple[list[Pair], list[tuple[str, Pair]]]:
    """Entry points (name, target) of our own distribution, and of others with the distribution's name."""
    own: list[Pair] = []
    others: list[tuple[str, Pair]] = []
    seen: set[str] = set()
    for path in paths:
        for distribution, pairs in _distributions(path, group):
            if distribution in seen:
                continue
            seen.add(distribution)
            if distribution == OWN:
                own += pairs
            else:
                others += [(distribution, pair) for pair in pairs]
    return own or _checkout(group), others


def _distributions(path: str, group: str) -> list[tuple[str, list[Pair]]]:
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
        if group in text:
            found.append((name.partition("-")[0].lower().replace("_", "-"), _pairs(text, f"[{group}]")))
    return found


def _pairs(text: str, header: str) -> list[Pair]:
    here = False
    found: list[Pair] = []
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("["):
            here = line == header
        elif here and "=" in line and not line.startswith("#"):
            name, _, target = line.partition("=")
            found.append((name.strip(), target.strip()))
    return found


def _checkout(group: str) -> list[Pair]:
    """Our own entry points when plangate runs from a checkout that was never installed."""
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    try:
        with open(os.path.join(root, "pyproject.toml"), encoding="utf-8") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError):
        return []
    # `tomllib` would cost a run more than all of this; the file is our own.
    if f'name = "{OWN}"' not in text:
        return []
    pairs = _pairs(text, f'[project.entry-points."{group}"]')
    return [(name.strip('"'), target.partition("#")[0].strip().strip('"')) for name, target in pairs]


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
