"""Canaries in every place that a plan has for a secret: none is in any form in any format, asked for values or not."""

from __future__ import annotations

import base64
import html
import io
import json
import re
import urllib.parse
from pathlib import Path
from typing import Any

import pytest

from plangate.cli.main import run
from plangate.cli.options import FORMATS
from plangate.cli.streams import Streams

WAYS = ((), ("--show-values",), ("--show-values", "--show-passes", "-v", "--debug"))
PROVIDER = "registry.terraform.io/hashicorp/aws"
MESSAGES = """
from plangate import Finding, policy


@policy("acme/tells", types="aws_thing", severity="high", judges="change")
def tells(change):
    \"\"\"A policy that tells what it sees.\"\"\"
    for side in (change.before, change.after):
        for name in ("copy", "password", "token"):
            try:
                yield Finding(f"{name} is {side[name]!r}", name)
            except Exception:
                pass
"""


def canary(place: str) -> str:
    r"""A secret of its own for a place, with everything that encoders escape."""
    return f'cAnArY"{place}"<&>\'\\/%+é\u2028 {len(place)}'


PLAIN = "plain-0a1b2c"  # marked nowhere: there to see that values are shown at all
DIGEST = "long-" + "x9" * 200  # so long that it is a size and a digest


def entry(name: str, change: dict[str, Any], **more: Any) -> dict[str, Any]:
    found = {"address": f"aws_thing.{name}", "mode": "managed", "type": "aws_thing", "name": name}
    full = {"before": None, "after": None, "after_unknown": {}, "before_sensitive": {}, "after_sensitive": {}}
    return {**found, "provider_name": PROVIDER, "change": {**full, **change}, **more}


def both(name: str, old: Any, new: Any, marks: Any, **more: Any) -> dict[str, Any]:
    return (
        entry(
            name,
            {"actions": ["update"], "before": old, "after": new, "before_sensitive": marks, "after_sensitive": marks},
        )
        | more
    )


def side(body: Any, action: str, mask: Any) -> dict[str, Any]:
    place = "before" if action == "delete" else "after"
    return {"actions": [action], place: body, f"{place}_sensitive": mask}


def bodies() -> list[tuple[str, Any, Any]]:
    """(name, an object, its mask): a canary in each, marked in every way that a mask can mark."""
    return [
        ("at", {"password": canary("at"), "plain": PLAIN}, {"password": True}),
        ("above", {"auth": {"user": {"word": canary("above")}}, "plain": PLAIN}, {"auth": True}),
        ("whole", {"setting": canary("whole")}, True),
        ("below", {"auth": {"user": {"word": canary("below")}}, "plain": PLAIN}, {"auth": {"user": {"word": True}}}),
        ("item", {"words": ["open", canary("item")], "plain": PLAIN}, {"words": [False, True]}),
        ("short", {"words": ["open", canary("short")], "plain": PLAIN}, {"words": [False]}),
        ("misfit", {"words": canary("misfit"), "plain": PLAIN}, {"words": {}}),
        ("misfit2", {"words": {"a": canary("misfit2")}, "plain": PLAIN}, {"words": []}),
        ("odd", {"words": canary("odd"), "plain": PLAIN}, {"words": "true"}),
        ("odd2", {"words": canary("odd2"), "plain": PLAIN}, {"words": 1}),
        ("key", {"words": {canary("key"): "x"}, "plain": PLAIN}, {"words": True}),
        ("key2", {"plain": PLAIN, canary("key2"): "x", "words": {canary("key2"): True}}, {"words": True}),
        ("key3", {"words": {"onlylettersecret": "x"}, "plain": PLAIN}, {"words": True}),
        ("copied", {"copy": f"https://{canary('copied')}@x", "password": canary("copied")}, {"password": True}),
        ("lines", {"key": "first\n" + canary("lines") + "\nlast", "copy": canary("lines")}, {"key": True}),
        ("number", {"pin": 918273645546, "copy": "pin 918273645546"}, {"pin": True}),
        ("shaped", {"plain": PLAIN, "note": "AKIAQWERTYUIOPASDFGH"}, {}),
        ("named", {"plain": PLAIN, "db_password": canary("named")}, {}),
        ("nested", {"plain": PLAIN, "auth": [{"api_token": canary("nested")}]}, {}),
        ("pairs", {"plain": PLAIN, "set": [{"name": "auth.password", "value": canary("pairs")}]}, {}),
        ("inside", {"plain": PLAIN, "auth": json.dumps({"clientSecret": canary("inside")})}, {}),
        ("carried", {"plain": PLAIN, "user_data": f"#!/bin/sh\nX={canary('carried')}"}, {}),
    ]


CARRIED = ("carried", "nested", "pairs", "inside")  # hidden where they stand, never searched for elsewhere


def changed(body: Any) -> Any:
    """The same object with other values of the same shape."""
    if isinstance(body, dict):
        return {key: changed(value) for key, value in body.items()}
    if isinstance(body, list):
        return [changed(value) for value in body]
    if isinstance(body, str):
        return body + (" " if body.startswith("{") else "!")  # JSON stays JSON
    return body + 1


def document() -> dict[str, Any]:
    changes = []
    for name, body, mask in bodies():
        changes += [
            entry(f"made_{name}", side(body, "create", mask)),
            entry(f"gone_{name}", side(body, "delete", mask)),
            both(f"kept_{name}", body, changed(body), mask),
            both(f"back_{name}", changed(body), body, mask),
        ]
    # Marked on one side only: so on both.
    changes += [
        entry("before", {"actions": ["update"], "before": {"w": canary("left")}, "after": {"w": canary("right")},
                         "before_sensitive": {"w": True}, "after_sensitive": {}}),
        entry("after", {"actions": ["update"], "before": {"w": canary("left2")}, "after": {"w": canary("right2")},
                        "before_sensitive": {}, "after_sensitive": {"w": True}}),
        entry("loose", {"actions": ["create"], "after_sensitive": None,
                        "after": {"word": canary("unmasked side"), "password": canary("unmasked")}}),
        entry("forget", {"actions": ["forget"], "before": {"w": canary("forgotten")}, "before_sensitive": {"w": True}}),
        both("long", {"w": DIGEST}, {"w": DIGEST + "!"}, {}),
    ]  # fmt: skip
    indexed = entry("each", {"actions": ["create"], "after": {"plain": PLAIN}, "after_sensitive": {}})
    key = canary("at")
    indexed.update(address=f"aws_thing.each[{json.dumps(key, ensure_ascii=False)}]", index=key)
    changes.append(indexed)
    resources = [
        {
            "address": f"aws_thing.{name}", "mode": "managed", "type": "aws_thing", "name": name,
            "provider_config_key": "aws", "schema_version": 0,
            "expressions": {"token": {"constant_value": canary("constant")}},
            "provisioners": [{"type": "local-exec", "expressions": {"command": {"constant_value": canary("command")}}}],
        }
        for name in ("made_at", "each")
    ]  # fmt: skip
    problem = {"message": canary("check")}
    return {
        "format_version": "1.2",
        "terraform_version": "1.13.0",
        "variables": {
            "secret": {"value": canary("variable")},
            "undeclared": {"value": {"list": [canary("undeclared")]}},
        },
        "planned_values": {
            "outputs": {"o": {"sensitive": True, "value": canary("output")}},
            "root_module": {
                "resources": [
                    {
                        "address": "data.aws_x.y", "mode": "data", "type": "aws_x", "name": "y", "schema_version": 0,
                        "provider_name": PROVIDER, "values": {"w": canary("planned")}, "sensitive_values": {"w": True},
                    }
                ]
            },
        },
        "prior_state": {
            "format_version": "1.0",
            "values": {"outputs": {"o": {"sensitive": True, "value": [canary("prior")]}}, "root_module": {}},
        },
        "resource_drift": [both("kept_at", {"password": canary("drift")}, {"password": "other"}, {"password": True})],
        "resource_changes": changes,
        "output_changes": {
            "o": {"actions": ["update"], "before": canary("output old"), "after": canary("output"),
                  "after_unknown": False, "before_sensitive": True, "after_sensitive": True},
        },
        "checks": [
            {
                "address": {"kind": "check", "name": "c", "to_display": "check.c"}, "status": "fail",
                "instances": [{"address": {"to_display": "check.c"}, "status": "fail", "problems": [problem]}],
            }
        ],
        "configuration": {
            "provider_config": {
                "aws": {
                    "name": "aws", "full_name": PROVIDER,
                    "expressions": {"secret_key": {"constant_value": canary("provider")}},
                }
            },
            "root_module": {
                "variables": {"secret": {"sensitive": True, "default": canary("default")}},
                "outputs": {"o": {"sensitive": True, "expression": {}}},
                "resources": resources,
            },
        },
        "relevant_attributes": [{"resource": "aws_thing.kept_at", "attribute": ["password"]}],
        "timestamp": "2026-01-01T00:00:00Z",
        "applyable": True,
        "complete": True,
        "errored": False,
    }  # fmt: skip


def planted(value: Any, found: set[str]) -> set[str]:
    """The places of all canaries in a document."""
    if isinstance(value, dict):
        for key, inner in value.items():
            planted(inner, planted(key, found))
    elif isinstance(value, list):
        for inner in value:
            planted(inner, found)
    elif isinstance(value, str):
        found.update(re.findall(r'cAnArY\\?"([\w ]+)\\?"', value))
    return found


def forms(text: str) -> dict[str, str]:
    raw = text.encode()
    return {
        "itself": text,
        "json": json.dumps(text)[1:-1],
        "json, raw": json.dumps(text, ensure_ascii=False)[1:-1],
        "json in json": json.dumps(json.dumps(text)[1:-1])[1:-1],
        "html": html.escape(text),
        "numeric entities": html.escape(text).replace("&quot;", "&#34;").replace("&#x27;", "&#39;"),
        "percent": urllib.parse.quote(raw, safe=""),
        "percent, path": urllib.parse.quote(raw),
        "form": urllib.parse.quote_plus(raw),
        "base64": base64.b64encode(raw).decode(),
        "base64, url": base64.urlsafe_b64encode(raw).decode(),
        "hex": raw.hex(),
    }


def decoded(text: str) -> list[str]:
    """The text as it is, and as readers of each format see it."""
    unescaped = re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text)
    unescaped = re.sub(r'\\(["\\/])', r"\1", unescaped)
    seen = [text, unescaped, html.unescape(text), urllib.parse.unquote(text)]
    return [*seen, html.unescape(re.sub(r"<[^>]*>", "", text))]


def leaks(text: str, places: set[str]) -> list[str]:
    found = []
    for seen in decoded(text):
        lower = seen.lower()
        # Whatever an encoder makes of the rest of it: the letters of a canary stay what they are.
        found += re.findall("canary.{0,40}", lower)
        found += [word for word in ("918273645546", "akiaqwertyuiop", "onlylettersecret") if word in lower]
    for place in places:
        found += [f"{place}: {name}" for name, form in forms(canary(place)).items() if form in text]
    return found


def outputs(folder: Path, plan: dict[str, Any], *options: str) -> dict[str, str]:
    """What every format, stderr and a second rendering of the stored report say."""
    (folder / "plan.json").write_text(json.dumps(plan, ensure_ascii=False), encoding="utf-8")
    (folder / "tells.py").write_text(MESSAGES, encoding="utf-8")
    given = [word for name in FORMATS for word in ("-f", f"{name}={folder / name}")]
    out, err = io.StringIO(), io.StringIO()
    streams = Streams(io.BytesIO(), out, err, {"PATH": "", "HOME": str(folder)})
    code = run(["check", str(folder / "plan.json"), "-p", str(folder / "tells.py"), *given, *options], streams)
    assert code == 1, err.getvalue()
    said = {name: (folder / name).read_text(encoding="utf-8") for name in FORMATS}
    for name in FORMATS:
        again = io.StringIO()
        arguments = ["render", str(folder / "json"), "-f", name]
        assert run(arguments, Streams(io.BytesIO(), again, err, {"PATH": ""})) == 0
        said[f"{name}, rendered"] = again.getvalue()
    return {**said, "stdout": out.getvalue(), "stderr": err.getvalue()}


@pytest.mark.parametrize("options", WAYS, ids=" ".join)
def test_nothing_of_them_is_in_any_format(options: tuple[str, ...], tmp_path: Path) -> None:
    plan = document()
    places = planted(plan, set())
    assert len(places) > 30
    said = outputs(tmp_path, plan, *options)
    assert {name: found for name, text in said.items() if (found := leaks(text, places))} == {}
    assert "acme/tells" in said["markdown"]  # the policy that tells was heard, and its words hidden
    shown = PLAIN in said["json"]
    assert shown == ("--show-values" in options)


def test_shown_values_are_there_and_what_is_hidden_says_why(tmp_path: Path) -> None:
    report = json.loads(outputs(tmp_path, document(), "--show-values")["json"])
    values = {c["name"]: {v["path"]: (v["before"], v["after"]) for v in c["values"]} for c in report["changes"]}
    secret = "(sensitive)"
    assert values["made_at"] == {"password": (None, secret), "plain": (None, json.dumps(PLAIN))}
    assert values["gone_at"] == {"password": (secret, None), "plain": (json.dumps(PLAIN), None)}
    assert values["kept_at"]["password"] == (secret, secret)
    assert values["kept_below"]["auth.user.word"] == (secret, secret)
    assert values["kept_item"]["words[1]"] == (secret, secret)
    assert values["kept_item"]["words[0]"] == ('"open"', '"open!"')
    assert values["before"]["w"] == values["after"]["w"] == (secret, secret)
    assert values["loose"] == {"word": (None, secret), "password": (None, secret)}
    assert values["forget"] == {"w": (secret, None)}
    assert values["made_named"]["db_password"] == (None, "(redacted)")
    assert values["made_nested"]["auth"] == (None, '[{"api_token": "(redacted)"}]')
    assert values["made_pairs"]["set"] == (None, '[{"name": "auth.password", "value": "(redacted)"}]')
    assert values["kept_pairs"]["set[0].value"] == ("(redacted)", "(redacted)")
    assert values["made_inside"]["auth"] == (None, '"(redacted)"')
    old, new = values["long"]["w"]
    assert re.fullmatch(r"\(text of 405 characters, sha256 [0-9a-f]{8}\)", old)
    assert re.fullmatch(r"\(text of 406 characters, sha256 [0-9a-f]{8}\)", new)
    assert old != new


def test_a_plan_without_any_masks_shows_no_value_at_all(tmp_path: Path) -> None:
    """As Terraform wrote them before 0.15."""
    plan = document()
    for section in ("resource_changes", "resource_drift"):
        for one in plan[section]:
            del one["change"]["before_sensitive"], one["change"]["after_sensitive"]
    del plan["output_changes"]["o"]["before_sensitive"], plan["output_changes"]["o"]["after_sensitive"]
    (tmp_path / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    out, err = io.StringIO(), io.StringIO()
    streams = Streams(io.BytesIO(), out, err, {"PATH": "", "HOME": str(tmp_path)})
    run(["check", str(tmp_path / "plan.json"), "--show-values", "-f", "json"], streams)
    for change in json.loads(out.getvalue())["changes"]:
        for value in change["values"] or ():
            assert {value["before"], value["after"]} <= {None, "(sensitive)", "(known after apply)"}, value
    assert PLAIN not in out.getvalue()
