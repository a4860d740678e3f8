"""GitLab's two reports, by schemas of what docs.gitlab.com says of them."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plangate.render import gitlab, gitlab_terraform

from .build import Report, change, finding, report
from .samples import SAMPLES, failing, hostile, undecided, unreadable

ANY = st.text(st.characters(exclude_categories=()), min_size=1, max_size=60)
# docs.gitlab.com, "Code Quality report format": a list; these keys, and GitLab reads no others.
QUALITY = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": r"^(?!/|\./|[A-Za-z]:/)[^\\]+$"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}
# docs.gitlab.com, "Terraform integration in merge requests".
COUNTS = {
    "type": "object",
    "required": ["create", "update", "delete"],
    "additionalProperties": False,
    "properties": {name: {"type": "integer", "minimum": 0} for name in ("create", "update", "delete")},
}


def quality(*reports: Report) -> list[dict[str, Any]]:
    text = gitlab.render(list(reports))
    assert text.isascii()
    found: list[dict[str, Any]] = json.loads(text)
    jsonschema.validate(found, QUALITY)
    marks = [entry["fingerprint"] for entry in found]
    assert len(set(marks)) == len(marks)
    return found


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_keeps_the_schema(name: str) -> None:
    quality(SAMPLES[name]())
    jsonschema.validate(json.loads(gitlab_terraform.render([SAMPLES[name]()])), COUNTS)


@settings(deadline=None)
@given(ANY)
def test_any_text_keeps_the_schema(text: str) -> None:
    location = {"file": text, "line": 1, "end_line": 1}
    one = report("fail", 1, findings=[finding("p/q", "high", text, text, location=location)])
    (entry,) = quality(one)
    assert ".." not in entry["location"]["path"].split("/")


def test_the_worst_first_and_neither_waived_nor_passed() -> None:
    one = failing()
    one["findings"].append(finding("p/q", "low", "a.b", "", outcome="pass", stops=False))
    found = quality(one)
    assert len(found) == len(failing()["findings"]) - 1
    assert found[0]["severity"] == "blocker"
    assert found[0]["location"] == {"path": "main.tf", "lines": {"begin": 12}}
    assert found[0]["description"] == "aws_db_instance.main: deletes a database: its data goes with it"


def test_roots_of_one_name_keep_fingerprints_of_their_own() -> None:
    assert len(quality(failing(), failing(), hostile())) == 2 * 72 + 14


def test_what_could_not_be_judged_is_no_clean_report() -> None:
    (entry,) = quality(unreadable())
    assert (entry["severity"], entry["check_name"]) == ("blocker", "plangate/not-judged")
    assert {e["check_name"] for e in quality(undecided())} == {
        "plangate/not-judged", "encryption/aws-s3-public", "acme/naming",
    }  # fmt: skip


def test_a_replace_is_a_create_and_a_delete() -> None:
    one = report(changes=[change("a.b", "replace"), change("a.c", "create"), change("a.d", "update")])
    found = json.loads(gitlab_terraform.render([one, one]))
    assert found == {"create": 4, "update": 2, "delete": 2}
