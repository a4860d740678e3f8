"""From Checkov's answer to results and descriptions of policies, as the verdict wants them."""

from __future__ import annotations

from plangate.plan.paths import dotted
from plangate.plan.values import UnknownValue

from .places import VERSION
from .table import doubts, severities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from plangate.plan.change import Change
    from plangate.plan.model import Plan

    from .ask import Answer

PREFIX = "checkov/"
SOURCE = f"checkov {VERSION}"
HIDDEN = "it looks at a sensitive value, which Checkov was not given"


class Results:
    """`results` and `metas` by policy id as decide.verdict takes them; `also` {(policy, address): [ids]} of faults
    that our own policies found too; `counts` of what was put right.
    """

    def __init__(self) -> None:
        self.results: dict[str, dict[str, Any]] = {}
        self.metas: dict[str, dict[str, Any]] = {}
        self.also: dict[tuple[str, str | None], list[str]] = {}
        self.counts = {"unknown": 0, "gone": 0, "same": 0, "overruled": 0}


def results(
    plan: Plan,
    answer: Answer,
    address_of: Callable[[str], str],
    selected: Callable[[str], bool],
    own: dict[str, dict[str, Any]],
    own_results: dict[str, dict[str, Any]],
    keep_passes: bool,
) -> Results:
    """What of an answer goes into the report. `own` describes plangate's policies, `own_results` is what they said."""
    made = Results()
    mapper = _Mapper(plan, own, own_results, made)
    levels = severities()
    doubtful = doubts()
    for id, (passed, rows) in sorted(answer.rows.items()):
        policy = PREFIX + id
        if not selected(policy):
            continue
        name, link, types = answer.about[id]
        custom = answer.custom.get(id)
        meta = _meta(policy, name, link, levels.get(id, "medium"), custom)
        said: dict[tuple[str, str], dict[str, Any]] = meta["said"]
        result = _result(policy, passed)
        for shown, bare, told, keys in rows:
            row, more = mapper.row(id, address_of(shown), bare, told, keys, types, name)
            if row is None:
                _count_pass(result, address_of(shown), bare, told, keep_passes)
                continue
            result["matched"] += 1
            result["failed" if row[0] == "fail" else "unknown"] += 1
            result["found"].append(row)
            more["doubtful"] = more["doubtful"] or doubtful.get(id)
            if more["doubtful"]:
                row[4] = f"{row[4]} (doubtful: {more['doubtful']})"
            said[row[1], row[0]] = more
        if result["matched"]:
            made.results[policy], made.metas[policy] = result, meta
    _broke(made, answer, address_of, selected, levels)
    return made


def _meta(policy: str, name: str, link: Any, severity: str, custom: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "id": policy,
        "title": name,
        "severity": severity,
        "remediation": f"Read what the check asks for: {link}" if type(link) is str and link else "",
        "references": [link] if type(link) is str and link else [],
        "file": custom["file"] if custom else SOURCE,
        "source": "checkov",
        "digest": VERSION,
        "settings": {},
        "said": {},
    }


def _result(policy: str, passed: int) -> dict[str, Any]:
    return {
        "id": policy, "matched": passed, "passed": passed, "failed": 0, "unknown": 0, "errors": 0, "found": [],
        "passes": [],
    }  # fmt: skip


def _count_pass(result: dict[str, Any], address: str, bare: Any, told: Any, keep: bool) -> None:
    if told == "PASSED" or (told is None and bare == "PASSED"):
        result["matched"] += 1
        result["passed"] += 1
        if keep:
            result["passes"].append((address, None))


def _broke(
    made: Results, answer: Answer, address_of: Callable[[str], str], selected: Callable[[str], bool], levels: Any
) -> None:
    """A check that raised said nothing: of a custom one that is an error, of Checkov's own an unknown outcome."""
    for id, shown, kind in answer.broken:
        policy = PREFIX + id
        if not selected(policy):
            continue
        custom = answer.custom.get(id)
        name, link, _ = answer.about.get(id) or [custom["name"] if custom else id, None, None]
        made.metas.setdefault(policy, _meta(policy, name, link, levels.get(id, "medium"), custom))
        result = made.results.setdefault(policy, _result(policy, 0))
        address = address_of(shown) if shown is not None else None
        outcome = "error" if custom else "unknown"
        message = f"the check broke: {kind}" if custom else f"Checkov's check broke ({kind}), and so says nothing"
        result["matched"] += 1
        result["errors" if custom else "unknown"] += 1
        result["found"].append([outcome, address, None, None, message, None, True, None, None])


class _Mapper:
    """From one of Checkov's results to a row of the verdict, or to nothing where it is not to be shown."""

    def __init__(
        self, plan: Plan, own: dict[str, dict[str, Any]], own_results: dict[str, dict[str, Any]], made: Results
    ) -> None:
        self._plan, self._made = plan, made
        self._changes = {c.address: c for c in plan.changes if c.deposed is None}
        self._twins: dict[str, list[tuple[str, list[str]]]] = {}
        self._said: dict[str, set[str | None]] = {}
        for id, meta in own.items():
            result = own_results.get(id)
            if result is None or result["errors"]:
                continue
            for alias in meta["aliases"]:
                self._twins.setdefault(alias, []).append((id, meta["alias_types"].get(alias) or []))
                self._said.setdefault(id, {row[1] for row in result["found"]})

    def row(
        self, id: str, address: str, bare: Any, told: Any, keys: list[str], types: list[str] | None, name: str
    ) -> tuple[list[Any] | None, dict[str, Any]]:
        """(row or None, what Checkov itself said)."""
        change = self._changes.get(address)
        if change is not None and change.goes_away:
            self._made.counts["gone"] += 1
            return None, {}
        unknown = _unknown_key(change, keys) if change is not None else None
        outcome = _outcome(bare, told, unknown is not None)
        if outcome is None:
            return None, {}
        if change is not None and self._twin(id, change, address):
            return None, {}
        if outcome == "unknown":
            self._made.counts["unknown"] += 1
        path, origin = unknown if unknown is not None else (None, None)
        attribute = path or next((shown for k in keys if (shown := _path(k))), None)
        touched = change is None or change.touched or self._companion_touched(change, types)
        # What Checkov leaves open of itself is told, and stops nothing.
        severity = "info" if outcome == "unknown" and bare != "FAILED" and told != "FAILED" else None
        row = [outcome, address, None, attribute, name, origin, touched, None, severity]
        hidden = change is not None and _looks_at_secret(change, keys)
        return row, {"result": bare, "keys": keys, "doubtful": HIDDEN if hidden else None}

    def _twin(self, id: str, change: Change, address: str) -> bool:
        """Whether one of our own policies asks the same of this resource: then its answer is the one."""
        for policy, types in self._twins.get(id, ()):
            if types and change.type not in types:
                continue
            if address in self._said[policy]:
                self._made.counts["same"] += 1
                self._made.also.setdefault((policy, address), []).append(PREFIX + id)
            else:
                self._made.counts["overruled"] += 1
            return True
        return False

    def _companion_touched(self, change: Change, types: list[str] | None) -> bool:
        """Whether this plan touches something that a graph check may have joined with an untouched resource."""
        for type in types or ():
            if type == change.type or not any(c.touched for c in self._plan.of_type(type)):
                continue
            pending = len(self._plan.pending)
            try:
                joined = self._plan.references.companions(change, type, None, True)
                joined += self._plan.references.companions(change, type, None)
            except (UnknownValue, LookupError):
                return True  # it cannot be told
            finally:
                del self._plan.pending[pending:]
                self._plan.read.clear()
            if any(c.touched for c in joined):
                return True
        return False


def _outcome(bare: Any, told: Any, unknown: bool) -> str | None:
    if told == "FAILED":
        return "unknown" if unknown else "fail"
    if told == "PASSED" or (told is None and bare != "FAILED"):
        return None
    if bare == "FAILED":
        return "unknown"
    return "unknown" if unknown and told == "UNKNOWN" else None


def _unknown_key(change: Change, keys: list[str]) -> tuple[str, str | None] | None:
    """(path, origin) of the first attribute a check looked at that the configuration sets and nobody knows yet."""
    mask = change.raw()[2]
    if type(mask) is not dict or not mask:
        return None
    for key in keys:
        path = _steps(key)
        if path and _masked(mask, path):
            state, origin = change.plan.configuration.why_unknown(change, path)
            if state == "configured":
                return dotted(path), origin
    return None


def _looks_at_secret(change: Change, keys: list[str]) -> bool:
    """Whether an attribute that a check looked at is one that Checkov was given a placeholder for."""
    marks = change.raw()[4]
    return type(marks) is dict and bool(marks) and any(_masked(marks, _steps(key)) for key in keys)


def _masked(mask: Any, path: tuple[str | int, ...]) -> bool:
    for step in path:
        if mask is True:
            return True
        if type(mask) is list and isinstance(step, str):
            mask = mask[0] if len(mask) == 1 else None  # a block of one element: Checkov leaves the index out
        if type(mask) is dict and isinstance(step, str):
            mask = mask.get(step)
        elif type(mask) is list and isinstance(step, int) and step < len(mask):
            mask = mask[step]
        elif not isinstance(step, int):
            return False
    return mask is True


def _steps(key: str) -> tuple[str | int, ...]:
    """The path that an evaluated key means: `a/[0]/b` and `a/b` are a[0].b and a.b."""
    found: list[str | int] = []
    for part in key.strip("/").split("/"):
        plain = part.strip("[]")
        if plain.isdecimal() and len(plain) < 6:
            found.append(int(plain))
        elif part:
            found.append(part)
    while found and isinstance(found[-1], int):
        found.pop()
    return tuple(found)


def _path(key: str) -> str | None:
    steps = _steps(key)
    plain = all(isinstance(s, int) or s.replace("_", "").replace("-", "").isalnum() for s in steps)
    return dotted(steps) if steps and plain else None
