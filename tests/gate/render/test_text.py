"""What a person reads, line by line."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from plangate.render import text
from plangate.report.groups import compact

from .build import Report, change, finding, report
from .samples import clean, empty, failing, hostile, huge, undecided, unreadable


def lines(document: Report, **how: Any) -> list[str]:
    options = {"verbose": False, "terminal": True, "color": False, "today": "2026-08-01", **how}
    return text.render(document, **options).splitlines()


def block(document: Report, title: str, **how: Any) -> list[str]:
    """The lines under a title."""
    found = lines(document, **how)
    start = next(i for i, line in enumerate(found) if line.startswith(title))
    return found[start : found.index("", start)]


def labelled(document: Report, label: str, **how: Any) -> str | None:
    found = [line[12:] for line in lines(document, **how) if line.startswith(f"  {label} ")]
    return found[0] if found else None


def test_what_a_change_would_loosen_is_not_hidden_behind_other_notes() -> None:
    said = ["fail_on would be none instead of high", "plangate.toml would be gone"]
    document = failing()
    document["notes"] = ["settings are those of main", *(f"the change would loosen what judges it: {s}" for s in said)]
    document["settings"] = {**document["settings"], "loosened": said}
    assert labelled(document, "loosens") == f"{said[0]} (and 1 more)"
    assert labelled(document, "note") == "settings are those of main"


@pytest.mark.parametrize("verbose", [False, True])
def test_a_policy_that_broke_is_named(verbose: bool) -> None:
    assert "acme/naming" in "\n".join(block(undecided(), "Errors", verbose=verbose))


@pytest.mark.parametrize(
    ("document", "first"),
    [
        (clean(), "plangate: PASS - nothing stops this plan (exit 0)"),
        (failing(), "plangate: FAIL - 21 findings stop this plan (exit 1)"),
        (
            report("fail", 1, findings=[finding("a/b", "high", "x.y", "m")]),
            "plangate: FAIL - 1 finding stops this plan (exit 1)",
        ),
        (
            undecided(),
            "plangate: ERROR - 2 policies could not decide, and 1 finding stops this plan (exit 4)",
        ),
        (unreadable(), "plangate: ERROR - the plan cannot be judged (exit 3)"),
        (report("error", 2), "plangate: ERROR - a setting or option is wrong (exit 2)"),
        (
            report("error", 5),
            "plangate: ERROR - plangate itself failed, or an output could not be written (exit 5)",
        ),
        (
            report("pass", 7),
            "plangate: PASS - nothing stops this plan, and a required message was not delivered (exit 7)",
        ),
    ],
)
def test_the_verdict_is_the_first_line(document: Report, first: str) -> None:
    assert lines(document)[0] == first


def test_why_and_by_which_settings() -> None:
    assert lines(failing())[1:4] == [
        "  plan      envs/prod/tfplan.json, Terraform 1.9.5",
        "  settings  plangate.toml, environment production, fail-on high",
        "  because   1 critical and 19 high failed, 1 high cannot be known until apply",
    ]
    assert labelled(empty(), "settings") == "the defaults (no plangate.toml), fail-on high"


def test_what_goes_is_named_with_its_cause_and_destroys_come_first() -> None:
    assert block(failing(), "Destroyed or replaced") == [
        "Destroyed or replaced: 4 resources",
        "  destroy  aws_db_instance.main                 no longer in the configuration",
        "  replace  aws_instance.web[0,1]                forced by ami, subnet_id",
        "  replace  aws_instance.old                     tainted",
    ]


def test_a_forgotten_resource_and_a_deposed_object_are_named() -> None:
    document = report(
        changes=[
            change("aws_vpc.v", "forget", reason="delete_because_no_resource_config"),
            change("aws_instance.i", "delete", deposed="1a2b3c4d"),
            change("aws_instance.j", "delete", reason="delete_because_of_something_new"),
        ]
    )
    assert block(document, "Destroyed, replaced or forgotten") == [
        "Destroyed, replaced or forgotten: 3 resources",
        "  destroy  aws_instance.i (deposed 1a2b3c4d)",
        "  destroy  aws_instance.j                       delete because of something new",
        "  forget   aws_vpc.v                            no longer in the configuration",
    ]


def test_what_stops_is_grouped_worst_first_with_message_and_fix() -> None:
    document = {**failing(), "notes": [], "invocations": [], "waivers": {}}
    docs = "https://plangate.dev/p/"
    keep = "Keep the resource, or waive this finding for exactly this address."
    roles = 'aws_iam_role.r["a","b","c",... 4 more]'
    assert block(document, "Stops this plan", columns=120) == [
        "Stops this plan: 21 findings",
        "   1 x destructive/stateful-delete     critical  aws_db_instance.main",
        "       deletes a database: its data goes with it",
        f"       fix: {keep}  {docs}stateful-delete",
        f"  19 x tagging/missing-tags            high      aws_s3_bucket.b[0..11], {roles}",
        "       tags owner, cost-center are missing (+1 other message)",
        f"       fix: Add the tags to the resource or to default_tags of the provider.  {docs}missing-tags",
        "   1 x encryption/aws-efs-unencrypted  high      module.data.aws_efs_file_system.fs",
        "       cannot be known until apply: encrypted, comes from data.aws_ssm_parameter.encrypt",
        f"       fix: Set encrypted = true.  {docs}aws-efs-unencrypted",
    ]


def test_a_finding_on_the_plan_as_a_whole_says_so() -> None:
    document = report("fail", 1, findings=[finding("a/too-many", "high", None, "12 destroyed, 10 allowed")])
    assert "the plan as a whole" in block(document, "Stops this plan")[1]


def test_a_finding_on_a_deposed_object_says_so() -> None:
    document = report("fail", 1, findings=[finding("a/b", "high", "x.y", "m", deposed="1a2b")])
    assert "x.y (deposed 1a2b)" in block(document, "Stops this plan")[1]
    assert "x.y (deposed 1a2b)" in lines(document, terminal=False)[-1]


def test_what_does_not_stop_is_counted_and_never_called_stopping() -> None:
    assert labelled(failing(), "besides") == "1 advisory, 50 existing, 1 waived: none of them stops"
    alone = report(findings=[f for f in failing()["findings"] if not f["stops"]])
    assert [line.split()[2:5] for line in block(alone, "Does not stop")[1:] if " x " in line] == [
        ["encryption/aws-s3-no-cmk", "low", "aws_s3_bucket.b[3]"],
        ["encryption/aws-ebs-unencrypted", "high", "existing"],
        ["destructive/stateful-replace", "critical", "waived"],
    ]


def test_policies_that_broke_are_errors_and_not_findings() -> None:
    assert block(undecided(), "Errors") == [
        "Errors",
        "  policies/broken.py  did not load: SyntaxError at line 3",
        "  acme/naming on aws_s3_bucket.logs  raised KeyError in policies/naming.py line 12",
    ]
    assert block(undecided(), "Stops this plan")[0] == "Stops this plan: 1 finding"


def test_waivers_notes_and_what_runs_at_apply() -> None:
    assert labelled(failing(), "waivers", columns=160) == (
        "expired after 2026-01-31: encryption/* on aws_s3_bucket.old (plangate.toml:12) (and 1 more)"
    )
    assert labelled(failing(), "at apply") == "provisioner local-exec on aws_instance.old (create)"
    assert labelled(failing(), "note") is not None
    malformed = {"problem": "plangate.toml:3: this waiver covers nothing: owner is blank"}
    document = report(waivers={"used": [], "unused": [], "expired": [malformed]})
    assert labelled(document, "waivers") == "plangate.toml:3: this waiver covers nothing: owner is blank"
    assert labelled(clean(), "waivers") is None


def test_counts_are_of_the_summary() -> None:
    assert labelled(failing(), "changes") == (
        "13 to create, 7 to update, 3 to replace, 1 to destroy, 3 outputs change, 2 drifted"
    )
    assert labelled(empty(), "changes") == "none"
    assert labelled(empty(), "policies") == "41 evaluated, 23 of them with nothing to judge here"


def test_other_changes_are_grouped_by_type_with_what_changes() -> None:
    assert block(clean(), "Changes") == [
        "Changes",
        "  12 x update  aws_iam_role                     tags, tags_all",
        "   1 x create  aws_s3_bucket.logs",
        "   1 x move    module.net.aws_subnet.a",
    ]
    assert labelled(clean(), "moved") == "aws_subnet.a -> module.net.aws_subnet.a"


def test_words_that_mix_alphabets_are_pointed_at() -> None:
    said = labelled(report(changes=[change("aws_iam_user.p\u0430ypal", "create")]), "lookalike")
    assert said == "aws_iam_user.p\u0430ypal mixes Latin with Cyrillic or Greek letters"


def test_what_is_left_out_adds_up() -> None:
    found = lines(huge(500))
    left = " ".join(found[found.index(next(line for line in found if line.startswith("  left out"))) :])
    gone = sum(line.startswith("  destroy") for line in found)
    assert f"{500 - gone} of 500 that go" in left
    errors = sum(line.startswith("  acme/") for line in found)
    assert f"{30 - errors} of 30 errors" in left
    stops = sum(int(line.split()[0]) for line in found if " x pack/" in line)
    assert f"{500 - stops} of 500 that stop" in left
    assert "-v shows all" in left
    assert labelled(clean(), "left out") is None


def test_in_a_log_every_finding_that_stops_has_a_line() -> None:
    found = lines(failing(), terminal=False)
    rows = found[found.index("Every finding that stops this plan:") + 1 :]
    assert [row.split("  ")[0] for row in rows].count("tagging/missing-tags") == 19
    assert [cell.strip() for cell in rows[0].split("  ") if cell] == [
        "destructive/stateful-delete",
        "critical",
        "aws_db_instance.main",
        "-",
        "deletes a database: its data goes with it",
    ]
    assert "cannot be known until apply, comes from data.aws_ssm_parameter.encrypt" in rows[1]
    assert not any("Every finding" in line for line in lines(clean(), terminal=False))


def test_verbose_shows_everything_and_the_waiver_to_paste() -> None:
    found = lines(failing(), verbose=True)
    assert sum(line.startswith("  replace  aws_instance.web") for line in found) == 2
    assert sum("encryption/aws-ebs-unencrypted  aws_ebs_volume.v[" in line for line in found) == 50
    for said in (
        "    where        main.tf:12",
        "    fingerprint  f0e1d2c3b4a59687",
        "    see          https://plangate.dev/p/stateful-delete",
        "    waived by    data-team until 2026-12-31: moves in March",
    ):
        assert said in found
    starts = [i for i, line in enumerate(found) if line.strip() == "[[waiver]]"]
    assert len(starts) == 21
    entry = tomllib.loads("\n".join(found[starts[0] : found.index("", starts[0])]))["waiver"][0]
    assert (entry["policy"], entry["address"]) == ("destructive/stateful-delete", "aws_db_instance.main")
    assert not any(line.startswith("  left out") for line in found)


def test_a_waiver_for_a_hostile_address_is_inert_and_still_names_it() -> None:
    address = 'a.b["##[x] \u202e \x1b \u0301"]'
    document = report("fail", 1, findings=[finding("a/b", "high", address, "m")])
    found = lines(document, verbose=True)
    start = next(i for i, line in enumerate(found) if line.strip() == "[[waiver]]")
    assert tomllib.loads("\n".join(found[start : start + 6]))["waiver"][0]["address"] == address


def test_passes_are_shown_when_asked_for() -> None:
    assert not any("1 passed" in line for line in lines(failing(), verbose=True))
    found = block(failing(), "Policies that judged", verbose=True, show_passes=True)
    assert found[1].split() == ["destructive/stateful-delete", "1", "passed,", "2", "failed"]


def test_no_text_of_a_plan_can_forge_a_line() -> None:
    found = lines(hostile(), verbose=True)
    assert sum(line.startswith("plangate:") for line in found) == 1
    assert '  destroy  aws_instance.web["a\\x0aplangate: PASS (exit 0)"]' in found


@pytest.mark.parametrize(
    ("addresses", "texts"),
    [
        ([f"a.b[{i}]" for i in range(12)], [("a.b[0..11]", 12)]),
        (["a.b[0]", "a.b[2]", "a.b[3]", "a.b[5]", "a.b[6]", "a.b[7]"], [("a.b[0,2,3,5..7]", 6)]),
        ([f"a.b[{i}]" for i in range(0, 20, 2)], [("a.b[0,2,4,6,8,10,... 4 more]", 10)]),
        (["a.b", "a.b", "a.b[0]"], [("a.b", 1), ("a.b[0]", 1)]),
        (['a.b["x"]', 'a.b["y"]'], [('a.b["x"]', 1), ('a.b["y"]', 1)]),
        (["a.b[01]", "a.b[\u0661]", "[0]", ""], [("a.b[01]", 1), ("a.b[\u0661]", 1), ("[0]", 1), ("", 1)]),
    ],
)
def test_numbered_addresses_are_one(addresses: list[str], texts: list[tuple[str, int]]) -> None:
    assert compact(addresses) == texts


def test_keyed_addresses_are_one_where_asked() -> None:
    assert compact([f'a.b["{k}"]' for k in "vwxyz"], keys=True) == [('a.b["v","w","x",... 2 more]', 5)]
