"""The root modules of a repository that a push touches, and the plan that each has."""

from __future__ import annotations

import json
import os
from fnmatch import fnmatchcase

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

CODE = (".tf", ".tofu", ".tf.json", ".tofu.json", ".tfvars", ".tfvars.json")
LOCKS = (".terraform.lock.hcl",)
# Names that people give to plans (the documentation of Terraform says tfplan).
PLANS = ("tfplan", "*.tfplan", "plan.out", "tfplan.json", "plan.json", "*.tfplan.json")
_SLACK = 2.0  # seconds: a checkout writes its files in no order
_MODULES = 4 << 20  # bytes of .terraform/modules/modules.json


class Root:
    """A root module: its folder from the top, the plan that is there (None), and what is newer than it (None)."""

    __slots__ = ("folder", "newer", "plan")

    def __init__(self, folder: str, plan: str | None, newer: str | None) -> None:
        self.folder, self.plan, self.newer = folder, plan, newer


def roots(top: str, tracked: list[str], changed: set[str] | None) -> tuple[list[Root], list[str]]:
    """(the roots with something changed, changed files of configuration that belong to none).

    A root is a folder with configuration that was initialised or holds a plan. What lies in a local module belongs to
    the roots that call it: `terraform init` writes them down in .terraform/modules/modules.json.
    """
    kept = set(tracked)
    folders = sorted({os.path.dirname(name) for name in tracked if name.endswith(CODE) or _is_plan(name)})
    touched = None if changed is None else {os.path.dirname(n) for n in changed if n.endswith((*CODE, *LOCKS))}
    found, owned = [], set()
    for folder in folders:
        plan = _plan(top, folder)
        if plan is None and not _initialised(top, folder):
            continue
        within = {folder, *_modules(top, folder)}
        owned |= within
        if touched is None or touched & within or (plan in (changed or ())):
            newer = None if plan is None or plan in kept else _newer(top, plan, within)
            found.append(Root(folder, plan, newer))
    lonely = sorted(n for n in changed or () if n.endswith(CODE) and os.path.dirname(n) not in owned)
    return found, lonely


def _initialised(top: str, folder: str) -> bool:
    return any(os.path.lexists(os.path.join(top, folder, name)) for name in (".terraform", *LOCKS))


def _is_plan(name: str) -> bool:
    return any(fnmatchcase(os.path.basename(name), pattern) for pattern in PLANS)


def _plan(top: str, folder: str) -> str | None:
    """The newest plan in a folder, from the top."""
    here = os.path.join(top, folder)
    try:
        names = [name for name in os.listdir(here) if _is_plan(name) and os.path.isfile(os.path.join(here, name))]
    except OSError:
        return None
    newest = max(sorted(names), key=lambda name: os.path.getmtime(os.path.join(here, name)), default=None)
    return os.path.join(folder, newest) if newest else None


def _modules(top: str, folder: str) -> Iterable[str]:
    """The folders of the local modules that a root calls, from the top."""
    try:
        with open(os.path.join(top, folder, ".terraform/modules/modules.json"), "rb") as file:
            listed = json.loads(file.read(_MODULES))["Modules"]
        written = [entry["Dir"] for entry in listed if entry["Source"].startswith(("./", "../"))]
        return [os.path.normpath(os.path.join(folder, path)).replace(os.sep, "/") for path in written]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []


def _newer(top: str, plan: str, folders: set[str]) -> str | None:
    """A file of configuration that is newer than the plan: it may say something else now."""
    made = os.path.getmtime(os.path.join(top, plan)) + _SLACK
    for folder in sorted(folders):
        try:
            names = os.listdir(os.path.join(top, folder))
        except OSError:
            continue
        for name in sorted(names):
            path = os.path.join(top, folder, name)
            if name.endswith(CODE) and os.path.isfile(path) and os.path.getmtime(path) > made:
                return os.path.join(folder, name)
    return None
