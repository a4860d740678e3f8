"""Which resources a policy's settings speak of, and how keys are said in messages."""

from __future__ import annotations

from plangate import SettingMistake, tag_table
from plangate_policies.tables import like

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from plangate import Change

    Names = tuple[str, ...]

ALL = ("*",)
_ENDS = ("types", "exempt_types", "required_for_types", "required_in_environments", "forbidden")
_TYPES = ("types", "required_for_types")  # to exempt what no policy judges does no harm
_MODULES = ("modules", "exempt_modules", "required_in_modules")
TYPES = ("aws_*", "awscc_*", "azurerm_*", "google_*", "kubernetes_*")


def check_scope(settings: dict[str, Any]) -> list[str]:
    """Notes on types that are misspelt, probably. Raises SettingMistake for names that can mean nothing."""
    notes: list[str] = []
    for name, given in settings.items():
        if not isinstance(given, tuple | list | dict):
            continue
        for text in given:
            if not text.strip():
                raise SettingMistake(name, "holds a name that is blank")
        if name in _ENDS:
            for text in given:
                if "*" in text[:-1]:
                    raise SettingMistake(name, f"has {shown(text)}", fix="it may have `*` only at its end")
                if name in _TYPES and not any(like(text, (t,)) or like(t[:-1], (text,)) for t in TYPES):
                    fix = f"types of resources with tags begin with {', '.join(t[:-1] for t in TYPES)}"
                    raise SettingMistake(name, f"has {shown(text)}, which no resource is", fix=fix)
            notes += _unknown_types(name, given) if name in _TYPES else []
        if name in _MODULES:
            for text in given:
                if "[" in text or "*" in text[:-1] or not (text in ("*", "root") or text.startswith("module.")):
                    fix = "a module is `root` or `module.NAME`, without instance keys, with `*` only at its end"
                    raise SettingMistake(name, f"has {shown(text)}", fix=fix)
    return notes


def _unknown_types(name: str, given: Iterable[str]) -> list[str]:
    """A note for each that no table knows while it is one slip from a type that has tags: it judges nothing."""
    table = tag_table()
    known = sorted({row["type"] for row in table["rows"]}.union(*table["types"].values()))
    close = {text: near(text, known, ()) for text in given if text not in known and not text.endswith("*")}
    return [f"{name} has {shown(text)}: did you mean {meant}?" for text, meant in close.items() if meant is not None]


def covers(change: Change, types: Names, exempt_types: Names, modules: Names, exempt_modules: Names) -> bool:
    """Whether the settings of a policy speak of this resource.

    Types may end in `*`. A module is named by its address without instance keys, `module.a.module.b`, and stands for
    all below it; "" in the plan, the root module, is `root`.
    """
    if not like(change.type, types) or like(change.type, exempt_types):
        return False
    if modules == ALL and not exempt_modules:
        return True
    here = module_of(change)
    return inside(here, modules) and not inside(here, exempt_modules)


def inside(module: str, names: Iterable[str]) -> bool:
    """Whether a module is one of those, or below one."""
    return any(like(module, (name,)) or module.startswith(f"{name}.") for name in names)


def module_of(change: Change) -> str:
    """The address of its module without instance keys; `root` for the root module."""
    address, out, at = change.module_address, "", 0
    while at < len(address):
        if address[at] != "[":
            out, at = out + address[at], at + 1
            continue
        quoted = address[at + 1 : at + 2] == '"'
        at += 2
        while at < len(address) and (address[at] != "]" if not quoted else address[at - 1 : at + 1] != '"]'):
            at += 2 if quoted and address[at] == "\\" else 1
        at += 1
    return out or "root"


def here(change: Change, always: Iterable[str], by_type: Mapping[str, list[str]], by_module: Mapping[str, list[str]],
         by_environment: Mapping[str, list[str]]) -> list[str]:  # fmt: skip
    """The names that hold for a resource: those for all, and those for its type, module and environment."""
    found = dict.fromkeys(always)
    for pattern, names in by_type.items():
        if like(change.type, (pattern,)):
            found.update(dict.fromkeys(names))
    if by_module:
        module = module_of(change)
        for pattern, names in by_module.items():
            if inside(module, (pattern,)):
                found.update(dict.fromkeys(names))
    environment = change.plan.run.get("environment")
    for pattern, names in by_environment.items():
        if like(environment, (pattern,)):
            found.update(dict.fromkeys(names))
    return list(found)


def shown(key: str) -> str:
    """A key of the plan in a message: other people's text, so short, on one line and between our marks."""
    text = "".join(c if c.isprintable() and c != "`" else "?" for c in key[:60])
    return f"`{text}{'...' if len(key) > 60 else ''}`"


def near(name: str, keys: Iterable[str], others: Iterable[str]) -> str | None:
    """The key that `name` was probably meant by: the same but for case, `-`, `_` and blanks, or one slip away."""
    taken = set(others)
    plain = _plain(name)
    slips = []
    for key in keys:
        if key in taken or len(key) > 128:
            continue
        if _plain(key) == plain:
            return key
        if len(plain) > 3 and _one_slip(_plain(key), plain):
            slips.append(key)
    return slips[0] if slips else None


def _plain(key: str) -> str:
    return "".join(c for c in key.lower() if c not in "-_ .:")


def _one_slip(a: str, b: str) -> bool:
    """Whether two texts differ by one character more, less or other, or by two that changed places."""
    if abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    x, y = a[start:], b[start:]
    if len(x) == len(y):
        return x[1:] == y[1:] or (x[:2] == y[1::-1] and x[2:] == y[2:])
    return x[1:] == y if len(x) > len(y) else x == y[1:]


def wild(text: str, allowed: str) -> bool:
    """Whether a text is the allowed one, in which one `*` stands for any text."""
    head, star, tail = allowed.partition("*")
    if not star:
        return text == allowed
    return len(text) >= len(head) + len(tail) and text.startswith(head) and text.endswith(tail)
