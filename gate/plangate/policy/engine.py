"""Call each policy on what it judges; believe only well-formed answers.

The cost follows what matches: changes are indexed by type once, and a policy's globs are matched against the
types of the plan, not against its resources.
"""

from __future__ import annotations

from plangate.plan.values import UnknownValue, owner_of

from .api import Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from plangate.plan.change import Change
    from plangate.plan.model import Plan

    from .api import Policy

MAX_FINDINGS = 100_000  # of one policy: more is a broken policy, not a report
MAX_TEXT = 4000


class Result:
    """What one policy said: counts of outcomes, and the outcomes that are not `pass`.

    `found` items are (outcome, address, deposed, attribute, message, origin, touched, remediation, severity).
    """

    __slots__ = ("errors", "failed", "found", "id", "matched", "passed", "passes", "unknown")

    def __init__(self, id: str) -> None:
        self.id = id
        self.matched = self.passed = self.failed = self.unknown = self.errors = 0
        self.found: list[tuple[Any, ...]] = []
        self.passes: list[tuple[str, str | None]] = []


class BadAnswer(Exception):
    """A policy yielded something that is not a finding."""


def matching(policy: Policy, types: Iterable[str]) -> list[str]:
    """The resource types of a plan that a policy judges."""
    wild = [t for t in policy.types if "*" in t or "?" in t]
    if not wild:
        wanted = set(policy.types)
        return [t for t in types if t in wanted]
    heads = tuple(t[:-1] for t in wild)
    if all(t[-1] == "*" and not any(c in h for c in "*?\\") for t, h in zip(wild, heads, strict=True)):
        # `aws_*`: by far the usual glob, and a type holds no separator that `*` would stop at.
        wanted = set(policy.types)
        return [t for t in types if t in wanted or (t.startswith(heads) and "/" not in t)]
    from plangate.globs import match_id

    return [t for t in types if any(match_id(pattern, t) for pattern in policy.types)]


def subjects(plan: Plan, policy: Policy) -> list[Change]:
    """The changes that a policy is called on."""
    by_type = plan.staying if policy.judges == "after" else plan.by_type
    names = matching(policy, by_type)
    if len(names) == 1:
        return by_type[names[0]]
    found: list[Change] = []
    for name in names:
        found += by_type[name]
    return found


def evaluate(plan: Plan, policy: Policy, settings: dict[str, Any] | None = None, keep_passes: bool = False) -> Result:
    """One policy on one plan. What it raises becomes an `error` outcome of that change; the rest is still judged."""
    targets: list[Any] = [plan] if policy.judges == "plan" else subjects(plan, policy)
    result = Result(policy.id)
    result.matched = len(targets)
    call = policy.function if not settings else _bound(policy.function, settings)
    pending, read = plan.pending, plan.read
    judged: dict[int, None] = {}  # targets that did not simply pass
    called = targets if not policy.actions else [c for c in targets if c.action in policy.actions]
    rest = iter(called)
    target: Any = None
    # Almost every call yields nothing: that way is kept as short as a loop can be. What is not so short, also an
    # exception, is left to _one, and the loop goes on behind it.
    while True:
        try:
            for target in rest:
                yielded = call(target)
                for item in yielded:
                    _one(plan, policy, target, item, yielded, result)
                    judged[id(target)] = None
                    break
                if pending:
                    if id(target) not in judged:
                        _one(plan, policy, target, None, (), result)
                        judged[id(target)] = None
                    pending.clear()
                if read:
                    read.clear()
            break
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - sys.exit in a policy must not end the gate
            _raised(plan, policy, target, error, [], result)
            judged[id(target)] = None
            pending.clear()
            read.clear()
    result.passed += len(targets) - len(judged)
    if keep_passes and policy.judges != "plan":
        stopped = {(row[1], row[2]) for row in result.found}
        result.passes = [t.key for t in targets if t.key not in stopped]
    return result


def _bound(function: Any, settings: dict[str, Any]) -> Any:
    from functools import partial

    return partial(function, **settings)


def _one(plan: Plan, policy: Policy, target: Any, first: Any, more: Iterable[Any], result: Result) -> None:
    """What a call yields beyond nothing: its findings, and unknown values that it read and did not ask about."""
    yielded = [] if first is None and more == () else [first]
    try:
        for item in more:
            yielded.append(item)
            if len(yielded) > MAX_FINDINGS:
                raise BadAnswer(f"it yields more than {MAX_FINDINGS:,} findings")
        result.found += _outcomes(plan, target, yielded, plan.pending, result)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - as above
        _raised(plan, policy, target, error, yielded, result)


def _raised(plan: Plan, policy: Policy, target: Any, error: BaseException, yielded: list[Any], result: Result) -> None:
    unknown = error if isinstance(error, UnknownValue) else _misused(error, plan.pending)
    if unknown is not None:
        result.found += _partly(plan, policy, target, yielded, unknown, result)
        return
    result.errors += 1
    result.found.append(_row(plan, target, "error", None, _said(error, policy), None))


def _misused(error: BaseException, pending: list[Any]) -> UnknownValue | None:
    """What was asked when a function of C, which sees only the type (`re.match`, `",".join`), got an Unknown."""
    if type(error) is TypeError and "Unknown" in str(error):
        read = [u for u in pending if type(u) is not UnknownValue]
        if read:
            return UnknownValue(read[-1].path, read[-1].state, read[-1].origin, owner_of(read[-1]))
    return None


def _outcomes(plan: Plan, target: Any, yielded: list[Any], pending: list[Any], result: Result) -> list[tuple[Any, ...]]:
    rows = [_finding(plan, target, item) for item in yielded]
    if not rows:
        # It read an unknown value by name and ended without asking, by `is None` or `is False` perhaps; or it
        # asked, and caught the UnknownValue. Neither is an answer. Change.is_set and is_unknown are.
        overlooked = next((u for u in pending if type(u) is UnknownValue or not u.handled), None)
        if overlooked is not None:
            asked = UnknownValue(overlooked.path, overlooked.state, overlooked.origin, owner_of(overlooked))
            rows = [_unknown(plan, target, asked)]
    return _count(rows, result)


def _partly(
    plan: Plan, policy: Policy, target: Any, yielded: list[Any], unknown: UnknownValue, result: Result
) -> list[tuple[Any, ...]]:
    try:
        rows = [_finding(plan, target, item) for item in yielded]
    except BadAnswer as error:
        result.errors += 1
        return [_row(plan, target, "error", None, _said(error, policy), None)]
    return _count([*rows, _unknown(plan, target, unknown)], result)


def _count(rows: list[tuple[Any, ...]], result: Result) -> list[tuple[Any, ...]]:
    outcomes = {row[0] for row in rows}
    if "fail" in outcomes:
        result.failed += 1
    elif "unknown" in outcomes:
        result.unknown += 1
    else:
        result.passed += 1
    return rows


def _finding(plan: Plan, target: Any, item: Any) -> tuple[Any, ...]:
    if type(item) is str:
        item = Finding(item)
    if not isinstance(item, Finding):
        raise BadAnswer(f"it yields {type(item).__name__}, not a Finding or a text")
    for name in ("message", "attribute", "address", "remediation", "severity"):
        value = getattr(item, name)
        if type(value) is not str and not (value is None and name != "message"):
            raise BadAnswer(f"the {name} of a finding is {type(value).__name__}, not text")
    if not item.message.strip():
        raise BadAnswer("the message of a finding is empty")
    return _row(
        plan,
        target,
        item.outcome,
        item.attribute,
        item.message,
        None,
        item.address,
        item.remediation,
        item.severity,
    )


_WHY = {
    "configured": "is known only after the apply",
    "left_out": "is not in the configuration: the provider decides at apply",
    "uncertain": "cannot be told from the plan",
    "malformed": "is not a policy document",
}


def _unknown(plan: Plan, target: Any, unknown: UnknownValue) -> tuple[Any, ...]:
    why, of = _WHY.get(unknown.state, _WHY["uncertain"]), getattr(unknown.owner, "address", None)
    if of is None or of == getattr(target, "address", None):
        return _row(plan, target, "unknown", unknown.path, f"{unknown.path} {why}", unknown.origin)
    return _row(plan, target, "unknown", None, f"{unknown.path} of {of} {why}", unknown.origin)


def _row(
    plan: Plan,
    target: Any,
    outcome: str,
    attribute: str | None,
    message: str,
    origin: str | None,
    address: str | None = None,
    remediation: str | None = None,
    severity: str | None = None,
) -> tuple[Any, ...]:
    whole = target is plan
    touched = True if whole else target.touched or any(c.touched for c in plan.read)
    return (
        outcome,
        address if address is not None else None if whole else target.address,
        None if whole else target.deposed,
        attribute,
        message[:MAX_TEXT],
        origin,
        touched,
        remediation,
        severity,
    )


def _said(error: BaseException, policy: Policy) -> str:
    """What went wrong, where; never the values that an exception's text may carry beyond its type and message."""
    line = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == policy.source:
            line = trace.tb_lineno
        trace = trace.tb_next
    text = " ".join(str(error).split())[:300] if not isinstance(error, SystemExit) else f"exit({error.code!r})"
    where = f" at line {line}" if line else ""
    return f"the policy broke{where}: {type(error).__name__}" + (f": {text}" if text else "")
