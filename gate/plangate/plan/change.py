"""One change of a plan, as policies read it."""

from __future__ import annotations

from .actions import ACTIONS, GOES_AWAY, TOUCHES
from .facts import stateful_rows
from .paths import dotted, first_unknown, marked, parse_path
from .values import ABSENT, Block, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .documents import Document
    from .model import Plan
    from .paths import Path


_BODIES = ("_before", "_after", "_after_unknown", "_before_sensitive", "_after_sensitive")
_ALL = 31


class Change:
    """One entry of `resource_changes` (or of drift, or deferred); its key is (address, deposed).

    `before` and `after` are Blocks (ABSENT where there is none). `action` is create, update, delete, replace,
    read, forget, no-op or open; `actions` the plan's own list; `order` of a replace delete-first, create-first
    or create-then-forget.
    """

    __slots__ = (
        "_after",
        "_after_sensitive",
        "_after_unknown",
        "_before",
        "_before_sensitive",
        "_decode",
        "_done",
        "_documents",
        "_planned",
        "action",
        "actions",
        "address",
        "deferred",
        "deposed",
        "importing",
        "index",
        "mode",
        "module_address",
        "name",
        "order",
        "plan",
        "previous_address",
        "provider_name",
        "reason",
        "replace_paths",
        "type",
    )

    plan: Plan

    def __init__(  # noqa: PLR0913 - an entry has as many fields
        self,
        address: str,
        deposed: str | None,
        module_address: str,
        mode: str,
        type: str,
        name: str,
        index: Any,
        provider_name: str,
        actions: tuple[str, ...],
        reason: str | None,
        previous_address: str | None,
        importing: Any,
        replace_paths: Any,
        bodies: tuple[Any, Any, Any, Any, Any],
        decode: Callable[[Any], Any] | None,
        deferred: str | None = None,
    ) -> None:
        self.address, self.deposed, self.module_address = address, deposed, module_address
        self.mode, self.type, self.name, self.index = mode, type, name, index
        self.provider_name, self.actions, self.reason = provider_name, actions, reason
        self.previous_address, self.importing, self.replace_paths = previous_address, importing, replace_paths
        self.action, self.order = ACTIONS[actions]
        self._before, self._after, self._after_unknown, self._before_sensitive, self._after_sensitive = bodies
        self._decode = decode
        self._done = 0  # bits of the bodies that are decoded, in the order of raw()
        self._documents: dict[tuple[str, bool], Any] | None = None
        self._planned: Any = None  # `after`, once it was asked for
        self.deferred = deferred

    def __repr__(self) -> str:
        return f"<Change {self.action} {self.type}>"

    # -- what happens -------------------------------------------------------------------------------------

    @property
    def key(self) -> tuple[str, str | None]:
        return self.address, self.deposed

    @property
    def is_destructive(self) -> bool:
        """Whether an object is deleted: a delete, or a replace that deletes the old one."""
        return "delete" in self.actions

    @property
    def goes_away(self) -> bool:
        """Whether nothing is left under Terraform's care afterwards: delete and forget."""
        return self.action in GOES_AWAY or self.deposed is not None

    @property
    def touched(self) -> bool:
        """Whether this plan does anything to it; an import counts, a move alone does not."""
        return self.action in TOUCHES or self.importing is not None

    # -- raw bodies ---------------------------------------------------------------------------------------

    def body(self, index: int) -> Any:
        """One of the five that raw() gives, by its place there. Of a large plan it is decoded when it is asked for."""
        name = _BODIES[index]
        value = getattr(self, name)
        if self._decode is None or self._done & 1 << index:
            return value
        if index < 2 and self._before is self._after:  # nothing changes: one object for both
            self._before = self._after = value = self._decode(value)
            self._done |= 3
        else:
            value = self._decode(value)
            setattr(self, name, value)
            self._done |= 1 << index
        if self._done == _ALL:
            self._decode = None
        return value

    def raw(self) -> tuple[Any, Any, Any, Any, Any]:
        """(before, after, after_unknown, before_sensitive, after_sensitive) as the plan has them."""
        if self._decode is not None:
            return self.body(0), self.body(1), self.body(2), self.body(3), self.body(4)
        return self._before, self._after, self._after_unknown, self._before_sensitive, self._after_sensitive

    # -- values -------------------------------------------------------------------------------------------

    @property
    def after(self) -> Any:
        """The state after the apply as far as it is known: a Block, or ABSENT when the object goes away."""
        if self._planned is None:
            self._planned = self._as_planned()
        return self._planned

    def _as_planned(self) -> Any:
        value, mask = self.body(1), self.body(2)
        if type(value) is not dict:
            if value is None and mask and mask is not True and not self.goes_away:
                value = {}
            elif mask is True:
                return Block({}, True, (), self.why, self.plan.note)
            else:
                return ABSENT
        return Block(value, mask or None, (), self.why, self.plan.note)

    @property
    def before(self) -> Any:
        """The state before: a Block of known values, or ABSENT for a create."""
        value = self._before if self._decode is None or self._done & 1 else self.body(0)
        return Block(value, None, (), self.why, None) if type(value) is dict else ABSENT

    def why(self, path: Path, asked: Unknown | None = None) -> tuple[str, str | None]:
        """Why the value at a path is unknown: its state and origin (see Unknown). `asked` is kept by the plan."""
        if asked is not None:
            self.plan.pending.append(asked)
        return self.plan.configuration.why_unknown(self, path)

    def is_set(self, path: str) -> bool:
        """Whether the author of the configuration, or a known default, sets this attribute after the apply.

        Known and not null: yes. Unknown but configured: yes. Null, absent, or left out for the provider to
        decide: no. Inside a dynamic block: raises UnknownValue.
        """
        value = self.after.at(path) if self.after is not ABSENT else ABSENT
        if type(value) is Unknown:
            self.plan.answered(value)
            if value.state == "uncertain":
                value._ask()
            return value.state == "configured"
        return value is not None and value is not ABSENT

    def is_left_out(self, path: str) -> bool:
        """Whether it is unknown because nobody wrote it: the provider or the service decides at apply."""
        value = self.after.at(path) if self.after is not ABSENT else ABSENT
        if type(value) is Unknown:
            self.plan.answered(value)
            return value.state == "left_out"
        return False

    def is_sensitive(self, path: str) -> bool:
        """Whether Terraform marks this attribute, or a part of it, sensitive, before or after."""
        steps = parse_path(path)
        return marked(self.body(4), steps) or marked(self.body(3), steps)

    def changed(self) -> list[str]:
        """The top-level attributes that differ between before and after, unknown ones among them, sorted."""
        before, after, unknown = self.body(0), self.body(1), self.body(2)
        before, after = before if type(before) is dict else {}, after if type(after) is dict else {}
        if unknown is True or (type(unknown) is not dict and unknown):
            return sorted({*before, *after})
        names = {k for k in before.keys() | after.keys() if before.get(k) != after.get(k)}
        if unknown:
            maybe = {k for k, v in unknown.items() if v and first_unknown(v) is not None}
            names |= maybe
        return sorted(names)

    def replaced_because(self) -> list[str]:
        """The paths that force a replace, as Terraform writes them."""
        if type(self.replace_paths) is not list:
            return []
        return [
            dotted(tuple(s for s in path if isinstance(s, str | int)))
            for path in self.replace_paths
            if type(path) is list
        ]

    # -- what it is ---------------------------------------------------------------------------------------

    @property
    def taggable(self) -> bool:
        """Whether it can carry tags or labels of its own: its planned object has the attribute."""
        value = self.body(0 if self.goes_away else 1)
        unknown = None if self.goes_away else self.body(2)
        keys = {*(value if type(value) is dict else ()), *(unknown if type(unknown) is dict else ())}
        from .tags import can_carry_tags

        return can_carry_tags(self.type, keys)

    @property
    def stateful(self) -> dict[str, Any] | None:
        """What is lost with a resource of this type (a row of stateful_rows), None where nothing is."""
        found: dict[str, Any] | None = stateful_rows().get(self.type)
        return found

    def document(self, path: str, *, before: bool = False) -> Document | None:
        """The AWS policy document at an attribute, as statements (see plan.documents); None where there is none.

        One that is unknown only because `data.aws_iam_policy_document` makes it during the apply is read from what
        is planned of that, through modules and the documents it is merged from; what is unknown in there is Unknown
        in the statements. Raises UnknownValue where the plan does not tell, and its kind NotADocument for what is
        no document.
        """
        if self._documents is None:
            self._documents = {}
        if (path, before) not in self._documents:
            from .documents_read import document

            self._documents[path, before] = document(self, path, before)
        found: Document | None = self._documents[path, before]
        return found

    # -- neighbours ---------------------------------------------------------------------------------------

    def companions(self, type: str, *, by: str | None = None, leaving: bool = False) -> list[Change]:
        """The resources of `type` whose attribute `by` refers to this one, after the apply.

        Joined by equal known values, else by the configuration's references, through modules, count and for_each.
        `by` may be inside blocks (`vpc_config.security_group_ids`); left out, it is looked up in splits.jsonl, and
        LookupError raised where it is not there. Raises UnknownValue when none is found and a reference cannot be
        decided that may mean this one (through a `local`, say). With `leaving=True` those that referred to it until
        now and that this plan removes instead.
        """
        return self.plan.references.companions(self, type, by, leaving)

    def referred(self, path: str | None = None, *, type: str | None = None) -> list[Change]:
        """The changes that an attribute of this one refers to: of a listener its load balancer. See companions.

        Of managed resources of `type`, where given; a known value that no reference explains is looked up only among
        those, or among the types that splits.jsonl has for the attribute, which it also has where `path` is left
        out. Data sources that the apply reads are among them. Raises UnknownValue where it cannot be decided.
        """
        return self.plan.references.referred(self, path, type)

    def references(self, path: str) -> list[str]:
        """What the configuration's expression of this attribute refers to, longest first; [] for a literal."""
        return self.plan.configuration.references_of(self, parse_path(path))

    @property
    def provisioners(self) -> list[str]:
        """The types of the provisioners of its configuration (`local-exec`): what runs besides the change."""
        return self.plan.configuration.provisioners_of(self)

    @property
    def provider(self) -> Any:
        """The expressions of its provider configuration ({} where there are none); constants, not marked."""
        return self.plan.configuration.provider_of(self)
