"""What is refused as no finished plan, and that a large document is read as a small one is."""

from __future__ import annotations

import gzip
import json
import re
import time
from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plangate.plan.model import Plan
from plangate.plan.read import read
from plangate.plan.strict import too_deep
from plangate.report.gather import secrets_of

from ..front import LARGE, Came, check, padded  # noqa: TID252 - the tests are no package

BUCKET = "aws_s3_bucket.b"
COLUMN = re.compile(r"(?<= column )\d+")


def change(address: str = BUCKET, actions: Any = ("create",), **more: Any) -> dict[str, Any]:
    type_, _, name = address.rpartition(".module.")[2].partition(".")
    body = {"actions": list(actions) if isinstance(actions, tuple) else actions, "before": None, "after": None}
    body.update({k: more.pop(k) for k in list(more) if k in ("before", "after", "after_unknown", "importing")})
    if actions == ("create",) and body["after"] is None:
        body["after"] = {"bucket": "b"}
    return {"address": address, "mode": "managed", "type": type_, "name": name, "change": body, **more}


def document(*changes: dict[str, Any], **sections: Any) -> dict[str, Any]:
    made = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "resource_changes": list(changes),
        "configuration": {"root_module": {}},
        "errored": False,
        "applyable": True,
        "complete": True,
    }
    return {k: v for k, v in {**made, **sections}.items() if v is not ...}


def planned(*addresses: str) -> dict[str, Any]:
    return {"root_module": {"resources": [{"address": a, "mode": "managed", "values": {}} for a in addresses]}}


def deep(levels: int) -> str:
    """A plan whose deepest value stands at that level; the document itself is the first."""
    inside = "[" * (levels - 2) + "]" * (levels - 2)
    return json.dumps(document(change())).replace('"configuration": {', f'"configuration": {{"x": {inside}, ')


def test_texts_that_never_end_take_linear_time() -> None:
    given = "[" * 1000 + '"' + '\\"' * 1_000_000
    start = time.process_time()
    assert too_deep(given.encode())
    assert too_deep(("[]" * 500 + '"' + '\\"[[[' * 300_000).encode()) is False
    assert time.process_time() - start < 2, "one quote after the other was tried"


def with_value(text: str) -> str:
    """A plan whose bucket has this JSON as a value."""
    return json.dumps(document(change(after={"bucket": "?"}))).replace('"?"', text)


def both(text: str | dict[str, Any], *arguments: str) -> Came:
    """What the front door says of a document; the same one made large must be judged the same."""
    text = text if isinstance(text, str) else json.dumps(text)
    small, large = check(text, *arguments), check(padded(text), *arguments)
    assert len(padded(text)) > LARGE > len(text)
    assert (small.code, COLUMN.sub("", small.err)) == (large.code, COLUMN.sub("", large.err))
    for name in ("verdict", "exit_code", "summary", "changes", "findings", "policies", "notes", "invocations"):
        assert small.report[name] == large.report[name], name
    return small


def refused(text: str | dict[str, Any], *words: str) -> None:
    came = both(text)
    assert came.code == 3, came
    assert came.report["verdict"] == "error"
    (line,) = came.err.splitlines()
    assert line.startswith("plangate: <stdin>: "), line
    assert "; " in line, "it says what to do"
    for word in words:
        assert word in line, line


# -- not one finished plan -------------------------------------------------------------------------------

CREATED = change(after={"bucket": "b"})
NOTHING = change(actions=("no-op",), before={"a": 1}, after={"a": 1})

REFUSED: dict[str, tuple[Any, ...]] = {
    "an empty object": ({}, "an empty JSON object"),
    "a list": ([], "an empty JSON array"),
    "null": ("null", "plan"),
    "a number": ("12", "plan"),
    "some object": ({"hello": "world"}, "not a plan"),
    "a version and nothing of a plan": ({"format_version": "1.2", "terraform_version": "1.2.0"}, "state"),
    "a state": ({"version": 4, "serial": 1, "lineage": "x", "terraform_version": "1.5.0"}, "a state file"),
    "a state document": ({"format_version": "1.0", "values": {}}, "a state document"),
    "a result of validate": ({"format_version": "1.0", "valid": True, "diagnostics": []}, "validate"),
    "a schema of providers": ({"format_version": "1.0", "provider_schemas": {}}, "providers schema"),
    "errored": (document(CREATED, errored=True), "errored", "plan again"),
    "errored and nothing to do": (document(errored=True, applyable=False), "errored"),
    "a flag of another type": (document(CREATED, errored="no"), "`errored` is neither true nor false"),
    "complete of another type": (document(CREATED, complete="false"), "`complete` is neither"),
    "applyable of another type": (document(CREATED, applyable=[]), "`applyable` is neither"),
    "incomplete": (document(CREATED, complete=False), "incomplete", "--allow-incomplete"),
    "deferred": (
        document(deferred_changes=[{"reason": "instance_count_unknown", "resource_change": CREATED}]),
        "1 changes are deferred",
        "--allow-incomplete",
    ),
    "not applyable and a change": (document(CREATED, applyable=False), "`applyable: false`", "create", BUCKET),
    "not applyable and a move": (
        document({**NOTHING, "previous_address": "aws_s3_bucket.a"}, applyable=False),
        "`applyable: false`",
    ),
    "a no-op that changes": (
        document(change(actions=("no-op",), before={"a": 1}, after={"a": 2})),
        f"the no-op {BUCKET} has another value after",
    ),
    "a no-op that makes something": (
        document(change(actions=("no-op",), before=None, after={"a": 2})),
        "the no-op",
    ),
    "a delete with something after": (
        document(change(actions=("delete",), before={"a": 1}, after={"a": 1})),
        f"the delete of {BUCKET} has a value after",
    ),
    "a forget with something after": (
        document(change(actions=("forget",), before={"a": 1}, after={})),
        f"the forget of {BUCKET} has a value after",
    ),
    "an address twice": (document(CREATED, CREATED), f"holds {BUCKET} twice"),
    "an address twice, with other actions": (
        document(CREATED, change(actions=("delete",), before={"a": 1})),
        f"holds {BUCKET} twice",
    ),
    "a deposed key twice": (
        document(*[change(actions=("delete",), before={"a": 1}, deposed="d1")] * 2),
        f"holds {BUCKET} twice",
    ),
    "an unknown action": (document(change(actions=("explode",))), "['explode']", BUCKET, "not known"),
    "an unknown pair": (document(change(actions=("update", "create"))), "['update', 'create']", "not known"),
    "no action": (document(change(actions=())), "[none]", BUCKET),
    "actions that are null": (document(change(actions=None)), "[none]"),
    "an action that is text": (document(change(actions="create")), "not known"),
    "an action that is a list": (document(change(actions=[["create"]])), "not known"),
    "changes that are null": (document(resource_changes=None), "`resource_changes` is not a list"),
    "changes that are an object": (document(resource_changes={"a": CREATED}), "`resource_changes` is not a list"),
    "drift that is an object": (document(CREATED, resource_drift={}), "`resource_drift` is not a list"),
    "deferred that is an object": (document(CREATED, deferred_changes={}), "`deferred_changes` is not a list"),
    "no changes though resources are planned": (
        document(planned_values=planned(BUCKET, "aws_s3_bucket.c"), resource_changes=...),
        "plans 2 resources but has no `resource_changes`",
    ),
    "a change of nothing though resources are planned": (
        document(planned_values=planned(BUCKET)),
        "plans 1 resources but lists no change of any",
    ),
    "an entry that is null": (document(None), "no address or no change"),  # type: ignore[arg-type]
    "an entry without a change": (document({"address": BUCKET}), "no address or no change"),
    "a change that is null": (document({**CREATED, "change": None}), "no address or no change"),
    "an address that is null": (document({**CREATED, "address": None}), "no address or no change"),
    "a type that is no text": (document({**CREATED, "type": 1}), f"`type` of {BUCKET} is not text"),
    "a mode that is no text": (document({**CREATED, "mode": {}}), f"`mode` of {BUCKET} is not text"),
    "format 2.0": (document(CREATED, format_version="2.0"), "plan format 2.0 is not known", "newer plangate"),
    "format of one number": (document(CREATED, format_version="1"), "not of the form 1.2"),
    "format that is no text": (document(CREATED, format_version=1.2), "not of the form 1.2"),
    "format null": (document(CREATED, format_version=None), "not of the form 1.2"),
    "format of letters": (document(CREATED, format_version="1.x"), "not of the form 1.2"),
    "not a number": (with_value("NaN"), "NaN, which is not JSON"),
    "infinity": (with_value("Infinity"), "Infinity, which is not JSON"),
    "minus infinity": (with_value("-Infinity"), "-Infinity, which is not JSON"),
    "a number of 5000 digits": (with_value("7" * 5000), "digits"),
    "a real of 5000 digits": (with_value("0." + "7" * 5000), "a number of 5002 digits"),
    "an exponent beyond everything": (with_value("1e99999999"), "out of any range"),
    "201 levels": (deep(201), "more than 200 levels of nesting"),
    "100000 levels": (deep(100_000), "more than 200 levels of nesting"),
    "100000 levels that never end": ("[" * 100_000, "more than 200 levels of nesting"),
    "two documents": (json.dumps(document(CREATED)) + "\n" + json.dumps(document(CREATED)), "more than one document"),
    "text behind it": (json.dumps(document(CREATED)) + "\nbye", "text after the end"),
    "cut": (json.dumps(document(CREATED))[:-20], "cut"),
    "cut in the middle": (json.dumps(document(CREATED))[:200], "cut"),
    "a comma too many": (json.dumps(document(CREATED))[:-1] + ",}", "a comma too many"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_small_and_large(name: str) -> None:
    given, *words = REFUSED[name]
    refused(given if isinstance(given, str) else json.dumps(given), *words)


TWICE = {
    "the document": ('{"format_version"', '{"errored":true,"format_version"'),
    "the changes": ('"resource_changes"', '"resource_changes": [], "resource_changes"'),
    "an entry": ('"mode"', '"mode": "data", "mode"'),
    "a change": ('"actions"', '"actions": ["no-op"], "actions"'),
    "a body": ('"bucket"', '"bucket": "other", "bucket"'),
    "a deep value": ('"b"}', '[{"in": {"x": 1, "y": 2, "x": 1}}]}'),
    "spelled otherwise": ('"bucket"', '"buck\\u0065t": "other", "bucket"'),
    "spelled otherwise, beyond ASCII": ('"bucket"', '"\\u00e9": 1, "é": 2, "bucket"'),
    "spelled otherwise, as a pair": ('"bucket"', '"\\ud83d\\ude00": 1, "😀": 2, "bucket"'),
    "in a section that nothing reads": ('"root_module": {', '"root_module": {"z": 1, "z": 1'),
}


@pytest.mark.parametrize("level", TWICE)
def test_a_key_twice_in_one_object_is_refused_at_every_level(level: str) -> None:
    text = json.dumps(document(CREATED))
    old, new = TWICE[level]
    assert old in text
    refused(text.replace(old, new, 1), "stands twice in one object")


def test_the_same_key_in_two_objects_is_no_matter() -> None:
    assert both(document(change(after={"a": {"a": {"a": 1}}, "b": {"a": 1}}))).code == 0


# -- what is read ----------------------------------------------------------------------------------------


def test_an_incomplete_plan_is_judged_when_it_is_allowed() -> None:
    came = both(document(CREATED, complete=False), "--allow-incomplete")
    assert came.code == 0
    assert any("incomplete" in note for note in came.report["notes"])
    deferred = change("aws_sqs_queue.q", after={"name": "q", "sqs_managed_sse_enabled": False})
    came = both(
        document(CREATED, deferred_changes=[{"reason": "provider_config_unknown", "resource_change": deferred}]),
        "--allow-incomplete",
    )
    assert any("deferred" in note for note in came.report["notes"])
    assert came.code == 1, "a deferred change is judged by what is known"


def test_a_deposed_object_stands_beside_the_one_of_the_same_address() -> None:
    old = {"bucket": "old"}
    deposed = [change(actions=("delete",), before=old, deposed=key) for key in ("d1", "d2")]
    came = both(document(CREATED, *deposed))
    assert [(c["address"], c["deposed"], c["action"]) for c in came.report["changes"]] == [
        (BUCKET, None, "create"),
        (BUCKET, "d1", "delete"),
        (BUCKET, "d2", "delete"),
    ]
    lost = [f for f in came.report["findings"] if f["policy"] == "destructive/stateful-delete"]
    assert {f["deposed"] for f in lost} == {"d1", "d2"}


@pytest.mark.parametrize("version", ["0.1", "0.2", "1.0", "1.1", "1.2"])
def test_versions_that_are_known_are_read_without_a_word(version: str) -> None:
    came = both(document(CREATED, format_version=version))
    assert (came.code, came.report["notes"]) == (0, [])


def test_what_is_newer_is_said() -> None:
    (note,) = both(document(CREATED, format_version="1.99")).report["notes"]
    assert "1.99 is newer than the newest known" in note
    (note,) = both(document(CREATED, weather={}, zebra=[1])).report["notes"]
    assert note.startswith("not judged")
    assert note.endswith("weather, zebra")
    (note,) = both(document(CREATED, complete=...)).report["notes"]
    assert "completeness not stated" in note


def test_a_planned_resource_without_a_change_is_said() -> None:
    came = both(document(CREATED, planned_values=planned(BUCKET, "aws_s3_bucket.lost")))
    assert any("aws_s3_bucket.lost was not judged" in note for note in came.report["notes"])


def test_depth_counts_what_nests_and_no_bracket_in_a_text() -> None:
    assert both(deep(199)).code == 0
    assert both(deep(200)).code == 0
    for text in ("[" * 5000, "{[" * 5000 + '\\"' + "]}" * 100, '\\"[{' * 2000, "\\\\"):
        assert both(with_value(f'"{text}"')).code == 0, text[:10]


def test_a_name_that_repeats_no_instance_key_stands_in_an_error() -> None:
    address = 'aws_s3_bucket.b["hunter2"]'
    came = both(document(change(address), change(address)))
    assert came.code == 3
    assert "hunter2" not in came.err


# -- values ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("22", "22.0"),
        ("22.0", "2.2e1"),
        ("22", "220E-1"),
        ("1e3", "1000"),
        ("0.1", "1.0e-1"),
        ("0", "-0"),
        ("100000000000000000000000", "1e23"),
        ("0.30000000000000000001", "3.0000000000000000001e-1"),
    ],
)
def test_numbers_are_equal_by_value(before: str, after: str) -> None:
    entry = json.dumps(document(change(actions=("no-op",), before={"a": "<"}, after={"a": ">"})))
    assert both(entry.replace('"<"', before).replace('">"', after)).code == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("9007199254740993", "9007199254740992.0"),
        ("0.1", "0.10000000000000000001"),
        ("1e999", "1e998"),
        ("18446744073709551616", "18446744073709551617"),
        ("123456789012345678901234567890", "123456789012345678901234567891"),
    ],
)
def test_numbers_that_differ_beyond_a_double_differ(before: str, after: str) -> None:
    entry = json.dumps(document(change(actions=("no-op",), before={"a": "<"}, after={"a": ">"})))
    refused(entry.replace('"<"', before).replace('">"', after), "another value after")


def plans_of(text: str) -> tuple[Plan, Plan]:
    return read(text.encode(), "small"), read(padded(text).encode(), "large")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1e999", Decimal("1e999")),
        ("0.1", 0.1),
        ("0.10000000000000000001", Decimal("0.10000000000000000001")),
        ("9007199254740993", 9007199254740993),
        ("1" * 900, int("1" * 900)),
        ("-1" + "0" * 30, -(10**30)),
        ('"\\ud83d\\ude00"', "😀"),
        ('"\\u0000\\n"', "\0\n"),
        ('"\\ud800"', "\ud800"),  # half a pair: JSON allows it, UTF-8 does not
    ],
)
def test_no_value_is_lost_or_rounded(written: str, value: Any) -> None:
    for plan in plans_of(with_value(written)):
        found = plan.changes[0].after["bucket"]
        assert found == value
        assert type(found) is type(value)


# -- every form, small and large -------------------------------------------------------------------------

FORMS: dict[str, Callable[[str], bytes]] = {
    "UTF-8 with a mark": lambda text: text.encode("utf-8-sig"),
    "UTF-16": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "UTF-16 big endian": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "UTF-16 without a mark": lambda text: text.encode("utf-16-le"),
    "UTF-32": lambda text: b"\xff\xfe\0\0" + text.encode("utf-32-le"),
    "CRLF": lambda text: json.dumps(json.loads(text), indent=2).replace("\n", "\r\n").encode(),
    "raw characters": lambda text: json.dumps(json.loads(text), ensure_ascii=False).encode(),
}
FAULTY = document(
    change(
        "aws_sqs_queue.q", after={"name": "schlüssel😀", "sqs_managed_sse_enabled": False, "kms_master_key_id": None}
    )
)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_says_the_same(form: str) -> None:
    text = json.dumps(FAULTY)
    expected = check(text)
    assert expected.code == 1
    for written in (text, padded(text)):
        came = check(FORMS[form](written))
        assert (came.code, came.outcomes) == (1, expected.outcomes)


def test_gzip_says_the_same() -> None:
    text = json.dumps(FAULTY)
    assert check(gzip.compress(text.encode())).outcomes == check(text).outcomes
    # One letter four million times is refused as a bomb, so this filling compresses as a plan does.
    filling = " ".join(str(n * 7919) for n in range(600_000))
    large = json.dumps({**FAULTY, "variables": {"filling": {"value": filling}}})
    assert len(large) > LARGE
    assert check(gzip.compress(large.encode(), 1)).outcomes == check(text).outcomes


# -- differential ----------------------------------------------------------------------------------------

names = st.sampled_from(["name", "tags", "rule", "encrypted", "ä", "a.b", 'q"'])
leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    st.just("S3cr3t-Value-77"),
)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)
objects = st.dictionaries(names, values, max_size=4)


def mask_of(draw: st.DrawFn, value: Any) -> Any:
    if draw(st.integers(0, 4)) == 0:
        return True
    if isinstance(value, dict):
        return {k: mask_of(draw, v) for k, v in value.items()}
    if isinstance(value, list):
        return [mask_of(draw, v) for v in value]
    return False


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    changes, prior = [], []
    for number in range(draw(st.integers(0, 5))):
        actions = draw(
            st.sampled_from([["create"], ["update"], ["delete"], ["delete", "create"], ["no-op"], ["forget"], ["read"]])
        )
        before = None if actions in (["create"], ["read"]) else draw(objects)
        after = before if actions == ["no-op"] else None if actions in (["delete"], ["forget"]) else draw(objects)
        type_ = draw(st.sampled_from(["aws_sqs_queue", "aws_s3_bucket", "aws_db_instance", "x_y"]))
        entry = change(f"{type_}.n{number}", actions=actions, before=before, after=after)
        if after is not None and actions != ["no-op"]:
            entry["change"]["after_unknown"] = {k: mask_of(draw, v) for k, v in draw(objects).items()}
        for side, body in (("before", before), ("after", after)):
            entry["change"][f"{side}_sensitive"] = False if body is None else mask_of(draw, body)
        for extra, made in (
            ("index", st.integers() | st.text()),
            ("deposed", st.just("d0")),
            ("previous_address", st.just("x_y.old")),
        ):
            if draw(st.booleans()):
                entry[extra] = draw(made)
        if draw(st.booleans()):
            entry["change"]["replace_paths"] = [["rule", 0, "name"]]
        if before is not None:
            prior.append({"address": entry["address"], "mode": "managed", "values": before})
            prior[-1]["sensitive_values"] = mask_of(draw, before)
        changes.append(entry)
    made = document(*changes, resource_drift=deepcopy(changes[:1]))
    made["prior_state"] = {"format_version": "1.0", "values": {"root_module": {"resources": prior}}}
    made["output_changes"] = {
        "o": {"actions": ["create"], "after": draw(values), "after_sensitive": draw(st.booleans())}
    }
    return made


def seen(change: Any) -> tuple[Any, ...]:
    return (
        (change.key, change.type, change.mode, change.name, change.index, change.action, change.actions, change.order),
        (change.previous_address, change.reason, change.importing, change.replaced_because(), change.touched),
        (change.raw(), change.changed()),
    )


@settings(max_examples=60, deadline=None)
@given(documents())
def test_a_large_document_is_read_as_the_small_one(made: dict[str, Any]) -> None:
    small, large = plans_of(json.dumps(made))
    assert large.changes == [] or large.changes[0]._decode is not None, "it was read the other way"
    # Secrets first: they are collected before the bodies are decoded, as in a run.
    assert secrets_of(small) == secrets_of(large)
    assert [seen(c) for c in small.changes] == [seen(c) for c in large.changes]
    assert [seen(c) for c in small.drift] == [seen(c) for c in large.drift]
    assert {**small.facts} == {**large.facts}
    for name in made:
        assert small.sections.get(name) == large.sections.get(name) or name in ("resource_changes", "resource_drift")


@settings(max_examples=25, deadline=None)
@given(documents())
def test_a_large_document_is_judged_as_the_small_one(made: dict[str, Any]) -> None:
    both(made)
