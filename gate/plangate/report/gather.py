"""Collect what is sensitive in a plan, decoding only where a mark stands."""

from __future__ import annotations

from plangate.plan.checks import walk

from .secrets import Collector

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.plan.change import Change
    from plangate.plan.large import Quiet
    from plangate.plan.model import Plan


def secrets_of(plan: Plan) -> set[str]:
    """Every string that the plan marks sensitive anywhere, to be hidden wherever it stands."""
    collector = Collector()
    sections = plan.sections
    quiet = None
    if sections._decode is not None:
        from plangate.plan.large import Quiet

        quiet = Quiet()
    for change in (*plan.changes, *plan.drift):
        if quiet is None or change._decode is None or change._done & 24 or not _says_nothing(change, quiet):
            before, after, _, before_marks, after_marks = change.raw()
            collector.change(before, after, before_marks, after_marks)
        else:
            collector.masked = True
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


def _says_nothing(change: Change, quiet: Quiet) -> bool:
    before, after = change._before_sensitive, change._after_sensitive
    return (bytes(before) in quiet or quiet.holds(before)) and (bytes(after) in quiet or quiet.holds(after))


def _values(collector: Collector, plan: Plan, name: str) -> None:
    section: Any = plan.sections._found.get(name)
    if section is None:
        return
    if type(section) is not dict:
        from plangate.plan import large

        found = large.values_of(section, prior=name == "prior_state")
        if found is not None:
            collector.module_values({"outputs": large.decode(found.outputs)})
            quiet = large.Quiet()
            for _, _, marks, body in found.spoken:
                if quiet.holds(marks):  # a data source
                    continue
                pair = {"sensitive_values": large.decode(marks), "values": large.decode(body)}
                collector.module_values({"root_module": {"resources": [pair]}})
            return
        section = plan.sections.get(name)
    values = section.get("values") if name == "prior_state" and type(section) is dict else section
    if type(values) is dict:
        collector.module_values({"outputs": values.get("outputs"), "root_module": {"resources": walk(values)}})
