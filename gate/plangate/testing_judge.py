"""Judging a plan with one policy, for `plangate.testing`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .policy.api import type_holds
from .policy.engine import evaluate

if TYPE_CHECKING:
    from .plan.model import Plan
    from .policy.api import Policy

_RANK = ("pass", "unknown", "fail", "error")


class Verdicts:
    """What a policy says of a plan.

    `outcomes` is {address: "pass" | "fail" | "unknown" | "error"}, the worst where there are several; a deposed
    object is `ADDRESS (deposed KEY)`, the plan as a whole "plan". `messages`, `attributes` and `severities` have
    what was found at each address, in order (severity None: the policy's own). `new` are the addresses with a
    finding that this plan touches, itself or by a companion that the policy read.
    """

    def __init__(self) -> None:
        self.outcomes: dict[str, str] = {}
        self.messages: dict[str, list[str]] = {}
        self.attributes: dict[str, list[str | None]] = {}
        self.severities: dict[str, list[str | None]] = {}
        self.new: set[str] = set()

    def __repr__(self) -> str:
        return f"<Verdicts {self.outcomes} {self.messages}>"

    @property
    def outcome(self) -> str:
        """The outcome where only one resource was judged; raises ValueError where it is another number."""
        if len(self.outcomes) != 1:
            raise ValueError(f"not one outcome but {self.outcomes}")
        return next(iter(self.outcomes.values()))

    @property
    def message(self) -> str:
        """All messages in one text, for `"snapshot" in verdicts.message`."""
        return "\n".join(text for texts in self.messages.values() for text in texts)

    def _add(self, address: str, outcome: str) -> None:
        known = self.outcomes.get(address, "pass")
        self.outcomes[address] = max(known, outcome, key=_RANK.index)


def judge(policy: Policy, plan: Plan, **settings: Any) -> Verdicts:
    """What the policy says of the plan. Raises TypeError for a setting that it does not have, or of a wrong type."""
    for name, value in settings.items():
        if name not in policy.settings:
            raise TypeError(f"{policy.id} has no setting {name}; it has {', '.join(policy.settings) or 'none'}")
        if not type_holds(policy.settings[name][0], value):
            raise TypeError(f"{policy.id}: {name} is of type {policy.settings[name][0]}")
    result = evaluate(plan, policy, settings, keep_passes=True)
    verdicts = Verdicts()
    if policy.judges == "plan" and result.passed:
        verdicts._add("plan", "pass")
    for address, deposed in result.passes:
        verdicts._add(_named(address, deposed), "pass")
    for outcome, address, deposed, attribute, message, _, touched, _, severity in result.found:
        where = _named(address, deposed)
        verdicts._add(where, outcome)
        verdicts.messages.setdefault(where, []).append(message)
        verdicts.attributes.setdefault(where, []).append(attribute)
        verdicts.severities.setdefault(where, []).append(severity)
        if touched:
            verdicts.new.add(where)
    return verdicts


def _named(address: str | None, deposed: str | None) -> str:
    if address is None:
        return "plan"
    return f"{address} (deposed {deposed})" if deposed else address
