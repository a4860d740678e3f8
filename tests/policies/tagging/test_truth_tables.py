"""Every place at which tags are read, in every state and with every action: what is expected follows from the table.

The places are those of taggable.json: the maps of each shape and of each special row, and what a resource writes for
what it makes. `STATES` says what of a place means what, as `docs/policies/tagging` and the providers have it: a map
that nobody wrote is empty, one that is configured and not known is `unknown`, an unknown value is a value. All cases
of an action are resources of one plan.
"""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest

from plangate import tag_shape, tag_table
from plangate.testing import create, delete, imported, judge, moved, no_op, plan, ref, replace, update
from plangate_policies.tagging import (
    autoscaling_group_untagged,
    forbidden_tags,
    missing_recommended_tags,
    missing_tags,
    misspelt_tags,
    tag_policy_violated,
    tags_over_limits,
    wrong_tag_values,
)
from plangate_policies.tagging.organization import rows as tag_type_rows

from ..every_action import ACTIONS, change  # noqa: TID252 - the tests are no package

LATER = ref("terraform_data.x.output")
ASKED: dict[str, tuple[Any, dict[str, Any]]] = {
    "missing": (missing_tags, {"required": ["owner"]}),
    "own": (missing_tags, {"required": ["owner"], "nested": False}),
    "recommended": (missing_recommended_tags, {"recommended": ["owner"]}),
    "forbidden": (forbidden_tags, {"forbidden": ["temp*"]}),
    "misspelt": (misspelt_tags, {"keys": ["owner"]}),
    "pattern": (misspelt_tags, {"pattern": "[A-Za-z]{1,9}"}),
    "values": (wrong_tag_values, {"values": {"owner": ["team", "t-*"]}}),
    "valued": (wrong_tag_values, {"pattern": {"owner": "team|t-[0-9]+"}}),
    "limits": (tags_over_limits, {"clouds": ["aws", "azure", "google", "kubernetes"]}),
}
NO_TAGS, UNTOLD = ("null", "text", "list", "map", "number", "flag", "words"), ("configured", "dynamic")

# state -> (tags, what is not "pass"). A text of `missing` counts for recommended tags too, of the resource's own.
STATES: dict[str, tuple[Any, dict[str, str]]] = {
    "null": (None, {"missing": "fail"}),
    "text": ("", {"missing": "fail"}),
    "list": ([], {"missing": "fail"}),
    "map": ({}, {"missing": "fail"}),
    "number": (7, {"missing": "fail"}),
    "flag": (True, {"missing": "fail"}),
    "words": (["owner"], {"missing": "fail"}),
    "configured": (
        LATER,
        dict.fromkeys(("missing", "forbidden", "misspelt", "pattern", "values", "valued"), "unknown"),
    ),
    "right": ({"owner": "team"}, {}),
    "starred": ({"owner": "t-1"}, {}),
    "more": ({"other": "x", "owner": "team"}, {}),
    "lacking": ({"other": "x"}, {"missing": "fail"}),
    "wrong": ({"owner": "nobody"}, {"values": "fail", "valued": "fail"}),
    "empty_value": ({"owner": ""}, {"missing": "fail", "values": "fail", "valued": "fail"}),
    "null_value": ({"owner": None}, {"missing": "fail", "values": "fail", "valued": "fail"}),
    "unknown_value": ({"owner": LATER}, {"values": "unknown", "valued": "unknown"}),
    "number_value": ({"owner": 7}, {"values": "fail", "valued": "fail"}),
    "list_value": ({"owner": ["team"]}, {"values": "fail", "valued": "fail"}),
    "map_value": ({"owner": {"a": "b"}}, {"values": "fail", "valued": "fail"}),
    "other_case": ({"OWNER": "team"}, {"missing": "case", "misspelt": "case", "limits": "lower"}),
    "slip": ({"onwer": "team"}, {"missing": "fail", "misspelt": "fail"}),
    "forbidden": ({"owner": "team", "temp1": LATER}, {"forbidden": "fail", "pattern": "fail"}),
    "no_word": ({"owner": "team", "x-y": "z"}, {"pattern": "fail"}),
    "long_key": ({"owner": "team", "k" * 600: ""}, {"pattern": "fail", "limits": "fail"}),
    "long_value": ({"owner": "team", "other": "v" * 300}, {"limits": "fail"}),
}


class Place:
    """Where tags stand: `path` of a type; `own` are those of the resource, `beside` what must stand there besides."""

    def __init__(self, type_: str, path: str, cloud: str, own: bool) -> None:
        self.type, self.path, self.cloud, self.own = type_, path, cloud, own
        self.pairs = type_.startswith("awscc_") or path == "tag" or type_ == "google_deployment_manager_deployment"
        self.beside: dict[str, Any] = {}
        shape = tag_shape(type_)
        if not own and shape and shape["maps"]:
            put(self.beside, shape["maps"][-1], {"owner": "team"})

    def __repr__(self) -> str:
        return f"{self.type}:{self.path}"

    def body(self, tags: Any) -> dict[str, Any]:
        if self.pairs and isinstance(tags, dict) and tags:
            tags = [{"key": key, "value": value, "propagate_at_launch": True} for key, value in tags.items()]
        return put(deepcopy(self.beside), self.path, tags)

    @property
    def concrete(self) -> str:
        return self.path.replace("[*]", "[0]")


def put(body: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The body with the value at a path; `[*]` is one block."""
    here: Any = body
    *way, leaf = path.split(".")
    for word in way:
        name = word.removesuffix("[*]")
        here = here.setdefault(name, [{}])[0] if word.endswith("[*]") else here.setdefault(name, {})
    here[leaf] = value
    return body


def places() -> list[Place]:
    """One for each map of a shape, and all of the special rows."""
    found = [
        Place(next(iter(tag_table()["types"].get(shape["shape"], ["awscc_sqs_queue"]))), path, shape["cloud"], True)
        for shape in tag_table()["shapes"]
        for path in shape["maps"]
    ]
    for row in tag_table()["rows"]:
        shape = tag_shape(row["type"])
        assert shape is not None
        found += [Place(row["type"], path, shape["cloud"], True) for path in row.get("maps", ())]
        found += [Place(row["type"], inner["path"], shape["cloud"], False) for inner in row.get("nested", ())]
    return found


PLACES = places()


def expected(place: Place, state: str, asked: str) -> str:
    """What the table says: `case` is a fault where the cloud tells cases apart, `lower` where it has only one."""
    said = STATES[state][1]
    if place.own or asked not in ("recommended", "own"):
        word = said.get({"recommended": "missing", "own": "missing"}.get(asked, asked), "pass")
    else:
        word = "pass"  # they do not look at what a resource makes
    if not place.own and state in NO_TAGS:
        return "pass"  # only what is written is judged
    if state == "other_case" and word in ("case", "lower"):
        lower, same = place.cloud == "google", place.cloud in ("azure", "google")
        return "fail" if (lower if word == "lower" else not same) else "pass"
    if asked == "limits" and place.type in EXEMPT:
        return "pass"
    return word


EXEMPT = ("aws_s3_object", "aws_s3_bucket_object", "aws_s3_object_copy", "aws_s3control_bucket")
Case = tuple[Place, str, dict[str, Any], dict[str, Any], dict[str, str]]  # place, state, body, options, expected


def cases() -> list[Case]:
    found: list[Case] = []
    for place in PLACES:
        for state, (tags, _) in STATES.items():
            said = {asked: expected(place, state, asked) for asked in ASKED}
            found.append((place, state, place.body(tags), {}, said))
            if state in ("right", "wrong", "slip", "forbidden", "long_key"):
                options = {"sensitive": [place.concrete]}
                found.append((place, f"sensitive_{state}", place.body(tags), options, said))
        absent = dict.fromkeys(ASKED, "pass")  # this version of the provider has no tags there
        block = "." in place.path
        nothing = dict(absent, **dict.fromkeys(("missing", "own", "recommended"), "fail")) if place.own else absent
        body = place.body(None)
        if block:
            holder: Any = body
            for word in place.path.split(".")[:-1]:
                holder = holder[word.removesuffix("[*]")]
                holder = holder[0] if word.endswith("[*]") else holder
            del holder[place.path.rpartition(".")[2]]
            found.append((place, "absent", body, {}, nothing))
        else:
            del body[place.path]
            found.append((place, "absent", body, {}, absent))
        if place.path == "tag":  # no attribute but a block: forgotten it is empty, unknown it is a dynamic's
            options = {"unknown": [place.path]}
            found.append(
                (place, "dynamic", place.body(None), options, {a: expected(place, "configured", a) for a in ASKED})
            )
        elif "." not in place.path or "[*]" in place.path:
            found.append((place, "left_out", place.body(None), {"unknown": [place.concrete]}, nothing))
        if "[*]" in place.path:
            head = place.path.partition("[")[0]
            untold = {asked: expected(place, "configured", asked) for asked in ASKED}
            options = {"unknown": [place.concrete], "dynamic": [head]}
            found.append((place, "dynamic", place.body(None), options, untold))
    return found


CASES = cases()


def has_unknown(case: Case) -> bool:
    return case[1] in ("left_out", "dynamic", "configured", "unknown_value") or "forbidden" in case[1]


def before(place: Place) -> dict[str, Any]:
    return place.body({"owner": "nobody", "temp": "x"})


@pytest.mark.parametrize("action", ACTIONS)
def test_every_place_in_every_state(action: str) -> None:
    stays = action in ("no-op", "import", "move")
    mine = [case for case in CASES if not (stays and has_unknown(case))]
    named = {f"{case[0].type}.c{number}": case for number, case in enumerate(mine)}
    document = plan(*(change(action, address, before(case[0]), case[2], case[3]) for address, case in named.items()))
    for asked, (policy, settings) in ASKED.items():
        found = judge(policy, document, **settings).outcomes
        wanted = {} if action in ("delete", "forget") else {a: case[4][asked] for a, case in named.items()}
        wrong = {
            (repr(named[a][0]), named[a][1]): (found.get(a), wanted.get(a))
            for a in {*found, *wanted}
            if found.get(a) != wanted.get(a)
        }
        assert not wrong, (asked, len(wrong), dict(sorted(wrong.items())[:12]))


def test_the_table_is_as_large_as_it_was() -> None:
    assert len(PLACES) > 80
    assert len(CASES) > 2500


# -- every type ------------------------------------------------------------------------------------------------

MAIN = [t for types in tag_table()["types"].values() for t in types]
ODD = {row["type"] for row in tag_table()["rows"]} | {row["type"] for row in tag_table()["not_tags"]}


@pytest.mark.parametrize("state", ["null", "right", "lacking", "configured", "left_out", "wrong", "forbidden"])
def test_every_type_that_the_providers_can_tag(state: str) -> None:
    changes, wanted = [], {}
    for type_ in MAIN:
        if type_ in ODD:
            continue
        shape = tag_shape(type_)
        assert shape is not None
        place = Place(type_, shape["maps"][-1], shape["cloud"], True)
        options = {"unknown": [place.concrete]} if state == "left_out" else {}
        changes.append(create(f"{type_}.x", place.body(STATES.get(state, (None,))[0]), **options))
        wanted[f"{type_}.x"] = place
    document = plan(*changes)
    for asked in ("missing", "forbidden", "values"):
        found = judge(ASKED[asked][0], document, **ASKED[asked][1]).outcomes
        said = "null" if state == "left_out" else state
        assert found == {address: expected(place, said, asked) for address, place in wanted.items()}
    assert len(wanted) > 1400


def test_what_only_looks_like_tags_is_left_alone() -> None:
    bodies: list[dict[str, Any]] = [
        {name: {"temp": "x", "onwer": ""}} for name in ("tags", "tags_all", "labels", "effective_labels", "user_labels")
    ]
    bodies += [{"metadata": [{"labels": {"temp": "x"}}]}, {"tags": ["temp"]}, {"tag": [{"key": "temp", "value": "x"}]}]
    for row in tag_table()["not_tags"]:
        document = plan(*(create(f"{row['type']}.c{n}", body) for n, body in enumerate(bodies)))
        for policy, settings in ASKED.values():
            assert set(judge(policy, document, **settings).outcomes.values()) == {"pass"}, row


# -- default tags ----------------------------------------------------------------------------------------------

# Own tags, and the provider's default ones, each with what is known of them while planning: "unknown" for nothing,
# "variable" for what a variable of the root holds.
OWN: dict[str, Any] = {
    "none": None,
    "map": {},
    "lacking": {"other": "x"},
    "right": {"owner": "team"},
    "wrong": {"owner": "nobody"},
    "empty": {"owner": ""},
    "unknown": LATER,
}
DEFAULTS: dict[str, tuple[Any, dict[str, Any] | None]] = {
    "nothing": (None, {}),
    "right": ({"owner": "team"}, {"owner": "team"}),
    "lacking": ({"more": "x"}, {"more": "x"}),
    "wrong": ({"owner": "nobody"}, {"owner": "nobody"}),
    "forbidden": ({"owner": "team", "temp1": "x"}, {"owner": "team", "temp1": "x"}),
    "variable_right": (ref("var.tags"), {"owner": "team"}),
    "variable_lacking": (ref("var.tags"), {"more": "x"}),
    "untold": (ref("aws_kms_key.k.id"), None),
    "part_untold": ({"owner": "team", "more": ref("aws_kms_key.k.id")}, None),
}


def effective(cloud: str, own: Any, default: dict[str, Any] | None) -> dict[str, Any]:
    """The effective tags in the plan, as the providers were seen to write them (aws 5.100.0): {} where not known."""
    name = {"aws": "tags_all", "google": "effective_labels"}[cloud]
    if own is LATER:
        return {}
    merged = {**(default or {}), **(own or {})}
    if cloud == "google":
        return {name: {**merged, "goog-terraform-provisioned": "true"}}
    return {name: merged} if merged and "" not in merged.values() else {}


def with_defaults(own: str, default: str, in_plan: bool) -> dict[str, str]:
    """What is said of a resource with these tags; `in_plan`: the effective ones stand in the plan."""
    mine, (stated, values) = OWN[own], DEFAULTS[default]
    if mine is LATER:
        there = values or {} if isinstance(stated, dict) and values else {}
        untold = "unknown"
        return {
            "missing": "pass" if "owner" in there else untold,
            "values": untold,
            "forbidden": "fail" if "temp1" in there else untold,
            "misspelt": untold,
        }
    complete = default == "nothing" or (values is not None and (in_plan or isinstance(stated, dict)))
    there = {**(values or {}), **(mine or {})} if complete or in_plan else dict(mine or {})
    rest = "pass" if complete else "unknown"
    return {
        "missing": "fail" if there.get("owner") == "" else "pass" if "owner" in there else "fail" if complete else rest,
        "values": rest if "owner" not in there else "pass" if there["owner"] == "team" else "fail",
        "forbidden": "fail" if "temp1" in there else rest,
        "misspelt": rest,
    }


@pytest.mark.parametrize("action", ["create", "update", "replace", "no-op", "import", "move"])
@pytest.mark.parametrize(("cloud", "type_"), [("aws", "aws_sqs_queue"), ("google", "google_pubsub_topic")])
def test_own_tags_and_default_tags(cloud: str, type_: str, action: str) -> None:
    names = {"aws": ("tags", "tags_all"), "google": ("labels", "effective_labels")}[cloud]
    changes, providers, wanted = [], {}, {}
    for own, mine in OWN.items():
        for default, (stated, values) in DEFAULTS.items():
            case, address = f"{own}_{default}", f"{type_}.{own}_{default}"
            argument: dict[str, Any] = {
                "aws": {"default_tags": [{"tags": stated}]},
                "google": {"default_labels": stated},
            }
            providers[f"{cloud}.{case}"] = argument[cloud] if stated is not None else {}
            shown = effective(cloud, mine, values)
            body = {names[0]: mine, **shown}
            options: dict[str, Any] = {"provider": f"{cloud}.{case}"}
            old = {names[0]: {"owner": "x"}, names[1]: {"owner": "x"}}
            if action in ("no-op", "import", "move"):
                if mine is LATER or values is None:
                    continue
                body[names[1]] = {**values, **(mine or {})}
                said = with_defaults(own, default, True)
            else:
                options["unknown"] = [] if shown else [names[1]]
                said = with_defaults(own, default, bool(shown))
            if action == "create":
                changes.append(create(address, body, **options))
            elif action == "move":
                changes.append(moved(address, body, previous=f"{address}_was", **options))
            elif action in ("no-op", "import"):
                changes.append({"no-op": no_op, "import": imported}[action](address, body, **options))
            else:
                changes.append({"update": update, "replace": replace}[action](address, old, body, **options))
            wanted[address] = said
    document = plan(*changes, providers=providers, variables={"tags": {"value": {}}})
    for asked in ("missing", "values", "forbidden", "misspelt"):
        found = judge(ASKED[asked][0], document, **ASKED[asked][1]).outcomes
        wrong = {a: (found[a], wanted[a][asked]) for a in wanted if found[a] != wanted[a][asked]}
        assert not wrong, asked


# What default tags reach below a resource, and what they do not: `defaults` of a row of taggable.json.
@pytest.mark.parametrize("default", DEFAULTS)
def test_what_a_resource_makes_and_default_tags(default: str) -> None:
    stated, values = DEFAULTS[default]
    nested = {
        (row["type"], inner["path"]): inner.get("defaults", False)
        for row in tag_table()["rows"]
        for inner in row.get("nested", ())
        if row["type"].startswith("aws_")
    }
    wanted: dict[str, str] = {}
    changes = []
    for number, ((type_, path), reached) in enumerate(sorted(nested.items())):
        for state in ("lacking", "empty", "right"):
            address = f"{type_}.{state}_{number}"
            place = Place(type_, path, "aws", False)
            body = place.body(OWN[state])
            put(body, "tags_all", {"owner": "team"})
            changes.append(create(address, body))
            if state == "right":
                wanted[address] = "pass"
            elif state == "empty" or not reached:
                wanted[address] = "fail"
            else:
                told = isinstance(stated, dict) and values is not None
                wanted[address] = "unknown" if not told and default != "nothing" else "fail"
                if told and "owner" in (values or {}):
                    wanted[address] = "pass"
    providers = {"aws": {"default_tags": [{"tags": stated}]} if stated is not None else {}}
    found = judge(missing_tags, plan(*changes, providers=providers), required=["owner"]).outcomes
    assert found == wanted
    assert sum(nested.values()) == 4


NOT_REACHED = {
    "aws_autoscaling_group": "tag",
    "google_monitoring_alert_policy": "user_labels",
    "google_sql_database_instance": "settings[*].user_labels",
    "azurerm_storage_account": "tags",
    "awscc_sqs_queue": "tags",
    "kubernetes_namespace": "metadata[*].labels",
}


@pytest.mark.parametrize("type_", NOT_REACHED)
def test_what_default_tags_do_not_reach(type_: str) -> None:
    name, team = type_.partition("_")[0], {"owner": "team"}
    for stated in ({"default_tags": [{"tags": team}]}, {"default_labels": team}, {"default_tags": [{"tags": LATER}]}):
        body = Place(type_, NOT_REACHED[type_], "", True).body(None)
        document = plan(create(f"{type_}.x", body), providers={name: stated})
        assert judge(missing_tags, document, required=["owner"]).outcome == "fail"


# -- tags that other resources give ------------------------------------------------------------------------------

TOLD: dict[str, tuple[Any, Any, Any, str]] = {
    # (resource, key, value, what is said of a resource without tags of its own)
    "by_reference": ("ref", "owner", "team", "pass"),
    "by_id": ("the-id", "owner", "team", "pass"),
    "unknown_value": ("ref", "owner", LATER, "pass"),
    "empty_value": ("ref", "owner", "", "fail"),
    "null_value": ("ref", "owner", None, "fail"),
    "other_key": ("ref", "other", "team", "fail"),
    "unknown_key": ("ref", LATER, "team", "unknown"),
    "of_another": ("other-id", "owner", "team", "fail"),
    "of_a_local": (ref("local.id"), "owner", "team", "unknown"),
}
COMPANIONS = [(row["type"], one) for row in tag_table()["rows"] for one in row.get("companions", ())]


@pytest.mark.parametrize(("type_", "row"), COMPANIONS, ids=[type_ for type_, _ in COMPANIONS])
def test_tags_that_other_resources_give(type_: str, row: dict[str, Any]) -> None:
    parent = f"{type_}.p"
    known = {"id": "the-id", "name": "the-id"}
    path = "tag" if type_ == "aws_autoscaling_group" else "tags"
    for state, (resource, key, value, said) in TOLD.items():
        body: dict[str, Any] = {row["by"]: ref(f"{parent}.id") if resource == "ref" else resource}
        put(body, row["key"], key)
        put(body, row["value"], value)
        child = f"{row['type']}.c"
        for make in (create, no_op):
            if make is no_op and (key is LATER or value is LATER or not isinstance(resource, str)):
                continue
            if make is no_op:
                body[row["by"]] = "the-id" if resource == "ref" else resource
            made = plan(update(parent, {**known, path: None}, {**known, path: None, "x": 1}), make(child, body))
            outcome = judge(missing_tags, made, required=["owner"]).outcomes[parent]
            assert outcome == said, (state, make.__name__)
        gone = plan(no_op(parent, {**known, path: None}), delete(child, {**body, row["by"]: "the-id"}))
        assert judge(missing_tags, gone, required=["owner"]).outcomes[parent] == "fail", state


# -- autoscaling groups without tags -----------------------------------------------------------------------------

GROUPS: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "absent": ({}, {}, "fail"),
    "null": ({"tag": None}, {}, "fail"),
    "text": ({"tag": ""}, {}, "fail"),
    "list": ({"tag": []}, {}, "fail"),
    "map": ({"tag": {}}, {}, "fail"),
    "number": ({"tag": 7}, {}, "fail"),
    "configured": ({"tag": LATER}, {}, "unknown"),
    # No attribute but a block: forgotten it is empty, and unknown where a dynamic's for_each is not known.
    "dynamic": ({"tag": []}, {"unknown": ["tag"]}, "unknown"),
    "in_a_dynamic": ({"tag": [{"key": "a", "value": LATER}]}, {"dynamic": ["tag"]}, "pass"),
    "sensitive": ({"tag": [{"key": "a", "value": "b"}]}, {"sensitive": ["tag"]}, "pass"),
    "right": ({"tag": [{"key": "a", "value": "b", "propagate_at_launch": True}]}, {}, "pass"),
    "unknown_value": ({"tag": [{"key": "a", "value": LATER}]}, {}, "pass"),
    "unknown_key": ({"tag": [{"key": LATER, "value": "b"}]}, {}, "pass"),
    "old_form": ({"tag": [], "tags": [{"key": "a", "value": "b"}]}, {}, "pass"),
    "old_form_configured": ({"tag": [], "tags": LATER}, {}, "unknown"),
}


@pytest.mark.parametrize("action", ACTIONS)
def test_autoscaling_groups(action: str) -> None:
    place = Place("aws_autoscaling_group", "tag", "aws", True)
    changes, wanted = [], {}
    for state, (body, options, said) in GROUPS.items():
        case: Case = (place, "configured" if said == "unknown" else state, body, options, {})
        if action in ("no-op", "import", "move") and (has_unknown(case) or "unknown" in state):
            continue
        address = f"aws_autoscaling_group.{state}"
        changes.append(change(action, address, before(place), body, options))
        wanted[address] = said
    found = judge(autoscaling_group_untagged, plan(*changes)).outcomes
    assert found == ({} if action in ("delete", "forget") else wanted)


# -- the organization's tag policy -------------------------------------------------------------------------------

RULE = {"tag_key": "Owner", "tag_value": ["team", "t-*"]}
TAGS: dict[str, tuple[Any, bool, str]] = {
    # state: (tags, whether they violate it, whether the key is there); what violates it is refused where it is enforced
    "null": (None, False, "no"),
    "text": ("", False, "no"),
    "list": ([], False, "no"),
    "map": ({}, False, "no"),
    "number": (7, False, "no"),
    "right": ({"Owner": "team"}, False, "yes"),
    "starred": ({"Owner": "t-"}, False, "yes"),
    "wrong": ({"Owner": "nobody"}, True, "yes"),
    "empty": ({"Owner": ""}, True, "yes"),
    "null_value": ({"Owner": None}, True, "yes"),
    "number_value": ({"Owner": 7}, True, "yes"),
    "other_case": ({"owner": "team"}, True, "yes"),
    "both_cases": ({"Owner": "team", "OWNER": "team"}, True, "yes"),
    "wrong_and_case": ({"OWNER": "x"}, True, "yes"),
    "lacking": ({"Other": "x"}, False, "no"),
    "slip": ({"Onwer": "team"}, False, "no"),
    "case_and_unknown": ({"owner": LATER}, True, "yes"),
}
UNTOLD_TAGS = {"configured": LATER, "unknown_value": {"Owner": LATER}}


def judged_by(stated: dict[str, list[str]], *changes: Any) -> tuple[dict[str, str], dict[str, list[str | None]]]:
    text = json.dumps({"tags": {"owner": {**RULE, **stated}}})
    found = judge(tag_policy_violated, plan(*changes), tag_policy=text)
    return found.outcomes, found.severities


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("enforced", [[], ["sqs:queue"], ["sqs:*"], ["sqs:ALL_SUPPORTED"], ["sns:topic"]])
@pytest.mark.parametrize("required", [[], ["sqs:queue"], ["sns:*"]])
def test_tag_policy_in_every_state(action: str, enforced: list[str], required: list[str]) -> None:
    place = Place("aws_sqs_queue", "tags", "aws", True)
    stays = action in ("no-op", "import", "move")
    changes, outcomes, severities = [], {}, {}
    for state, (tags, violated, there) in TAGS.items():
        if stays and "unknown" in state:
            continue
        address = f"aws_sqs_queue.{state}"
        changes.append(change(action, address, before(place), {"tags": tags}, {}))
        lacks = there == "no" and required == ["sqs:queue"]
        outcomes[address] = "fail" if violated or lacks else "pass"
        if outcomes[address] == "fail":
            high = violated and bool(enforced) and enforced != ["sns:topic"]
            severities[address] = ["high" if high else None]
    for state, tags in UNTOLD_TAGS.items():
        if not stays:
            address = f"aws_sqs_queue.untold_{state}"
            changes.append(change(action, address, before(place), {"tags": tags}, {}))
            outcomes[address] = "unknown"
    found = judged_by({"enforced_for": enforced, "report_required_tag_for": required}, *changes)
    if action in ("delete", "forget"):
        assert found[0] == {}
    else:
        assert found[0] == outcomes
        assert {a: s for a, s in found[1].items() if found[0][a] == "fail"} == severities


def test_every_type_of_tag_policies() -> None:
    """What a type of tag policies is in Terraform, all of the table."""
    types = sorted({type_ for row in tag_type_rows() for type_ in row["types"]})
    every: list[Any] = []
    for type_ in types:
        for name, tags in (("wrong", {"Owner": "x"}), ("without", {"Name": "x"})):
            every.append(create(f"{type_}.{name}", tags=tags, tags_all=tags))
    document, policies = plan(*every), {}
    for start in range(0, len(tag_type_rows()), 21):  # one policy for some: a key of its own for each type
        some = tag_type_rows()[start : start + 21]
        stated = {**RULE, "enforced_for": [row["tag_type"] for row in some]}
        stated["report_required_tag_for"] = stated["enforced_for"]
        policies[json.dumps({"tags": {"owner": stated}})] = {type_ for row in some for type_ in row["types"]}
    for text, mine in policies.items():
        found = judge(tag_policy_violated, document, tag_policy=text)
        wanted: dict[str, list[str | None]] = {f"{type_}.wrong": ["high" if type_ in mine else None] for type_ in types}
        wanted |= {f"{type_}.without": [None] for type_ in mine}
        assert found.severities == wanted
