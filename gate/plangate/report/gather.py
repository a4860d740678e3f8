"""Collect what is sensitive in a plan, decoding only where a mark stands."""

from __future__ import annotations

from plangate.plan.checks import walk

from .secrets import Collector

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.plan.change import Change
    from plangate.plan.model import Plan


_SHORT = 4096  # bytes of a mask that is worth to be remembered


def secrets_of(plan: Plan) -> set[str]:
    """Every string that the plan marks sensitive anywhere, to be hidden wherever it stands."""
    collector = Collector()
    sections = plan.sections
    quiet = _Quiet()
    for change in plan.changes:
        _change(collector, change, quiet)
    for change in plan.drift:
        _change(collector, change, quiet)
    configuration = sections.get("configuration")
    collector.configuration(configuration)
    collector.variables(sections.get("variables"), configuration)
    collector.outputs(sections.get("output_changes"), configuration)
    for name in ("action_invocations", "deferred_action_invocations"):
        collector.actions(sections.get(name))
    collector.changes(sections.get("deferred_changes"))
    collector.backend(plan.backend)
    _values(collector, plan, "planned_values", quiet)
    _values(collector, plan, "prior_state", quiet)
    return collector.values


class _Quiet(set[bytes]):
    """Undecoded masks that mark nothing. Resources of a type have few different ones: each is looked into once."""

    def holds(self, mask: Any) -> bool:
        """Whether it is one. Anything odd is none, and neither is null: before Terraform 0.15 there are no masks."""
        written = bytes(mask)
        if written in self:
            return True
        if b"true" in written or written[:1] not in (b"{", b"[", b"f"):
            return False
        if len(written) < _SHORT:
            self.add(written)
        return True


def _change(collector: Collector, change: Change, quiet: _Quiet) -> None:
    undecoded = change._decode is not None and not change._done & 24
    if undecoded and quiet.holds(change._before_sensitive) and quiet.holds(change._after_sensitive):
        collector.masked = True
        return
    before, after, _, before_marks, after_marks = change.raw()
    collector.change(before, after, before_marks, after_marks)


def _values(collector: Collector, plan: Plan, name: str, quiet: _Quiet) -> None:
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
                if not quiet.holds(marks):
                    pair = {"sensitive_values": large.decode(marks), "values": large.decode(body)}
                    collector.module_values({"root_module": {"resources": [pair]}})
            return
        section = plan.sections.get(name)
    values = section.get("values") if name == "prior_state" and type(section) is dict else section
    if type(values) is dict:
        collector.module_values({"outputs": values.get("outputs"), "root_module": {"resources": walk(values)}})
