"""Settings that are trusted together with those of a change that is not: what the change makes stricter holds.

An order is known of `fail_on`, `scope`, what happens to a policy (level, severity, unknown values, whether it is
judged), Checkov's mode, and whether a notifier is required. A finding is waived where both sides waive it. Of all else
the trusted side holds, also where the change adds to it: policies and notifiers of the change are nobody's yet.
"""

from __future__ import annotations

from .settings import SEVERITIES, Settings
from .toml_write import quoted

# The strictest first.
FAIL_ON = (*SEVERITIES, "none")
MODES = ("required", "auto", "off")
_SCOPES = ("all", "changed")


def tighten(base: Settings, head: Settings) -> list[str]:
    """Let `base` hold where `head` is not stricter; what of `head` holds, in lines."""
    said: list[str] = []
    for name, order in (("fail_on", FAIL_ON), ("scope", _SCOPES)):
        mine, theirs = getattr(base, name), getattr(head, name)
        if order.index(theirs) < order.index(mine):
            setattr(base, name, theirs)
            base.origins[name] = f"the change, {head.origins.get(name, 'default')}"
            said.append(f"{name} {theirs} of the change holds already: it is stricter than {mine}")
    if MODES.index(head.checkov.mode) < MODES.index(base.checkov.mode):
        base.checkov.mode = head.checkov.mode
        base.origins["checkov.mode"] = "the change"
        said.append(f"checkov.mode {head.checkov.mode} of the change holds already")
    said += _notifiers(base, head)
    theirs_too = {(w.policy, w.address, w.environment) for w in head.waivers}
    for waiver in base.waivers:
        if (waiver.policy, waiver.address, waiver.environment) not in theirs_too:
            what = f"{quoted(waiver.policy)} on {quoted(waiver.address)}"
            said.append(f"the waiver of {what} is not in the change: only what the change waives too is waived")
    base.head = head
    return said


def _notifiers(base: Settings, head: Settings) -> list[str]:
    said = []
    mine = base.notify.notifiers if base.notify else {}
    theirs = head.notify.notifiers if head.notify else {}
    for name, entry in mine.items():
        other = theirs.get(name)
        if other is not None and other.values.get("required") is True and entry.values.get("required") is not True:
            entry.values["required"] = True
            entry.origins["required"] = "the change"
            said.append(f"notifier {name} is required already, as the change asks")
    return said
