"""The part of the report's model that describes changes, and what the other part shares with it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Action = Literal["create", "update", "delete", "replace", "read", "forget", "no-op", "open"]
Count = Annotated[int, Field(ge=0)]


class Strict(BaseModel):
    """No key that the model does not know, and no value of another type made to fit."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Summary(Strict):
    """Changes counted; a replace counts once."""

    create: Count
    update: Count
    delete: Count
    replace: Count
    read: Count
    forget: Count
    import_: Count = Field(alias="import")
    move: Count
    no_op: Count
    outputs: Count
    drift: Count


class Lines(Strict):
    """Lines of a configuration file, counted from 1."""

    file: str
    line: int | None
    end_line: int | None


class Location(Lines):
    """Where a block stands in the repository; `inside` is its own place when it is a module of others, and then the
    lines are those of the call that leads to it."""

    inside: Lines | None


class Importing(Strict):
    """That an object is imported, and by which id, where that is one string."""

    id: str | None


class Loss(Strict):
    """What goes with a destroyed object, and what remains of it, where the type is known to hold something."""

    class_: str | None = Field(alias="class")
    what: str | None
    loss: str | None
    recovery: str | None


class Value(Strict):
    """What an attribute was and will be, as text; null where it had or has nothing."""

    path: str
    before: str | None
    after: str | None


class Change(Strict):
    """What happens to one resource. `actions` is the plan's own list, `action` its meaning; `attributes` are paths that
    change, at most 100, `computed` counts those the provider will tell; `folded` says why an update is hardly worth a
    look; `values` only with --show-values."""

    address: str
    deposed: str | None
    module: str | None
    mode: str
    type: str
    name: str
    provider: str | None
    action: Action
    actions: list[str]
    reason: str | None
    replace_paths: list[str]
    previous_address: str | None
    importing: Importing | None
    attributes: list[str]
    computed: Count
    folded: Literal["tags", "computed"] | None
    loss: Loss | None
    values: list[Value] | None
    location: Location | None


class Drift(Strict):
    """What changed outside Terraform; `relevant` attributes may have caused a planned change."""

    address: str
    deposed: str | None
    type: str
    action: Literal["update", "delete", "move"]
    attributes: list[str]
    relevant: list[str]


class Output(Strict):
    """An output that changes; its value is never shown."""

    name: str
    action: Literal["create", "update", "delete"]
    sensitive: bool


class Check(Strict):
    """A check block, condition or validation that does not pass."""

    address: str
    kind: str
    status: str
    problems: Count


class Rename(Strict):
    """A delete and a create that look like one object: probably a rename without a `moved` block."""

    from_: str = Field(alias="from")
    to: str
