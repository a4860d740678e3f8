"""Examples of HCL for the pages of the policies: made of their rows, else written in policy_examples*.hcl, else of what
the remediation says in code.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from plangate import Policy
from plangate.globs import match_id

SHOWN_TYPES = 3  # with an example each


def examples(policy: Policy, rows: list[dict[str, Any]]) -> list[str]:
    """The example of a policy as lines of Markdown, [] where there is none."""
    right: dict[str, dict[str, str]] = {}
    for row in rows:
        value = right_value(row)
        if value is not None and "until" not in row and (row["type"] in right or len(right) < SHOWN_TYPES):
            right.setdefault(row["type"], {}).setdefault(row["path"], value)
    made = {type_: hcl(type_, values) for type_, values in right.items()}
    told, by_name = _told(policy.id)
    if not made or by_name:
        made = {"": told} if told else _advised(policy, rows)
    lines = ["```hcl", "\n\n".join(made.values()), "```", ""] if made else []
    if any(row.get("replaces") for row in rows):
        lines += ["On a resource that exists this replaces it, with what is in it: copy the data first.", ""]
    return lines


def _told(id: str) -> tuple[str | None, bool]:
    """What is written for a policy, and whether it stands there by its whole name."""
    for globs, example in written():
        if any(match_id(glob, id) for glob in globs):
            return example, id in globs
    return None, False


@cache
def written() -> list[tuple[list[str], str]]:
    """What policy_examples*.hcl hold: the globs of policies, and their example."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(Path(__file__).resolve().parent.glob("*.hcl")))
    parts = [part.partition("\n") for text in texts for part in text.split("\n#: ")[1:]]
    return [(globs.split(), example.strip()) for globs, _, example in parts]


def _advised(policy: Policy, rows: list[dict[str, Any]]) -> dict[str, str]:
    """The arguments that the remediation names in code (`name = value`), in a resource of the first type."""
    types = [row["type"] for row in rows if row.get("path")] or [t for t in policy.types if "*" not in t]
    named = re.findall(r"`([^`]+)`", policy.remediation)
    written = [text for text in named if _ARGUMENT.fullmatch(text) and "..." not in text]
    if not types or not written:
        return {}
    paths = {str(row["path"]).replace("[*]", "").rpartition(".")[2]: row for row in rows if row.get("path")}
    name, _, value = written[0].partition(" = ")
    if name in paths and len(written) == 1 and "{" not in name:
        return {paths[name]["type"]: hcl(paths[name]["type"], {paths[name]["path"]: value})}
    inside = "\n".join(f"  {text}" for text in dict.fromkeys(written))
    return {types[0]: f'resource "{types[0]}" "example" {{\n  # ...\n{inside}\n}}'}


# An argument with a whole value, or a block of one argument: what may stand in a resource as it is.
_ARGUMENT = re.compile(
    r'[a-z_0-9]+ = ("[^"]*"|true|false|\d+|\[[^\]]*\]|[a-z_]+\.[a-z_.]+)|[a-z_]+ \{ [a-z_]+ = [^{}]+ \}'
)


def right_value(row: dict[str, Any]) -> str | None:
    """What right looks like in HCL, None where the row only says what is wrong."""
    op, values = row.get("op"), row.get("values") or row.get("right") or []
    if not isinstance(row.get("path"), str) or "{}" in row["path"] or "=" in row["path"]:
        return None
    if op in ("true", "false"):
        return str(op)
    if op == "customer_key" or (op == "set" and ("kms" in row["path"] or "key" in row["path"])):
        key: str | None = KEYS.get(str(row["type"]).partition("_")[0])
        return key
    if op in ("at_least", "min"):
        return json.dumps(values[0])
    if row.get("change") in ("true_to_false", "false_to_true"):
        return str(row["change"] == "true_to_false").lower()
    plain = [v for v in values if not (isinstance(v, str) and "*" in v)]
    if plain and (op == "one_of" or row.get("right")):
        return json.dumps(plain[-1])
    return "false" if row.get("wrong") == [True] else "true" if row.get("wrong") == [False] else None


KEYS = {
    "aws": "aws_kms_key.example.arn",
    "azurerm": "azurerm_key_vault_key.example.id",
    "google": "google_kms_crypto_key.example.id",
}


def hcl(type_: str, values: dict[str, str]) -> str:
    """A resource with the attributes at some paths, inside the blocks of these."""
    tree: dict[str, Any] = {}
    for path, value in values.items():
        *blocks, attribute = path.replace("[*]", "").split(".")
        here = tree
        for block in blocks:
            here = here.setdefault(block, {})
        here[attribute] = value
    return "\n".join([f'resource "{type_}" "example" {{', "  # ...", *_lines(tree, "  "), "}"])


def _lines(tree: dict[str, Any], indent: str) -> list[str]:
    """The arguments of a block, aligned as `terraform fmt` does, then its inner blocks."""
    plain = {name: value for name, value in tree.items() if isinstance(value, str)}
    width = max(map(len, plain), default=0)
    lines = [f"{indent}{name.ljust(width)} = {value}" for name, value in plain.items()]
    for name, inner in tree.items():
        if isinstance(inner, dict):
            lines += [""] * bool(lines) + [f"{indent}{name} {{", *_lines(inner, indent + "  "), f"{indent}}}"]
    return lines
