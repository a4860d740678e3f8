"""No key of a large document stands twice unseen, wherever it stands and however the document is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plangate.errors import PlanError
from plangate.plan import large
from plangate.plan.spans import sections

BODY = {"bucket": 'b"<é', "tags": {"a": "1", "b": None}, "list": [{"x": 1.5}, {"x": 2, "y": [[]]}]}
OTHER = {**BODY, "tags": {"a": "2"}}
MARKS = {"tags": {"a": True}, "list": [{}, {}]}
WHERE: dict[str, Any] = {"mode": "managed", "type": "aws_s3_bucket", "name": "b", "provider_name": "aws"}


def entry(address: str, before: Any, after: Any, *actions: str, **more: Any) -> dict[str, Any]:
    change = {"actions": list(actions), "before": before, "after": after, "after_unknown": {"id": True}}
    change |= {"before_sensitive": MARKS, "after_sensitive": MARKS, "importing": {"id": "i"}, "replace_paths": [["a"]]}
    return {"address": address, "module_address": "module.m", **WHERE, "index": "k", "change": change, **more}


def resource(address: str, values: Any) -> dict[str, Any]:
    identity = {"identity_schema_version": 0, "identity": {"id": "i"}}
    return {"address": address, **WHERE, "schema_version": 0, "values": values, "sensitive_values": MARKS, **identity}


def modules(before: bool) -> dict[str, Any]:
    child = {"resources": [resource("b", BODY), resource("d", BODY)], "address": "module.m"}
    child["child_modules"] = [{"address": "module.m.module.n", "resources": [resource("n", OTHER)]}]
    own = [resource("a", BODY if before else OTHER), resource("z", {"only": {"here": 1}})]
    return {
        "outputs": {"o": {"sensitive": False, "value": BODY}},
        "root_module": {"resources": own, "child_modules": [child]},
    }


DOCUMENT: dict[str, Any] = {
    "format_version": "1.2",
    "variables": {"v": {"value": {"deep": 1}}},
    "planned_values": modules(before=False),
    "resource_drift": [entry("a", OTHER, BODY, "update")],
    "resource_changes": [
        entry("a", BODY, OTHER, "update", action_reason="x", deposed="0", previous_address="p"),
        entry("b", BODY, BODY, "no-op"),
        entry("n", None, OTHER, "create"),
    ],
    "output_changes": {"o": {"actions": ["no-op"], "before": BODY, "after": BODY}},
    "prior_state": {"format_version": "1.0", "terraform_version": "1.9.0", "values": modules(before=True)},
    "configuration": {"root_module": {"resources": [{"address": "a", "expressions": {"b": {"constant_value": 1}}}]}},
}  # fmt: skip
STYLES: dict[str, Callable[[Any], str]] = {
    "as Terraform writes it": lambda made: json.dumps(made, separators=(",", ":"), ensure_ascii=False),
    "escaped": lambda made: json.dumps(made, separators=(",", ":")).replace("<", "\\u003c"),
    "with blanks": json.dumps,
    "indented": lambda made: json.dumps(made, indent=2) + "\r\n",
}


def turned(value: Any) -> Any:
    """The same with the keys of every object the other way round."""
    if isinstance(value, dict):
        return {name: turned(value[name]) for name in reversed(value)}
    return [turned(one) for one in value] if isinstance(value, list) else value


def objects(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict) and value:
        yield path
    for key, one in value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ()):
        yield from objects(one, (*path, key))


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


PLACES = list(objects(DOCUMENT))
_MARK = "\x7fagain"


def doubled(path: tuple[Any, ...], key: str, value: Any, style: str, made: Any = DOCUMENT) -> bytes:
    """The document with a key of the object at `path` written once more, with that value."""
    copy = json.loads(json.dumps(made))
    at(copy, path)[_MARK] = value
    return STYLES[style](copy).replace(json.dumps(_MARK, ensure_ascii=style == "escaped"), json.dumps(key)).replace(
        json.dumps(_MARK), json.dumps(key)
    ).encode()  # fmt: skip


def test_the_places_are_in_every_record() -> None:
    found = {path[:1] for path in PLACES}
    assert found >= {(name,) for name in DOCUMENT if name != "format_version"}
    assert ("resource_changes", 0, "change", "replace_paths") not in PLACES
    assert ("prior_state", "values", "root_module", "child_modules", 0, "child_modules", 0, "resources", 0) in PLACES


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("way", [lambda made: made, turned], ids=["in order", "the other way"])
def test_what_stands_once_is_read(style: str, way: Callable[[Any], Any]) -> None:
    found = sections(STYLES[style](way(DOCUMENT)).encode(), "plan")
    assert {n: large.decode(v) for n, v in found.items() if "resource_" not in n} == {
        n: v for n, v in DOCUMENT.items() if "resource_" not in n
    }
    if "Terraform" in style:
        assert {type(one) for one in found["resource_changes"]} == {large.Entry}, "the records are used"


@pytest.mark.parametrize("style", STYLES)
def test_a_key_twice_is_refused_in_every_object(style: str) -> None:
    for path in PLACES:
        here = at(DOCUMENT, path)
        for key in here:
            for value in (here[key], None, "another"):
                with pytest.raises(PlanError, match="stands twice in one object"):
                    sections(doubled(path, key, value, style), "plan")


@given(
    st.sampled_from(PLACES),
    st.sampled_from(sorted(STYLES)),
    st.booleans(),
    st.dictionaries(st.text(max_size=5), st.one_of(st.none(), st.text(max_size=9), st.integers()), max_size=3),
    st.data(),
)
def test_a_key_twice_beside_any_others(
    path: tuple[Any, ...], style: str, way: bool, more: dict[str, Any], data: st.DataObject
) -> None:
    made = json.loads(json.dumps(turned(DOCUMENT) if way else DOCUMENT))
    here = at(made, path)
    for name, value in more.items():
        here.setdefault(name, value)
    key = data.draw(st.sampled_from(sorted(here)))
    with pytest.raises(PlanError, match="stands twice in one object"):
        sections(doubled(path, key, data.draw(st.sampled_from([None, 1, "é", {"a": 1}])), style, made), "plan")


def test_an_escaped_key_is_the_same_key() -> None:
    text = STYLES["as Terraform writes it"](DOCUMENT)
    for given_, twice in (('"after":', '"\\u0061fter":1,"after":'), ('"tags":', '"t\\u0061gs":{},"tags":')):
        for at_ in range(text.count(given_)):
            parts = text.split(given_)
            made = given_.join(parts[: at_ + 1]) + twice + given_.join(parts[at_ + 1 :])
            with pytest.raises(PlanError, match="twice"):
                sections(made.encode(), "plan")


@pytest.mark.parametrize(("levels", "fine"), [(2, True), (60, True), (110, False)])
def test_modules_in_modules(levels: int, fine: bool) -> None:
    module: dict[str, Any] = {"resources": [resource("x", {"a": 1})]}
    for _ in range(levels):
        module = {"child_modules": [module]}
    text = json.dumps({**DOCUMENT, "planned_values": {"root_module": module}}, separators=(",", ":")).encode()
    if not fine:
        with pytest.raises(PlanError, match="nesting"):
            sections(text, "plan")
        return
    sections(text, "plan")
    with pytest.raises(PlanError, match="twice"):
        sections(text.replace(b'{"a":1}', b'{"a":1,"a":1}'), "plan")


@pytest.mark.parametrize("depth", [90, 150, 190, 250])
def test_depth_is_counted_from_the_top(depth: int) -> None:
    deep: Any = "x"
    for _ in range(depth):
        deep = [deep]
    text = json.dumps(
        {**DOCUMENT, "resource_changes": [entry("a", None, {"d": deep}, "create")]}, separators=(",", ":")
    )
    if depth > 190:
        with pytest.raises(PlanError, match="nesting"):
            sections(text.encode(), "plan")
    else:
        assert sections(text.encode(), "plan")


@pytest.mark.parametrize("text", ["1e999999", "NaN", "1" * 5000])
def test_numbers_are_looked_at_in_bodies(text: str) -> None:
    made = STYLES["as Terraform writes it"](DOCUMENT)
    for name in ("resource_changes", "planned_values", "prior_state", "variables", "configuration"):
        inner = json.dumps(DOCUMENT[name], separators=(",", ":"), ensure_ascii=False)
        for number in ("1.5", ":1}"):
            if number in inner:
                bad = inner.replace(number, number.replace("1.5", text).replace(":1}", f":{text}}}"))
                with pytest.raises((PlanError, json.JSONDecodeError)):
                    sections(made.replace(inner, bad).encode(), "plan")
