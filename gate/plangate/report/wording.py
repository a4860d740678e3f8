"""The sentences of ours that formats and messages share: keys to English, a number in each where one belongs."""

from __future__ import annotations

from .groups import plural

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FATES = {"destroy": "destroyed", "replace": "replaced", "forget": "forgotten"}
FOLDED = {"tags": "tags only", "computed": "only what the provider will tell"}
_COUNTED = ("create", "update", "replace", "delete", "read", "forget", "import", "move")


def because(reasons: list[tuple[str, int]]) -> str:
    """Why the verdict is what it is, in one sentence: no word of it comes from a plan."""
    return ", and ".join([_reason(key, number) for key, number in reasons])


def _reason(key: str, number: int) -> str:
    if key == "stops":
        return f"{plural(number, 'finding stops', 'findings stop')} this plan"
    if key == "undecided":
        return f"{plural(number, 'policy', 'policies')} could not decide"
    return {
        "settings": "a setting or option is wrong",
        "unreadable": "the plan cannot be judged",
        "internal": "plangate itself failed, or an output could not be written",
        "delivery": "a required message was not delivered",
        "nothing": "nothing stops this plan",
        "unjudged": "what this plan would do",
    }.get(key, key)


def counts(summary: dict[str, Any]) -> list[str]:
    """`12 to create, 3 to update, ...`: our own count, never the plan's."""
    words = [f"{summary[k]} to {'destroy' if k == 'delete' else k}" for k in _COUNTED if summary.get(k)]
    if summary.get("outputs"):
        words.append(plural(summary["outputs"], "output changes", "outputs change"))
    if summary.get("drift"):
        words.append(f"{summary['drift']} drifted")
    return words or ["none"]


def lost(loss: dict[str, Any] | None) -> str:
    """What goes with a destroyed object, and what remains of it; empty where nothing is known to."""
    if not loss:
        return ""
    gone = str(loss.get("loss") or "")
    rest = loss.get("recovery")
    return f"{gone}; what may remain: {rest}" if gone and rest else gone


def changed(kind: dict[str, Any]) -> str:
    """What of a kind of changes differs: a fold in words, else the first attributes by name."""
    if kind.get("folded"):
        return FOLDED[kind["folded"]]
    names = kind.get("attributes") or []
    more = f" and {len(names) - 4} more" if len(names) > 4 else ""
    return ", ".join(names[:4]) + more


def waiver(entry: dict[str, Any]) -> str:
    """A waiver by what it covers and where it is written."""
    source = f" ({entry['source']})" if entry.get("source") else ""
    return f"{entry.get('policy')} on {entry.get('address')}{source}"


def invalid(entry: dict[str, Any]) -> str:
    """Why a waiver of the report's `expired` covers nothing."""
    return str(entry.get("problem") or f"expired after {entry.get('expires')}: {waiver(entry)}")


def invocation(entry: dict[str, Any]) -> str:
    """`provisioner local-exec on aws_instance.a (create)`."""
    said = f"{entry.get('kind')} {entry.get('type')}"
    if entry.get("address"):
        said += f" {'on' if entry.get('kind') == 'provisioner' else 'of'} {entry['address']}"
    return said + (f" ({entry['when']})" if entry.get("when") else "")


def delivery(entry: dict[str, Any]) -> str:
    """A message that was not delivered, and why."""
    return f"{entry.get('notifier')}: {entry.get('error') or 'no reason given'}"


def rename(pair: dict[str, Any]) -> str:
    """A delete and a create that may be one object, and what to write if they are."""
    return f"{pair['from']} -> {pair['to']} (if so, a `moved` block keeps the object)"


def check(entry: dict[str, Any]) -> str:
    """A check block, condition or validation that does not pass."""
    status = "cannot be known until apply" if entry.get("status") == "unknown" else f"does not pass: {entry['status']}"
    return f"{entry.get('address')} {status}"


def drift(entries: list[dict[str, Any]]) -> list[str]:
    """What changed outside Terraform: one by one what may have caused a planned change, the others together."""
    caused = [e for e in entries if e.get("relevant")]
    rest = [str(e.get("address")) for e in entries if not e.get("relevant")]
    said = [
        f"{e['address']} ({', '.join(e['relevant'][:3])}) changed outside Terraform and may cause a planned change"
        for e in caused
    ]
    if rest:
        more = f" and {len(rest) - 3} more" if len(rest) > 3 else ""
        said.append(f"{', '.join(rest[:3])}{more} changed outside Terraform")
    return said


def hidden(summary: dict[str, Any]) -> str:
    """How much `ignore_paths` hides; empty where nothing."""
    words = [plural(summary["hidden"], "update")] if summary["hidden"] else []
    if summary["veiled"]:
        words.append(plural(summary["veiled"], "attribute") + (" of others" if words else ""))
    return f"{' and '.join(words)} hidden by ignore_paths" if words else ""


def subject(kind: dict[str, Any]) -> str:
    """What a kind of changes is about: the one resource, or the type of several."""
    addresses: list[Any] = kind.get("addresses") or []
    return str(addresses[0]) if len(addresses) == 1 else str(kind["type"])


def output(entry: dict[str, Any]) -> str:
    """An output that changes, and how."""
    return f"{entry.get('name')} ({entry.get('action')}{', sensitive' if entry.get('sensitive') else ''})"


def checkov(section: dict[str, Any] | None) -> str:
    """Whether Checkov judged as well; empty where nobody asked it to."""
    status = (section or {}).get("status")
    if status == "ran":
        return f"Checkov {(section or {}).get('version') or ''}".strip()
    return {
        "not_installed": "Checkov is not installed",
        "failed": "Checkov failed",
    }.get(str(status), "")
