"""The file of `merge --expect`: which roots must report, as JSON, TOML or lines."""

from __future__ import annotations

import json
import tomllib

from plangate.context.facts import commit as commit_of
from plangate.errors import UsageError
from plangate.report.merge import Expected

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_FIX = 'write ["envs/prod", {"root": "envs/dev", "workspace": "eu"}], or a root a line'
_MOST = 10_000  # roots


def read(data: bytes, name: str) -> tuple[list[Expected], str | None]:
    """(the roots, the commit they must be of or None). Raises UsageError.

    JSON is a list of roots, or {"commit": ..., "roots": [...]}; TOML has the keys `roots` and `commit`; else every line
    is a root, empty ones and those that begin with # apart. A root is text or {root, workspace}. That no root must
    report is stated by an empty list of JSON or TOML: a file without lines says nothing.
    """
    try:
        text = data.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise UsageError("this is not UTF-8", where=name, fix=_FIX) from None
    commit: object = None
    found: object
    if name.endswith(".toml") or text.startswith(("{", "[")):
        found = _parsed(text, name)
        if isinstance(found, dict):
            unknown = [key for key in found if key not in ("commit", "roots")]
            if unknown or "roots" not in found:
                what = f"there is no key {unknown[0][:40]!a}" if unknown else "there is no key 'roots'"
                raise UsageError(what, where=name, fix=_FIX)
            commit, found = found.get("commit"), found["roots"]
    else:
        found = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
        if not found:
            raise UsageError("this names no root", where=name, fix="to expect none, write [] as JSON")
    if not isinstance(found, list) or len(found) > _MOST:
        raise UsageError("this is no list of roots", where=name, fix=_FIX)
    roots = [_root(one, name) for one in found]
    twice = next((one for n, one in enumerate(roots) if str(one) in map(str, roots[:n])), None)
    if twice is not None:
        raise UsageError(f"{str(twice)[:100]!a} is expected twice", where=name, fix="name each root once")
    if commit is not None and (not isinstance(commit, str) or commit_of(commit) is None):
        raise UsageError("its commit is none", where=name, fix="write the full id of a commit")
    return roots, commit if isinstance(commit, str) else None


def _parsed(text: str, name: str) -> Any:
    try:
        if name.endswith(".toml"):
            return tomllib.loads(text)
        return json.loads(text)
    except (ValueError, RecursionError):
        kind = "TOML" if name.endswith(".toml") else "JSON"
        raise UsageError(f"this is no {kind}", where=name, fix=_FIX) from None


def _root(one: object, name: str) -> Expected:
    if isinstance(one, str) and one.strip():
        return Expected(one.strip())
    if isinstance(one, dict) and set(one) <= {"root", "workspace"}:
        root, workspace = one.get("root"), one.get("workspace")
        if isinstance(root, str) and root.strip() and (workspace is None or isinstance(workspace, str)):
            return Expected(root.strip(), workspace or None)
    raise UsageError("an entry names no root", where=name, fix=_FIX)
