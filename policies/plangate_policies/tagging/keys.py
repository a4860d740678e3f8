"""Tags that must not be there, and keys that are written otherwise than agreed."""

from __future__ import annotations

from plangate import Finding, SettingMistake, policy
from plangate_policies.tables import like

from .cover import ALL, TYPES, check_scope, covers, near, shown
from .missing import shapes
from .values import compiled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from plangate import Change

_LINKS = ("https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html",)


@policy(
    "tagging/forbidden-tags",
    types=TYPES,
    severity="medium",
    remediation="Remove the tag, or use the agreed one in its place.",
    references=_LINKS,
    rows=shapes,
    check_settings=check_scope,
)
def forbidden_tags(
    change: Change,
    *,
    forbidden: tuple[str, ...] = (),
    types: tuple[str, ...] = ALL,
    exempt_types: tuple[str, ...] = (),
    modules: tuple[str, ...] = ALL,
    exempt_modules: tuple[str, ...] = (),
    nested: bool = True,
) -> Iterator[Finding]:
    """Forbidden tags are there.

    Waits until `forbidden` names keys, `forbidden = ["Temp", "legacy-*"]`; a name may end in `*`. The other settings
    are those of `tagging/missing-tags`. Where the keys are known only after the apply, the outcome is `unknown`.
    """
    if not forbidden or not covers(change, types, exempt_types, modules, exempt_modules):
        return
    from .read import all_tags

    said, first, unsure = [], None, None
    for tags in all_tags(change, nested):
        unsure = tags if unsure is None and not tags.certain else unsure
        low = tuple(name.lower() for name in forbidden)
        found = [k for k in tags.known if like(k, forbidden) or (tags.any_case and like(k.lower(), low))]
        if found:
            names = "some, marked sensitive" if tags.hidden else ", ".join(shown(key) for key in found[:10])
            said.append(f"Forbidden{'' if tags.own else f' in {tags.path}'}: {names}.")
            first = first or tags.path
    if said:
        yield Finding(" ".join(said), first)
    elif unsure is not None:
        yield unsure.undecided("No forbidden tag is seen.")


def check(settings: dict[str, Any]) -> list[str]:
    """Whether the pattern is one."""
    notes = check_scope(settings)
    from .pattern import PatternMistake

    try:
        compiled(settings.get("pattern", ""))
    except PatternMistake as mistake:
        raise SettingMistake("pattern", f"is no pattern: {mistake}", fix=mistake.fix) from None
    return notes


@policy(
    "tagging/misspelt-tags",
    types=TYPES,
    severity="low",
    remediation="Write the key as agreed; keys that differ in case are different tags, and reports count them apart.",
    references=_LINKS,
    rows=shapes,
    check_settings=check,
)
def misspelt_tags(
    change: Change,
    *,
    keys: tuple[str, ...] = (),
    pattern: str = "",
    types: tuple[str, ...] = ALL,
    exempt_types: tuple[str, ...] = (),
    modules: tuple[str, ...] = ALL,
    exempt_modules: tuple[str, ...] = (),
    nested: bool = True,
) -> Iterator[Finding]:
    """Tag keys are misspelt.

    Waits until `keys` names the agreed keys, `keys = ["Owner", "CostCenter"]`, or `pattern` says how every key is
    written, `pattern = "[A-Z][A-Za-z]*"` (as in `tagging/wrong-tag-values`). Found are keys that are an agreed one
    but for case, `-`, `_` and blanks, or but for one slip, whether the tag is required or not, and keys that do not
    match the pattern. Keys with a prefix of the cloud (`aws:`, `goog-`) are left alone, and so is the case of keys
    on Azure and Google. The other settings are those of `tagging/missing-tags`.

    Where the keys are known only after the apply, the outcome is `unknown`.
    """
    if not (keys or pattern) or not covers(change, types, exempt_types, modules, exempt_modules):
        return
    from .read import all_tags

    said, first, unsure = [], None, None
    for tags in all_tags(change, nested):
        theirs = [key for key in tags.known if not key.lower().startswith(("aws:", "goog-", "kubernetes.io/"))]
        found: dict[str, str] = {}
        for name in keys:
            key = near(name, theirs, keys)
            if key is not None and tags.find(name) != key:
                found[key] = f"{shown(key)}, want {shown(name)}"
        if pattern:
            for key in theirs:
                if not compiled(pattern).matches(key):
                    found.setdefault(key, f"{shown(key)}, which does not match {pattern}")
        if found:
            names = "some, marked sensitive" if tags.hidden else "; ".join(list(found.values())[:10])
            said.append(f"Found{'' if tags.own else f' in {tags.path}'} {names}.")
            first = first or tags.path
        unsure = tags if unsure is None and not tags.certain else unsure
    if said:
        yield Finding(" ".join(said), first)
    elif unsure is not None:
        yield unsure.undecided("No misspelt key is seen.")
