"""What a policy is: a generator function that yields findings.

Its docstring is its page (the first line the title), its keyword-only parameters are its settings, what it
yields are its findings; yielding nothing is a pass.
"""

from __future__ import annotations

from plangate.plan.actions import ACTIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

SEVERITIES = ("info", "low", "medium", "high", "critical")
ON_UNKNOWN = ("fail", "warn", "pass")
# What a policy judges: every resource as it will be, every change, or the plan as a whole.
JUDGES = ("after", "change", "plan")
# The type of a setting that is the text of a file: a settings file holds the path, relative to itself.
FileText = str
_GENERATOR = 0x20  # inspect.CO_GENERATOR; `inspect` itself costs a start of Python


class Finding:
    """One fault: a message (no values that nobody asked for), and the attribute path it stands at.

    `address` is only needed by policies of the whole plan; `remediation` and `severity` when they differ from
    the policy's own.
    """

    __slots__ = ("address", "attribute", "message", "remediation", "severity")
    outcome = "fail"

    def __init__(
        self,
        message: str,
        attribute: str | None = None,
        *,
        address: str | None = None,
        remediation: str | None = None,
        severity: str | None = None,
    ) -> None:
        self.message, self.attribute, self.address = message, attribute, address
        self.remediation, self.severity = remediation, severity


class Undecided(Finding):
    """What the plan cannot tell until the apply, said by the policy itself: outcome `unknown`."""

    __slots__ = ()
    outcome = "unknown"


class PolicyMistake(Exception):
    """A policy is not written as one; the message says what to change."""


class SettingMistake(Exception):
    """A setting has the right type and still cannot hold: its name, what is wrong, how to mend it.

    `line` is one of the file, for a setting of the type FileText.
    """

    def __init__(self, name: str, what: str, *, line: int | None = None, fix: str | None = None) -> None:
        self.name, self.what, self.line, self.fix = name, what, line, fix
        super().__init__(f"{name} {what}")


class Policy:
    """A judged fault. `types` are resource types or globs of them; () for a policy of the whole plan."""

    __slots__ = (
        "_settings",
        "actions",
        "alias_types",
        "aliases",
        "check_settings",
        "doc",
        "function",
        "id",
        "judges",
        "line",
        "on_unknown",
        "on_unknown_reason",
        "references",
        "remediation",
        "rows",
        "severity",
        "source",
        "title",
        "types",
    )

    def __init__(
        self,
        id: str,
        function: Callable[..., Iterable[Any]],
        types: tuple[str, ...],
        judges: str,
        severity: str,
        remediation: str,
        references: tuple[str, ...],
        aliases: dict[str, tuple[str, ...]] | None = None,
        rows: Callable[[], Any] | None = None,
    ) -> None:
        self.on_unknown: str | None = None
        self.on_unknown_reason, self.actions = "", frozenset[str]()
        self.check_settings: Callable[[dict[str, Any]], Iterable[str]] | None = None
        self.id, self.function, self.types, self.judges = id, function, types, judges
        self.severity, self.remediation, self.references = severity, remediation, references
        self.alias_types = aliases or {}
        self.aliases, self.rows = tuple(self.alias_types), rows
        self._settings: dict[str, tuple[str, Any]] | None = None
        self.doc = function.__doc__ or ""
        self.title = self.doc.strip().partition("\n")[0].strip()
        code = getattr(function, "__code__", None)
        self.source: str = code.co_filename if code is not None else ""
        self.line: int = code.co_firstlineno if code is not None else 0

    def __repr__(self) -> str:
        return f"<Policy {self.id}>"

    @property
    def globs(self) -> bool:
        """Whether a type of it has wildcards."""
        return any("*" in name or "?" in name for name in self.types)

    def __call__(self, *args: Any, **settings: Any) -> Iterator[Any]:
        return iter(self.function(*args, **settings))

    @property
    def settings(self) -> dict[str, tuple[str, Any]]:
        """Setting name -> (type as a settings file has it: lists, no tuples; default)."""
        if self._settings is None:
            function: Any = self.function
            defaults = getattr(function, "__kwdefaults__", None) or {}
            code = function.__code__
            names = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
            notes = getattr(function, "__annotations__", {})
            self._settings = {n: (_in_files(_written(notes.get(n))), defaults.get(n)) for n in names}
        return self._settings


def _written(annotation: Any) -> str:
    if isinstance(annotation, str):
        return annotation
    if annotation is None:
        return ""
    # `list[str]` has the name "list"; only a plain class is its name.
    return str(annotation.__name__) if type(annotation) is type else str(annotation)


def policy(  # noqa: PLR0913 - all by name
    id: str,
    *,
    types: str | tuple[str, ...] | list[str] = (),
    judges: str = "after",
    actions: tuple[str, ...] | list[str] = (),
    severity: str = "medium",
    remediation: str = "",
    references: tuple[str, ...] | list[str] = (),
    aliases: dict[str, Any] | tuple[str, ...] | list[str] = (),
    rows: Callable[[], Any] | None = None,
    check_settings: Callable[[dict[str, Any]], Iterable[str]] | None = None,
    on_unknown: str | None = None,
    on_unknown_reason: str = "",
) -> Callable[[Callable[..., Iterable[Any]]], Policy]:
    """Make a policy of a generator function.

    `id` is `pack/fault` in lower case. `types` are resource types (`*` and `?` are wildcards). `judges` is "after"
    (resources as they will be; those that go away are never seen), "change" (every change, with before, after and
    actions) or "plan" (called once with the plan). `actions` are those that can make it fail at all: on changes of
    another Change.action it is not called, and they pass. `aliases` are ids of other tools' checks that ask the same:
    of all `types`, or a dict of id -> those of them for which it does. `check_settings` is called once a run with the
    settings that are written, for policies that ship with plangate: it gives notes for the report and raises
    SettingMistake. `on_unknown` (fail, warn, pass) is what an `unknown` of this policy means where no setting says it;
    one that does not stop needs its reason. Raises PolicyMistake when any is wrong.
    """
    names = (types,) if isinstance(types, str) else tuple(types)
    check_id(id)

    def make(function: Callable[..., Iterable[Any]]) -> Policy:
        known = {alias: tuple(aliases[alias]) if isinstance(aliases, dict) else names for alias in aliases}
        made = Policy(id, function, names, judges, severity, remediation, tuple(references), known, rows)
        made.check_settings, made.actions = check_settings, frozenset(actions)
        made.on_unknown, made.on_unknown_reason = on_unknown, on_unknown_reason
        if mistake := _mistake(made) or _mistake_of_function(function):
            raise PolicyMistake(f"{id}: {mistake}")
        check_settings_signature(made)
        return made

    return make


def _mistake(made: Policy) -> str | None:
    """What is wrong with the words of a policy, None where nothing is."""
    if made.severity not in SEVERITIES:
        return f"severity {made.severity!r} is none of {', '.join(SEVERITIES)}"
    if made.judges not in JUDGES:
        return f"judges={made.judges!r} is none of {', '.join(JUDGES)}"
    if not all(isinstance(name, str) and name for name in made.types):
        return "types holds something that is not a resource type"
    if bool(made.types) == (made.judges == "plan"):
        return "a plan policy has no types" if made.types else "needs types="
    if made.actions and (made.judges == "plan" or not made.actions.issubset(a for a, _ in ACTIONS.values())):
        return "actions holds something that is not the action of a change"
    if made.on_unknown not in (None, *ON_UNKNOWN):
        return f"on_unknown={made.on_unknown!r} is none of {', '.join(ON_UNKNOWN)}"
    if made.on_unknown not in (None, "fail") and not made.on_unknown_reason.strip():
        lets = f"on_unknown={made.on_unknown!r} lets a plan through that nobody can judge"
        return f"{lets}: say why with on_unknown_reason="
    return None


def _mistake_of_function(function: Any) -> str | None:
    code: Any = getattr(function, "__code__", None)
    if code is None:
        return "is not a plain function"
    if code.co_flags & 0x280:
        return "is `async`; a policy is a plain generator function"
    if not code.co_flags & _GENERATOR:
        return "never yields; a policy yields its findings"
    if code.co_argcount != 1:
        return f"takes {code.co_argcount} positional arguments; it must take one, the change or plan"
    if not (function.__doc__ or "").strip():
        return "has no docstring; its first line is the title that people read"
    return None


def _must(holds: bool, otherwise: str) -> None:
    if not holds:
        raise PolicyMistake(otherwise)


def check_id(id: Any) -> None:
    """Raises PolicyMistake for what is not the id of a policy."""
    _must(not callable(id), '@policy needs an id: @policy("pack/fault", types=...)')
    _must(isinstance(id, str) and _is_id(id), f"the id {id!r} is not of the form pack/fault in lower case")


def _is_id(text: str) -> bool:
    pack, slash, fault = text.partition("/")
    return bool(slash) and all(
        part and part[0].isalpha() and part.isascii() and part == part.lower() and part.replace("-", "").isalnum()
        for part in (pack, fault)
    )


# -- settings --------------------------------------------------------------------------------------------

_CHECKS: dict[str, Callable[[Any], bool]] = {
    "str": lambda v: isinstance(v, str),
    "FileText": lambda v: isinstance(v, str),
    "bool": lambda v: isinstance(v, bool),
    "int": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "float": lambda v: isinstance(v, int | float) and not isinstance(v, bool),
    "list[str]": lambda v: isinstance(v, list | tuple) and all(isinstance(i, str) for i in v),
    "list[int]": lambda v: isinstance(v, list | tuple) and all(isinstance(i, int) for i in v),
    "dict[str, str]": lambda v: isinstance(v, dict) and all(isinstance(i, str) for i in v.values()),
    "dict[str, int]": lambda v: isinstance(v, dict) and all(isinstance(i, int) for i in v.values()),
    "dict[str, bool]": lambda v: isinstance(v, dict) and all(isinstance(i, bool) for i in v.values()),
    "dict[str, list[str]]": lambda v: (
        isinstance(v, dict) and all(isinstance(i, list) and all(isinstance(s, str) for s in i) for i in v.values())
    ),
}


def _in_files(annotation: str) -> str:
    return annotation.replace("tuple[str, ...]", "list[str]").replace("tuple[int, ...]", "list[int]")


def type_holds(annotation: str, value: Any) -> bool:
    """Whether a setting's value is of the written type."""
    return any(
        value is None if part == "None" else _CHECKS.get(part, lambda _: False)(value)
        for part in (p.strip() for p in annotation.split("|"))
    )


_checked: set[Any] = set()  # signatures that were found right: many policies share a few


def check_settings_signature(made: Policy) -> None:
    """Every setting has a type that a settings file can hold, and a default of that type. Raises PolicyMistake."""
    code, defaults = made.function.__code__, getattr(made.function, "__kwdefaults__", None) or {}
    if not code.co_kwonlyargcount or code in _checked:
        return
    for name, (annotation, default) in made.settings.items():
        parts = [p.strip() for p in annotation.split("|")]
        if not all(p == "None" or p in _CHECKS for p in parts):
            said = f"has the type {annotation or 'none'}; use one of {', '.join(_CHECKS)}"
        elif name not in defaults:
            said = "has no default"
        elif not type_holds(annotation, default):
            said = f"has a default that is not of its type {annotation}"
        else:
            continue
        raise PolicyMistake(f"{made.id}: setting {name} {said}")
    _checked.add(code)
