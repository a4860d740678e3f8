"""Tags whose values are none of those that are allowed."""

from __future__ import annotations

from plangate import Finding, SettingMistake, is_unknown, policy

from .cover import ALL, TYPES, check_scope, covers, wild
from .missing import shapes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from plangate import Change

    from .pattern import Pattern
    from .read import Tags

_patterns: dict[str, Pattern] = {}


def compiled(text: str) -> Pattern:
    """The pattern of a text, made once. Raises PatternMistake."""
    found = _patterns.get(text)
    if found is None:
        from .pattern import Pattern

        found = _patterns[text] = Pattern(text)
    return found


def check(settings: dict[str, Any]) -> list[str]:
    """Whether every pattern is one, and no list of values is empty."""
    notes = check_scope(settings)
    from .pattern import PatternMistake

    for key, text in settings.get("pattern", {}).items():
        try:
            compiled(text)
        except PatternMistake as mistake:
            raise SettingMistake("pattern", f"({key}) is no pattern: {mistake}", fix=mistake.fix) from None
    for key, allowed in settings.get("values", {}).items():
        if not allowed:
            raise SettingMistake("values", f"({key}) is empty, so that nothing is allowed", fix="name the values")
        if any(value.count("*") > 1 for value in allowed):
            raise SettingMistake("values", f"({key}) has a value with several `*`", fix="at most one in each value")
    return notes


@policy(
    "tagging/wrong-tag-values",
    types=TYPES,
    severity="medium",
    remediation="Use one of the values that the settings allow for this tag.",
    references=("https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html",),
    rows=shapes,
    check_settings=check,
)
def wrong_tag_values(
    change: Change,
    *,
    values: dict[str, list[str]] = {},  # noqa: B006 - never written to
    pattern: dict[str, str] = {},  # noqa: B006
    types: tuple[str, ...] = ALL,
    exempt_types: tuple[str, ...] = (),
    modules: tuple[str, ...] = ALL,
    exempt_modules: tuple[str, ...] = (),
    ignore_case: bool = False,
    nested: bool = True,
) -> Iterator[Finding]:
    """Tags have values that are not allowed.

    Waits until `values` or `pattern` names tags: `values = { Environment = ["prod", "dev", "pr-*"] }` (at most one
    `*` in a value, for any text) and `pattern = { CostCenter = "[0-9]{4}" }`. A tag that is missing is
    `tagging/missing-tags`; one that is empty is judged like any other value. No value is shown.

    A pattern is a regular expression that the whole value must match, with or without `^` and `$`: characters,
    classes, groups, `|`, `* + ? {n,m}`, `\\d \\w \\s`, `(?i)` in front; no look-around and no back-references. It is
    matched in time linear in the value. `ignore_case` is about the keys; the other settings are those of
    `tagging/missing-tags`.

    A value, or a map of tags, that is known only after the apply is `unknown`.
    """
    if not (values or pattern) or not covers(change, types, exempt_types, modules, exempt_modules):
        return
    from .read import all_tags

    wrong: list[str] = []
    first: str | None = None
    unsure: Any = None
    coming: Tags | None = None
    for tags in all_tags(change, nested):
        found, value, more = _wrong(tags, values, pattern, ignore_case)
        if found:
            wrong.append(("" if tags.own else f"In {tags.path}: ") + " ".join(found))
            first = first or tags.path
        unsure = value if unsure is None else unsure
        coming = tags if more and coming is None else coming
    if wrong:
        yield Finding(" ".join(wrong), first)
    elif unsure is not None:
        bool(unsure)  # raises: only the apply tells
    elif coming is not None:
        yield coming.undecided("No wrong value is seen.")


def _wrong(
    tags: Tags, values: dict[str, list[str]], pattern: dict[str, str], ignore_case: bool
) -> tuple[list[str], Any, bool]:
    """What is wrong at one place, a value that cannot be known, and whether a tag may come that is not seen."""
    found: list[str] = []
    unsure: Any = None
    more = False
    for name in dict.fromkeys([*values, *pattern]):
        key = tags.find(name, ignore_case)
        if key is None or tags.may_change(key):
            more = more or not tags.certain
            continue
        value = tags.known[key]
        if is_unknown(value):
            unsure = value if unsure is None else unsure
            continue
        text = value if isinstance(value, str) else "" if value is None else str(value)
        if name in values and not any(wild(text, allowed) for allowed in values[name]):
            some = ", ".join(values[name][:10]) + (", ..." if len(values[name]) > 10 else "")
            found.append(f"{name} is none of: {some}.")
        elif name in pattern and not compiled(pattern[name]).matches(text):
            found.append(f"{name} does not match {pattern[name]}.")
    return found, unsure, more
