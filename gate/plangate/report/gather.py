"""Collect what is sensitive in a plan, decoding only where a mark stands."""

from __future__ import annotations

from plangate.plan.checks import walk

from .secrets import Collector

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.plan.change import Change
    from plangate.plan.model import Plan


def secrets_of(plan: Plan) -> set[str]:
    """Every string that the plan marks sensitive anywhere, to be hidden wherever it stands."""
    collector = Collector()
    sections = plan.sections
    for change in plan.changes:
        _change(collector, change)
    for change in plan.drift:
        _change(collector, change)
    configuration = sections.get("configuration")
    collector.configuration(configuration)
    collector.variables(sections.get("variables"), configuration)
    collector.outputs(sections.get("output_changes"), configuration)
    for name in ("action_invocations", "deferred_action_invocations"):
        collector.actions(sections.get(name))
    collector.changes(sections.get("deferred_changes"))
    collector.backend(plan.backend)
    _values(collector, plan, "planned_values")
    _values(collector, plan, "prior_state")
    return collector.values


def _change(collector: Collector, change: Change) -> None:
    before_marks, after_marks = change._before_sensitive, change._after_sensitive
    undecoded = change._decode is not None and not change._done & 24
    if undecoded and not (_marks(before_marks) or _marks(after_marks) or _unmasked(before_marks, after_marks)):
        collector.masked = True
        return
    before, after, _, before_marks, after_marks = change.raw()
    collector.change(before, after, before_marks, after_marks)


def _unmasked(before_marks: Any, after_marks: Any) -> bool:
    """Whether a change lacks a mask, as all do before Terraform 0.15."""
    return bytes(before_marks) == b"null" or bytes(after_marks) == b"null"


def _marks(mask: Any) -> bool:
    """Whether undecoded marks may hold one; anything odd counts as one."""
    written = bytes(mask)
    return b"true" in written or written[:1] not in (b"{", b"[", b"f", b"n")


def _values(collector: Collector, plan: Plan, name: str) -> None:
    section: Any = plan.sections._found.get(name)
    if section is None:
        return
    if type(section) is not dict:
        from plangate.plan import large

        found = large.values_of(section, inside=name == "prior_state")
        if found is not None:
            outputs, resources = found
            collector.module_values({"outputs": outputs})
            for _, _, marks, body in resources:
                if _marks(marks):
                    pair = {"sensitive_values": large.decode(marks), "values": large.decode(body)}
                    collector.module_values({"root_module": {"resources": [pair]}})
            return
        section = plan.sections.get(name)
    values = section.get("values") if name == "prior_state" and type(section) is dict else section
    if type(values) is dict:
        collector.module_values({"outputs": values.get("outputs"), "root_module": {"resources": walk(values)}})
