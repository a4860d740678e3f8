"""Tags that a resource must, or should, have."""

from __future__ import annotations

from plangate import Finding, policy, tag_shape, tag_table

from .cover import ALL, TYPES, check_scope, covers, here, near, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from plangate import Change

    from .read import Tags

_LINKS = ("https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html",)
_REMEDY = "Add the tags to the resource, or to `default_tags` of the provider for all resources at once."


def shapes() -> list[dict[str, Any]]:
    """The rows of the table of taggable types, for `plangate policies show`."""
    table = tag_table()
    counted = [{**shape, "types": len(table["types"].get(shape["shape"], ()))} for shape in table["shapes"]]
    return [*counted, *table["rows"]]


@policy(
    "tagging/missing-tags",
    types=TYPES,
    severity="medium",
    remediation=_REMEDY,
    references=_LINKS,
    rows=shapes,
    check_settings=check_scope,
)
def missing_tags(  # noqa: PLR0913 - one for each setting, all by name
    change: Change,
    *,
    required: tuple[str, ...] = (),
    required_for_types: dict[str, list[str]] = {},  # noqa: B006 - never written to
    required_in_modules: dict[str, list[str]] = {},  # noqa: B006
    required_in_environments: dict[str, list[str]] = {},  # noqa: B006
    types: tuple[str, ...] = ALL,
    exempt_types: tuple[str, ...] = (),
    modules: tuple[str, ...] = ALL,
    exempt_modules: tuple[str, ...] = (),
    ignore_case: bool = False,
    propagated: bool = False,
    nested: bool = True,
) -> Iterator[Finding]:
    """Required tags are missing.

    Waits until `required` names tags, `required = ["Owner", "CostCenter"]`. Judged are the tags that a resource
    will have: `tags_all` (AWS), `effective_labels` (Google), `tags` (Azure), the labels of Kubernetes objects, the
    `tag` blocks of autoscaling groups; and, with `nested`, the tags that a resource writes for what it makes:
    volumes, launched instances, pods. A tag that is empty is missing. One finding names all that is missing, and
    what is there under nearly the same name. Types without tags are not judged.

    `required_for_types`, `required_in_modules` and `required_in_environments` add tags for some:
    `required_for_types = { "aws_s3_*" = ["DataClass"] }`. `types`, `exempt_types`, `modules` and `exempt_modules`
    say which resources need the tags of `required`. A type may end in `*`; a module is an address without instance
    keys and stands for all below it, the root module is `root`. `ignore_case` takes `owner` for `Owner`; Azure and
    Google never tell them apart. `propagated`: a tag of an autoscaling group counts only with `propagate_at_launch`.

    Where the tags, or the provider's default tags, are known only after the apply, what is not seen is `unknown`.
    """
    if not (required or required_for_types or required_in_modules or required_in_environments):
        return
    scope = (types, exempt_types, modules, exempt_modules)
    more = (required_for_types, required_in_modules, required_in_environments)

    def wanted(other: Change) -> list[str]:
        return here(other, required if covers(other, *scope) else (), *more)

    question = ("Missing", ignore_case, required, scope, more)
    yield from _missing(change, wanted, question, propagated, nested)


@policy(
    "tagging/missing-recommended-tags",
    types=TYPES,
    severity="low",
    remediation=_REMEDY,
    references=_LINKS,
    rows=shapes,
    check_settings=check_scope,
)
def missing_recommended_tags(
    change: Change,
    *,
    recommended: tuple[str, ...] = (),
    types: tuple[str, ...] = ALL,
    exempt_types: tuple[str, ...] = (),
    modules: tuple[str, ...] = ALL,
    exempt_modules: tuple[str, ...] = (),
    ignore_case: bool = False,
) -> Iterator[Finding]:
    """Recommended tags are missing.

    Waits until `recommended` names tags. Judges as `tagging/missing-tags` does, by the resource's own tags only, and
    has a severity and an enforcement of its own.

    `types`, `exempt_types`, `modules`, `exempt_modules` and `ignore_case` mean what they mean there.
    """
    if not recommended:
        return

    def wanted(other: Change) -> list[str]:
        return list(recommended) if covers(other, types, exempt_types, modules, exempt_modules) else []

    question = ("Recommended and missing", ignore_case, recommended, types, exempt_types, modules, exempt_modules)
    yield from _missing(change, wanted, question, False, False)


def _missing(
    change: Change, wanted: Callable[[Change], list[str]], question: tuple[Any, ...], propagated: bool, nested: bool
) -> Iterator[Finding]:
    """`wanted` says which tags a resource needs; `question` holds all that it depends on, first what a finding says."""
    said, ignore_case = question[:2]
    names = wanted(change)
    if not names:
        return
    from .hint import default_tags_hint
    from .read import all_tags, companion_keys, own_tags

    found: list[tuple[Tags, list[str]]] = []
    unsure: list[tuple[Tags, list[str]]] = []
    for tags in all_tags(change, nested):
        lacking = _lacking(tags, names, ignore_case, propagated)
        if lacking and tags.own:
            tags.known.update(companion_keys(change))
            lacking = _lacking(tags, names, ignore_case, propagated)
        settled = lacking if tags.certain else [name for name in lacking if tags.is_settled(name, ignore_case)]
        if settled:
            found.append((tags, settled))
        elif lacking:
            unsure.append((tags, lacking))
    if found:
        text = " ".join(_said(tags, lacking, names, said, propagated) for tags, lacking in found)

        def lacks(other: Change) -> list[str]:
            own = own_tags(other)
            return _lacking(own, wanted(other), ignore_case, False) if own is not None and own.certain else []

        tags, lacking = found[0]
        remedy = default_tags_hint(change, lacking, lacks, question) if tags.own else None
        yield Finding(text, tags.path, remediation=remedy or _remedy(change, tags))
    elif unsure:
        tags, lacking = unsure[0]
        yield tags.undecided(f"Not on the resource: {', '.join(lacking)}.")


def _remedy(change: Change, tags: Tags) -> str | None:
    """What to do where default tags do not help; None where the policy's own words are right."""
    shape = tag_shape(change.type)
    if not tags.own:
        return f"Add the tags to {tags.path}: what the resource makes does not inherit its tags."
    if change.type == "aws_autoscaling_group":
        return "Add `tag` blocks, with propagate_at_launch for the instances; default_tags do not reach a group."
    return None if shape is not None and shape["defaults"] else "Add the tags to the resource."


def _lacking(tags: Tags, names: list[str], ignore_case: bool, propagated: bool) -> list[str]:
    return [
        name
        for name in names
        if not tags.has(name, ignore_case)
        or (propagated and tags.propagated.get(tags.find(name, ignore_case) or "", True) is False)
    ]


def _said(tags: Tags, lacking: list[str], names: list[str], said: str, propagated: bool) -> str:
    parts = []
    for name in lacking:
        key = tags.find(name)
        if key is not None and tags.has(name):
            parts.append(f"{name} (there, but not propagated to instances)" if propagated else name)
        elif key is not None:
            parts.append(f"{name} (there, but empty)")
        else:
            like = None if tags.hidden else near(name, tags.known, names)
            parts.append(f"{name} (found {shown(like)})" if like is not None else name)
    where = "" if tags.own else f" in {tags.path}"
    return f"{said}{where}: {', '.join(parts)}."
