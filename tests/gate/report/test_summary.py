"""The one summary that every format is made of, and that each face shows or counts what is in it."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest

from plangate.render import html as page
from plangate.render import markdown, text
from plangate.report import wording
from plangate.report.summary import is_ignored, summarise

from ..render.build import Report, change, finding, report  # noqa: TID252 - the tests are no package


def faces(document: Report) -> dict[str, str]:
    """The formats that show a summary."""
    lines = text.render(document, verbose=False, terminal=False, color=False, today="2026-08-01")
    shown = markdown.render([document])
    return {
        "text": lines,
        "markdown": unescape(shown),
        "html": unescape(re.sub(r"<[^>]*>", "", page.render([document]))),
    }


def test_a_summary_is_plain_data_of_the_report_alone() -> None:
    document = report("fail", 1, changes=[change("a.b", "delete")], findings=[finding("p/q", "high", "a.b", "m")])
    again = json.loads(json.dumps(document))
    first, second = summarise(document), summarise(again)
    for key in first.keys() - {"stops", "others"}:
        assert first[key] == second[key]
    assert document == again  # nothing of it was changed


# -- what is lost --------------------------------------------------------------------------------------------


def test_what_goes_is_named_with_cause_and_loss_what_stops_first() -> None:
    loss = {"class": "database", "what": "a database", "loss": "its data is gone", "recovery": "the final snapshot"}
    document = report(
        "fail",
        1,
        changes=[
            change("a_q.first", "replace", replace_paths=["name"]),
            change("a_f.gone", "forget", reason="forgot_because_lifecycle_destroy_in_config"),
            change("a_t.plain", "delete", reason="delete_because_no_resource_config"),
            change("a_d.main", "delete", loss=loss, reason="delete_because_each_key"),
            change("a_d.stopped", "replace", loss=loss, replace_paths=["x", "y", "z", "w"]),
        ],
        findings=[finding("p/q", "critical", "a_d.stopped", "m")],
    )
    lost = summarise(document)["lost"]
    assert [(one["address"], one["fate"], one["why"]) for one in lost] == [
        ("a_d.stopped", "replace", "forced by x, y, z and 1 more"),
        ("a_d.main", "destroy", "its key left for_each"),
        ("a_t.plain", "destroy", "no longer in the configuration"),
        ("a_q.first", "replace", "forced by name"),
        ("a_f.gone", "forget", "destroy = false"),
    ]
    assert [one["stops"] for one in lost] == [True, False, False, False, False]
    assert wording.lost(lost[0]["loss"]) == "its data is gone; what may remain: the final snapshot"
    for shown in faces(document).values():
        for one in lost:
            assert one["address"] in shown


def test_deposed_objects_are_told_from_the_one_in_place() -> None:
    document = report(changes=[change("a.b", "delete", deposed="abcd1234"), change("a.b", "update", attributes=["x"])])
    assert [one["address"] for one in summarise(document)["lost"]] == ["a.b (deposed abcd1234)"]


# -- changes, folded and hidden ------------------------------------------------------------------------------


def test_noise_is_folded_and_comes_last() -> None:
    document = report(changes=[
        *[change(f"t_a.tags{i}", "update", attributes=["tags.x", "tags_all.x"], folded="tags") for i in range(3)],
        change("t_a.computed", "update", folded="computed", computed=2),
        change("t_a.real", "update", attributes=["size", "rule[0].port", "rule[1].port"]),
        change("t_b.new", "create"),
    ])  # fmt: skip
    kinds = summarise(document)["changes"]
    assert [(k["action"], k["number"], wording.subject(k), wording.changed(k)) for k in kinds] == [
        ("update", 1, "t_a.real", "size, rule"),
        ("create", 1, "t_b.new", ""),
        ("update", 3, "t_a", "tags only"),
        ("update", 1, "t_a.computed", "only what the provider will tell"),
    ]
    for shown in faces(document).values():
        assert "tags only" in shown
        assert "only what the provider will tell" in shown


@pytest.mark.parametrize(
    ("glob", "path", "ignored"),
    [
        ("tags", "tags", True),
        ("tags", "tags.owner", True),
        ("tags", "tags_all", False),
        ("tags.*", "tags.owner", True),
        ("tags.*", 'tags["a.b"]', False),
        ("tags[*]", 'tags["a.b"]', True),
        ("tags.owner", "tags", False),
        ("aws_thing.tags", "tags.owner", True),
        ("aws_other.tags", "tags.owner", False),
        ("aws_*.tags", "tags.owner", True),
        ("*.etag", "etag", True),
        ("*.etag", "part.etag", True),
        ("etag", "part.etag", False),
        ("rule[*].port", "rule[3].port", True),
        ("rule", "rule[3].port", True),
        ("**.port", "rule[3].port", True),
        ("*", "anything.at[0].all", True),
        ("", "x", False),
    ],
)
def test_ignore_paths_are_globs_of_paths_their_ancestors_and_types(glob: str, path: str, ignored: bool) -> None:
    assert is_ignored(path, "aws_thing", [glob]) is ignored


def ignoring(paths: list[str], **more: Any) -> Report:
    value = {"path": "tags.x", "before": '"old"', "after": '"new"'}
    size = {"path": "size", "before": "1", "after": "2"}
    return report(
        changes=[
            change("t.noise", "update", attributes=["tags.x"], values=[value]),
            change("t.noise2", "update", attributes=["tags.x", "tags_all.x"]),
            change("t.both", "update", attributes=["size", "tags.x"], values=[size, value]),
            change("t.gone", "replace", attributes=["tags.x"], replace_paths=["tags"]),
            change("t.computed", "update", computed=1),
        ],
        settings={**report()["settings"], "ignore_paths": paths},
        **more,
    )


def test_ignore_paths_hide_and_say_how_much() -> None:
    document = ignoring(["tags", "tags_all"])
    summary = summarise(document)
    assert (summary["hidden"], summary["veiled"]) == (2, 1)
    assert wording.hidden(summary) == "2 updates and 1 attribute of others hidden by ignore_paths"
    assert [(k["action"], k["attributes"]) for k in summary["changes"]] == [("update", ["size"])]
    assert [v["path"] for one in summary["values"] for v in one["values"]] == ["size"]
    assert [one["address"] for one in summary["lost"]] == ["t.gone"]  # what goes is never hidden
    for name, shown in faces(document).items():
        assert wording.hidden(summary) in shown
        assert name == "html" or "noise" not in shown  # the page's picture has every resource
    assert wording.hidden(summarise(ignoring([]))) == ""


def test_ignore_paths_hide_nothing_from_policies() -> None:
    found = finding("p/q", "high", "t.noise", "tags are wrong", attribute="tags")
    document = ignoring(["tags", "tags_all"], findings=[found])
    assert [f["address"] for g in summarise(document)["stops"] for f in g.findings] == ["t.noise"]
    for shown in faces(document).values():
        assert "t.noise" in shown


# -- what stands around --------------------------------------------------------------------------------------


def test_everything_around_is_shown_or_counted() -> None:
    document = report(
        changes=[
            change("new.a", "no-op", previous_address="old.a"),
            change("got.b", "no-op", importing={"id": "i-1"}),
            change("kept.c", "forget"),
            change("was.d", "delete"),
            change("is.d", "create"),
        ],
        drift=[
            {"address": "drifted.one", "action": "update", "attributes": ["x"], "relevant": ["x"]},
            *[{"address": f"aside.n{i}", "action": "update", "attributes": ["y"], "relevant": []} for i in range(5)],
        ],
        outputs=[{"name": "url", "action": "update", "sensitive": False},
                 {"name": "key", "action": "delete", "sensitive": True}],
        checks=[{"address": "check.health", "kind": "check", "status": "fail", "problems": 1},
                {"address": "check.later", "kind": "check", "status": "unknown", "problems": 0}],
        renames=[{"from": "was.d", "to": "is.d"}],
        invocations=[{"kind": "provisioner", "address": "is.d", "type": "local-exec", "when": "create"},
                     {"kind": "action", "address": "action.x.y", "type": "x", "when": "AfterCreate"}],
        notes=["completeness not stated"],
        plan={**report()["plan"], "complete": False},
        summary={"move": 1, "import": 1, "outputs": 2, "drift": 6},
    )  # fmt: skip
    summary = summarise(document)
    assert summary["incomplete"] is True
    assert (summary["moves"], summary["imports"]) == ([("old.a", "new.a")], ["got.b"])
    moved = {"text": "`moved` block", "markdown": "<code>moved</code> block", "html": "moved block"}
    for name, shown in faces(document).items():
        for word in (
            "old.a", "new.a", "got.b", "kept.c", "was.d", "is.d", "drifted.one", "may cause a planned change",
            "url (update), key (delete, sensitive)" if name == "text" else "key (delete, sensitive)",
            "check.health does not pass", "provisioner local-exec on is.d (create)", "completeness not stated",
            "incomplete", moved[name],
        ):  # fmt: skip
            assert word in shown, (name, word)
        for number in ("1 to import", "1 to move", "2 outputs change", "6 drifted"):
            assert number in shown or name != "text"
    assert "| import | move | outputs | drifted |" in faces(document)["markdown"]


def test_what_drifted_is_named_and_the_rest_counted() -> None:
    entries = [{"address": f"a.n{i}", "relevant": []} for i in range(5)]
    assert wording.drift(entries) == ["a.n0, a.n1, a.n2 and 2 more changed outside Terraform"]
    assert wording.drift(entries[:1]) == ["a.n0 changed outside Terraform"]
    assert wording.drift([]) == []


@pytest.mark.parametrize(
    ("code", "verdict", "said"),
    [
        (0, "pass", "nothing stops this plan"),
        (2, "error", "a setting or option is wrong"),
        (3, "error", "the plan cannot be judged"),
        (5, "error", "plangate itself failed, or an output could not be written"),
        (7, "pass", "nothing stops this plan, and a required message was not delivered"),
    ],
)
def test_the_reason_is_said_in_our_words(code: int, verdict: str, said: str) -> None:
    assert wording.because(summarise(report(verdict, code))["reasons"]) == said


def test_a_plan_that_was_not_read_has_no_counts() -> None:
    document = report("error", 3)
    assert summarise(document)["read"] is False
    for shown in faces(document).values():
        assert "Nothing changes" not in shown
        assert "changes   none" not in shown
    assert "Nothing changes" in faces(report())["markdown"]
