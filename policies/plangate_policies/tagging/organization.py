"""The organization's own tag policy as the rule."""

from __future__ import annotations

from plangate import FileText, Finding, SettingMistake, UnknownValue, is_unknown, policy
from plangate_policies.tables import load

from .cover import ALL, check_scope, covers, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from plangate import Change
    from plangate_policies.tables import Row

    from .read import Tags
    from .tag_policy import Rule, TagPolicy

_parsed: dict[str, TagPolicy] = {}
_types: dict[str, list[str]] = {}  # Terraform type -> types of tag policies


def rows() -> list[Row]:
    """The types of tag policies and the Terraform types they are."""
    found: list[Row] = load("tagging/tag_policy_types.json")["rows"]
    return found


def tag_types() -> dict[str, list[str]]:
    """{Terraform type: [types of tag policies]}"""
    if not _types:
        for row in rows():
            for type_ in row["types"]:
                _types.setdefault(type_, []).append(row["tag_type"])
    return _types


def parsed(text: str) -> TagPolicy:
    """The tag policy of a text, read once. Raises TagPolicyMistake."""
    found = _parsed.get(text)
    if found is None:
        from .tag_policy import parse

        _parsed.clear()
        found = _parsed[text] = parse(text)
    return found


def check(settings: dict[str, Any]) -> list[str]:
    """Whether the file is a tag policy; notes on what of it cannot be judged here."""
    check_scope(settings)
    text = settings.get("tag_policy", "")
    if not text:
        return []
    from .tag_policy import TagPolicyMistake, names_type

    try:
        found = parsed(text)
    except TagPolicyMistake as mistake:
        raise SettingMistake("tag_policy", str(mistake), line=mistake.line) from None
    notes = []
    if found.inherits:
        notes.append(
            "The tag policy has @@append or @@remove, which count only with the policies above it: take the effective "
            "policy that AWS gives (aws organizations describe-effective-policy)."
        )
    known = [row["tag_type"] for row in rows()]
    listed = dict.fromkeys(item for rule in found.rules for item in (*rule.enforced, *rule.required))
    strange = [item for item in listed if not names_type([item], known)]
    if strange:
        named = ", ".join(shown(item) for item in strange[:10])
        notes.append(f"The tag policy names resource types that plangate cannot tell in a plan: {named}.")
    return notes


@policy(
    "tagging/tag-policy-violated",
    types="aws_*",
    severity="medium",
    remediation="Write the tag as the organization's tag policy says: the key in its case, one of its values.",
    references=(
        "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_tag-policies.html",
        "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_example-tag-policies.html",
    ),
    rows=rows,
    check_settings=check,
)
def tag_policy_violated(
    change: Change, *, tag_policy: FileText = "", exempt_types: tuple[str, ...] = ()
) -> Iterator[Finding]:
    """Tags violate the organization's tag policy.

    Waits until `tag_policy` names a file, relative to plangate.toml: an AWS Organizations tag policy as it is
    written, an effective one, or the answer of `aws organizations describe-effective-policy --policy-type TAG_POLICY`
    as it is. Judged are keys whose case differs from `tag_key`, values that are none of `tag_value` (with at most one
    `*`), and keys that `report_required_tag_for` names and the resource lacks.

    Where `enforced_for` names the resource's type, AWS refuses a wrong case or value during the apply: `high`.
    Everything else it only reports. It never refuses a missing key. `exempt_types` are left alone.

    A file with @@append or @@remove is only a part of what holds: better give the effective one. Tags or values that
    are known only after the apply are `unknown`.
    """
    if not tag_policy or not covers(change, ALL, exempt_types, ALL, ()):
        return
    from .read import own_tags
    from .tag_policy import names_type

    tags = own_tags(change)
    if tags is None:
        return
    said: list[str] = []
    refused, unsure, lacking = False, None, []
    theirs = tag_types().get(change.type, [])
    for rule in parsed(tag_policy).rules:
        wrong, open_ = _wrong(tags, rule)
        said += wrong
        refused = refused or (bool(wrong) and names_type(rule.enforced, theirs))
        unsure = open_ if unsure is None else unsure
        if names_type(rule.required, theirs) and not _keys(tags, rule):
            lacking.append(rule.key)
    lacking, doubt = _not_given(change, lacking)
    if lacking and tags.certain:
        said.append(f"Missing: {', '.join(lacking)}.")
    if said:
        yield Finding(" ".join(said), tags.path, severity="high" if refused else None)
    if doubt is not None:
        raise doubt
    if said:
        return
    if lacking:
        yield tags.undecided(f"Not on the resource: {', '.join(lacking)}.")
    elif unsure is not None or tags.unknown:
        bool(unsure if unsure is not None else tags.unknown[0])  # raises: only the apply tells


def _not_given(change: Change, lacking: list[str]) -> tuple[list[str], UnknownValue | None]:
    """Those that no other resource of the plan gives it, and why that cannot be told where it cannot."""
    if not lacking:
        return lacking, None
    from .read import companion_keys

    try:
        given = {key.lower() for key in companion_keys(change)}
    except UnknownValue as raised:
        return [], raised
    return [key for key in lacking if key.lower() not in given], None


def _keys(tags: Tags, rule: Rule) -> list[str]:
    low = rule.key.lower()
    return [key for key in tags.known if key.lower() == low]


def _wrong(tags: Tags, rule: Rule) -> tuple[list[str], Any]:
    found: list[str] = []
    unsure = None
    for key in _keys(tags, rule):
        if key != rule.key:
            found.append(f"Found {'another case' if tags.hidden else shown(key)}, want {shown(rule.key)}.")
        value = tags.known[key]
        if is_unknown(value):
            unsure = value if rule.values is not None else unsure
        elif rule.values is not None and tags.may_change(key):
            unsure = tags.unknown[0]
        elif not rule.takes(value if isinstance(value, str) else ""):
            found.append(f"{shown(rule.key)} has a value that the tag policy does not allow.")
    return found, unsure
