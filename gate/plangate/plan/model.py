"""A plan as values: what policies and reports read. Nothing here reads a file or a clock."""

from __future__ import annotations

from functools import cached_property

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .change import Change
    from .configuration import Configuration
    from .instances import Instances
    from .references import References
    from .values import Unknown, UnknownValue


class Plan:
    """A whole plan document. `changes` are resource changes in the plan's order; `drift` stands apart."""

    def __init__(self, facts: dict[str, Any], changes: list[Change], drift: list[Change], sections: Sections) -> None:
        self.facts = facts
        self.changes = changes
        self.drift = drift
        self.sections = sections
        self.run: dict[str, Any] = {}
        # Where the state is kept: {"type": "s3", "config": {argument: value}}, the arguments that are set, in clear.
        # Only a plan file says it; None for a plan document.
        self.backend: dict[str, Any] | None = None
        # What the policy that runs read, or asked, and cannot know; the engine looks at it and clears it.
        self.pending: list[Unknown | UnknownValue] = []
        self.read: list[Change] = []
        self.note = self.pending.append
        # What the policies of one pack find out once, by a key that begins with its name.
        self.memo: dict[Any, Any] = {}
        for change in changes:
            change.plan = self
        for change in drift:
            change.plan = self

    def answered(self, unknown: Unknown) -> None:
        """A policy asked what an unknown is: it did not just overlook it."""
        self.pending[:] = [u for u in self.pending if type(u) is not type(unknown) or not unknown.is_at(u)]

    @cached_property
    def by_type(self) -> dict[str, list[Change]]:
        """Changes of managed resources by their type."""
        index: dict[str, list[Change]] = {}
        for change in self.changes:
            if change.mode == "managed":
                found = index.get(change.type)
                if found is None:
                    index[change.type] = [change]
                else:
                    found.append(change)
        return index

    @cached_property
    def staying(self) -> dict[str, list[Change]]:
        """As by_type, without those that go away."""
        return {name: [c for c in all_ if not c.goes_away] for name, all_ in self.by_type.items()}

    def of_type(self, type: str) -> list[Change]:
        """The managed resources of one type, those that go away too."""
        return self.by_type.get(type, [])

    @property
    def data(self) -> list[Change]:
        """Data sources that are read during the apply."""
        return [c for c in self.changes if c.mode == "data"]

    def data_read(self, type: str) -> list[dict[str, Any]]:
        """What data sources of a type gave while the plan was made: their values, from the prior state."""
        from .prior import data_read

        return data_read(self.sections, type)

    @property
    def state_size(self) -> int:
        """How many managed resources the prior state has; a targeted plan does not list them all."""
        from .prior import size

        return size(self.sections)

    @property
    def variables(self) -> dict[str, Any]:
        """Root variables by name, their values in clear."""
        found = self.sections.get("variables")
        return {k: v.get("value") for k, v in found.items() if type(v) is dict} if type(found) is dict else {}

    @property
    def outputs(self) -> dict[str, Any]:
        """`output_changes` by name, as the plan has them."""
        found = self.sections.get("output_changes")
        return found if type(found) is dict else {}

    @property
    def action_invocations(self) -> list[dict[str, Any]]:
        """The actions that the apply invokes (Terraform 1.14 and later), as the plan has them."""
        found = self.sections.get("action_invocations")
        return [one for one in found if type(one) is dict] if type(found) is list else []

    @property
    def modules(self) -> list[dict[str, Any]]:
        """Every module call: {"address", "source", "version_constraint"}, nested ones with their path."""
        return self.configuration.module_calls()

    @property
    def providers(self) -> list[dict[str, Any]]:
        """Every provider configuration: {"name", "full_name", "version_constraint", "alias", "expressions"}."""
        return self.configuration.provider_configs()

    @cached_property
    def configuration(self) -> Configuration:
        from .configuration import Configuration

        return Configuration(self.sections.get("configuration"))

    @cached_property
    def instances(self) -> Instances:
        from .instances import Instances

        return Instances(self)

    @cached_property
    def references(self) -> References:
        from .references import References

        return References(self)


class Sections:
    """The other sections of the document by name, each decoded when first asked for."""

    __slots__ = ("_decode", "_found", "names")

    def __init__(self, found: dict[str, Any], decode: Callable[[Any], Any] | None) -> None:
        self._found, self._decode = found, decode
        self.names = list(found)

    def undecoded(self, name: str) -> Any:
        """The section as it lies there: of a large document perhaps its bytes."""
        return self._found.get(name)

    def get(self, name: str) -> Any:
        """The section, or None."""
        value = self._found.get(name)
        if self._decode is not None and value is not None:
            value = self._decode(value)
            self._found[name] = value
        return value
