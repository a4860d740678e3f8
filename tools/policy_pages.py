"""Write docs/policies/: a page for each built-in policy, made of its docstring and its data, and an index.

    python tools/policy_pages.py [FOLDER]

`make docs` runs it; a test keeps what is in the repository equal to what it would write.
"""

from __future__ import annotations

import html
import json
import sys
from pathlib import Path
from typing import Any

from policy_examples import examples

from plangate import Policy
from plangate.cli.compliance import gathered
from plangate_policies import POLICIES, compliance

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs/policies"
PACKS = {
    "encryption": "Encryption at rest and in transit, TLS versions, and whose key it is.",
    "tagging": "Tags that must be there, or must not, and what may stand in them.",
    "destructive": "What a plan destroys, and the protection that it takes away.",
    "exposure": "What the Internet, or everybody with an account, can reach.",
}
JUDGES = {
    "after": "resources as they will be after the apply, untouched ones too",
    "change": "changes, with what was before",
    "plan": "the plan as a whole",
}
# Columns of rows that have a place of their own on the page, or tell nothing to its reader.
OWN = {"type", "policy", "path", "source", "corrected", "differs", "since", "until"}
NOTE = "Made by `make docs` from the policy's docstring and its data: change those, not this page."


def pages() -> dict[str, str]:
    """Name of a file below docs/policies -> its text."""
    made = {f"{policy.id}.md": page(policy) for policy in POLICIES}
    return {"README.md": index(), **made}


def index() -> str:
    """The table of all policies, pack by pack."""
    lines = ["# The built-in policies", "", f"<!-- {NOTE} -->", ""]
    lines += [
        f"{len(POLICIES)} policies. `plangate policies show ID` prints a page like these; severity and enforcement are",
        "[settings](../settings.md), and how to write your own is told in [Writing policies](../policies.md) and its",
        "[recipes](../authoring.md).",
        "",
    ]
    for pack in dict.fromkeys(policy.id.partition("/")[0] for policy in POLICIES):
        lines += [f"## {pack}", "", PACKS.get(pack, ""), ""]
        lines += ["| policy | severity | what is wrong |", "| --- | --- | --- |"]
        mine = sorted((p for p in POLICIES if p.id.startswith(f"{pack}/")), key=lambda p: p.id)
        lines += [f"| [{p.id.partition('/')[2]}]({p.id}.md) | {p.severity} | {cell(p.title)} |" for p in mine]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def page(policy: Policy) -> str:
    """One policy: what, why, how to mend it, for what, settings, unknown values, other names."""
    rows = [row for row in (policy.rows() if policy.rows is not None else ()) if isinstance(row, dict)]
    doc = [line.strip() for line in policy.doc.strip().splitlines()[1:]]
    lines = [f"# {policy.title}", "", f"<!-- {NOTE} -->", ""]
    lines += [f"`{policy.id}`, severity **{policy.severity}**. Judges {JUDGES[policy.judges]}.", ""]
    lines += ["## Why", "", *(doc[1:] if doc and not doc[0] else doc), ""]
    lines += ["## How to mend it", "", policy.remediation, "", *examples(policy, rows)]
    lines += _types(policy, rows)
    lines += _settings(policy)
    lines += _unknown(policy, rows)
    lines += _names(policy)
    lines += ["## References", "", *(f"- <{link}>" for link in policy.references), ""] if policy.references else []
    return "\n".join(lines).rstrip() + "\n"


# -- tables ------------------------------------------------------------------------------------------------


def _types(policy: Policy, rows: list[dict[str, Any]]) -> list[str]:
    lines = ["## Resource types", ""]
    if not policy.types:
        return [*lines, "None: it is asked once a plan.", ""]
    told = [row for row in rows if row.get("type") in policy.types and (row.get("path") or words(row))]
    if told and any(row.get("path") for row in told):
        lines += ["| type | attribute | |", "| --- | --- | --- |"]
        lines += [f"| `{r['type']}` | {code(r['path']) if r.get('path') else ''} | {words(r)} |" for r in told]
    elif told:
        lines += ["| type | |", "| --- | --- |", *(f"| `{row['type']}` | {words(row)} |" for row in told)]
    rest = sorted(set(policy.types) - {row["type"] for row in told})
    lines += [""] if told else []
    if rest:
        lines += [", ".join(f"`{name}`" for name in rest) + ".", ""]
    differing = dict.fromkeys(f"`{row['type']}`: {row['differs']}" for row in rows if row.get("differs"))
    if differing:
        lines += [
            "Where it answers otherwise than checks of the same name:",
            "",
            *(f"- {cell(d)}" for d in differing),
            "",
        ]
    return lines


def words(row: dict[str, Any]) -> str:
    """What a row says besides its path: what is right in a sentence, the rest in the words of its file."""
    values = ", ".join(code(str(v) if isinstance(v, str) else json.dumps(v)) for v in row.get("values") or ())
    said = [f"must {ASKS[row['op']]}".replace("VALUES", values)] if row.get("op") in ASKS else []
    told = {*OWN, *(("op", "values", "replaces", "when_absent") if said else ())}
    for key, value in row.items():
        several = value if isinstance(value, list) else [value]
        if key not in told and several and all(is_condition(one) for one in several):
            said.append(f"{CONDITIONS.get(key, f'{key} if')} " + JOINED.get(key, " or ").join(map(condition, several)))
        elif key not in told and value not in (None, "", [], {}):
            said.append(f"{key.replace('_', ' ')}: {cell(value) if isinstance(value, str) else _listed(value)}")
    return "; ".join(said)


ASKS = {
    "true": "be true",
    "false": "be false",
    "set": "be set",
    "customer_key": "name a customer-managed key",
    "one_of": "be one of VALUES",
    "none_of": "be none of VALUES",
    "contains": "contain VALUES",
    "excludes": "not contain VALUES",
    "subset": "hold nothing but VALUES",
    "at_least": "be at least VALUES",
}
CONDITIONS = {"only_if": "judged only if", "unless": "unless", "no_copy": "no copy is made if"}
JOINED = {"only_if": " and "}


def is_condition(value: Any) -> bool:
    """Whether a value of a row is a condition on the resource or what is joined to it."""
    return isinstance(value, dict) and bool({"path", "companion"} & value.keys())


def condition(one: Any) -> str:
    """A condition of a row in words; an unusual one as it is written."""
    keys = set(one) - {"absent", "not"}
    negated = " not" if one.get("not") else ""
    if keys == {"path", "values"}:
        return f"{code(one['path'])} is{negated} {_listed(one['values'], ' or ')}"
    if keys == {"of", "path", "values"}:
        inner = condition({name: value for name, value in one.items() if name != "of"})
        return f"{inner} in the {code(one['of']['type'])} that {code(one['of']['path'])} refers to"
    if keys == {"path", "set"}:
        return f"{code(one['path'])} is{' not' if one['set'] is False else ''} set"
    if keys == {"companion", "by"}:
        return f"{code(one['companion'])} refers to it by {code(one['by'])}"
    return code(json.dumps(one, ensure_ascii=False))


def _listed(value: Any, between: str = ", ") -> str:
    if isinstance(value, list) and all(isinstance(v, str | bool | int | float) for v in value):
        return between.join(code(v if isinstance(v, str) else json.dumps(v)) for v in value)
    return code(json.dumps(value, ensure_ascii=False))


def _settings(policy: Policy) -> list[str]:
    if not policy.settings:
        return []
    lines = ["## Settings", "", f'Under `[settings."{policy.id}"]` in plangate.toml.', ""]
    lines += ["| setting | type | default |", "| --- | --- | --- |"]
    for name, (kind, default) in policy.settings.items():
        shown = "none" if default is None else json.dumps(default, ensure_ascii=False, default=str)
        lines.append(f"| `{name}` | `{kind.replace('|', 'or')}` | {code(shown)} |")
    return [*lines, ""]


def _unknown(policy: Policy, rows: list[dict[str, Any]]) -> list[str]:
    lines = ["## Unknown values", ""]
    told = {
        "wrong": "Left out of the configuration it is wrong, also where the plan marks it unknown",
        "right": "Left out it is right: the service takes care of it",
        "depends": "Left out it depends on what no plan shows, so the outcome is `unknown`",
    }
    for answer, text in told.items():
        types = list(dict.fromkeys(row["type"] for row in rows if row.get("when_absent") == answer))
        everywhere = len(types) == len({row.get("type") for row in rows})
        where = "" if everywhere else f" ({', '.join(f'`{t}`' for t in types)})"
        lines += [f"{text}{where}.", ""] if types else []
    lines += [
        "A value that is set, and known only after the apply, gives `unknown` wherever the answer hangs on it.",
        "Whether that stops a plan is a [setting](../../settings.md#unknown).",
        "",
    ]
    if policy.on_unknown:
        reason = policy.on_unknown_reason.rstrip(".")
        lines += [f"This policy ships with `on_unknown = {json.dumps(policy.on_unknown)}`: {reason}.", ""]
    return lines


def _names(policy: Policy) -> list[str]:
    lines = []
    if policy.aliases:
        lines += ["## The same check elsewhere", ""]
        for alias, types in sorted(policy.alias_types.items()):
            of = "" if set(types) == set(policy.types) else f" for {', '.join(f'`{t}`' for t in sorted(types))}"
            lines.append(f"- `{alias}`{of}")
        lines.append("")
    named = gathered(compliance(policy))
    if named:
        lines += ["## Compliance", "", "An id in brackets is stated by one source alone.", ""]
        lines += ["| framework | ids |", "| --- | --- |"]
        for name, ids in named.items():
            lines.append(f"| {name} | {', '.join(id if firm else f'({id})' for id, firm in ids.items())} |")
        lines.append("")
    return lines


def cell(text: str) -> str:
    """Text that cannot end a cell of a table, nor be taken for markup."""
    return html.escape(" ".join(text.split()), quote=False).replace("|", "\\|").replace("*", "\\*")


def code(text: str) -> str:
    """Code in a cell of a table."""
    return "`" + " ".join(text.split()).replace("|", "\\|") + "`"


def main(folder: Path) -> None:
    """Write the pages, and remove those of policies that are gone."""
    made = pages()
    for name, text in made.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for path in folder.rglob("*.md"):
        if path.relative_to(folder).as_posix() not in made:
            path.unlink()
    sys.stdout.write(f"{len(made)} pages in {folder}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
