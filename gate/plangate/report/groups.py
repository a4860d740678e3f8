"""What of a report belongs together: findings of one policy, resources with one fate, numbered addresses."""

from __future__ import annotations

SEVERITIES = ("critical", "high", "medium", "low", "info")

# Why a resource is read, goes or is made anew: the words of the plan format, in ours.
REASONS = {
    "replace_because_tainted": "tainted",
    "replace_because_cannot_update": "cannot be updated in place",
    "replace_by_request": "asked for by -replace",
    "replace_by_triggers": "by replace_triggered_by",
    "delete_because_no_resource_config": "no longer in the configuration",
    "delete_because_wrong_repetition": "count or for_each was added or removed",
    "delete_because_count_index": "count is lower now",
    "delete_because_each_key": "its key left for_each",
    "delete_because_no_module": "its module is gone",
    "delete_because_no_move_target": "moved to what does not exist",
    "delete_because_enabled_false": "enabled is false now",
    "forgot_because_lifecycle_destroy_in_state": "destroy = false",
    "forgot_because_lifecycle_destroy_in_config": "destroy = false",
}


class Group:
    """Findings of one policy with one outcome; `kind` is one of _KINDS."""

    __slots__ = ("findings", "kind", "outcome", "policy", "severity")

    def __init__(self, kind: str, policy: str, severity: str, outcome: str) -> None:
        self.kind, self.policy, self.severity, self.outcome = kind, policy, severity, outcome
        self.findings: list[dict[str, Any]] = []


def kind(finding: dict[str, Any]) -> str:
    """What a finding means to the reader."""
    if finding.get("stops"):
        return "stops"
    outcome = finding.get("outcome") or "fail"
    if outcome in ("pass", "waived"):
        return str(outcome)
    status = finding.get("status")
    if status in ("existing", "fixed"):
        return str(status)
    return "unknown" if outcome == "unknown" else "fail"


# What is said of findings that do not stop, by kind; in this order.
NAMES = {
    "fail": "advisory",
    "unknown": "unknown",
    "existing": "existing",
    "waived": "waived",
    "fixed": "fixed",
    "pass": "passed",
}
_KINDS = ("stops", *NAMES)


def rank(severity: object) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def group(findings: list[dict[str, Any]]) -> list[Group]:
    """Groups, worst first: what stops before what does not, then by severity, number and name."""
    groups: dict[tuple[str, str, str, str], Group] = {}
    for finding in findings:
        key = (
            kind(finding),
            str(finding.get("policy") or ""),
            str(finding.get("severity") or ""),
            str(finding.get("outcome") or "fail"),
        )
        found = groups.get(key)
        if found is None:
            found = groups[key] = Group(*key)
        found.findings.append(finding)
    return sorted(
        groups.values(),
        key=lambda g: (_KINDS.index(g.kind), rank(g.severity), -len(g.findings), g.policy, g.outcome),
    )


def named(change: dict[str, Any]) -> str:
    """The address of a change or finding (empty for the plan as a whole), and which old object is meant."""
    address = str(change.get("address") or "")
    return f"{address} (deposed {change['deposed']})" if change.get("deposed") else address


def cause(change: dict[str, Any]) -> str:
    """Why it goes: the attributes that force a replace, else the plan's reason in words."""
    paths = change.get("replace_paths")
    if paths:
        more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
        return f"forced by {', '.join([str(path) for path in paths[:3]])}{more}"
    reason = change.get("reason")
    return REASONS.get(reason, str(reason).replace("_", " ")) if reason else ""


def compact(addresses: list[str], *, keys: bool = False) -> list[tuple[str, int]]:
    """Distinct addresses as (text, how many it stands for): those that differ in a last number are
    one text, `aws_s3_bucket.b[0..11,14]`; with `keys` also those that differ in a last key,
    `aws_iam_role.r["a","b",... 5 more]`."""
    found: dict[tuple[str, str], list[str]] = {}
    for address in dict.fromkeys(addresses):
        start = address.rfind("[")
        index = address[start + 1 : -1]
        if start < 1 or address[-1] != "]":
            found[address, ""] = []
        elif len(index) < 10 and index.isascii() and index.isdigit() and str(int(index)) == index:
            found.setdefault((address[:start], "number"), []).append(index)
        elif keys:
            found.setdefault((address[:start], "key"), []).append(index)
        else:
            found[address, ""] = []
    texts = []
    for (name, sort), indexes in found.items():
        inner = _ranges(sorted([int(i) for i in indexes])) if sort == "number" else _few(indexes, 3)
        texts.append((f"{name}[{inner}]" if sort else name, len(indexes) or 1))
    return texts


def _ranges(numbers: list[int]) -> str:
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number <= spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    words = [str(a) if a == b else f"{a},{b}" if b == a + 1 else f"{a}..{b}" for a, b in spans]
    return _few(words, 6)


def _few(words: list[str], most: int) -> str:
    return ",".join(words[:most]) + (f",... {len(words) - most} more" if len(words) > most else "")


def plural(number: int, one: str, several: str = "") -> str:
    """`1 finding`, `3 findings`."""
    return f"{number} {one}" if number == 1 else f"{number} {several or one + 's'}"


TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
