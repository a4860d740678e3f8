"""File and lines of findings: from a working directory, from --source, from a plan file; through modules."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plangate.source import blocks
from plangate.source.locate import Locator
from plangate.source.tree import directory, snapshot

from ..front import check  # noqa: TID252 - the tests are no package

ROOT = """# a comment
resource "aws_sqs_queue" "jobs" {
  name = "jobs"   # } not the end
  policy = <<-EOT
    {
  EOT
}

module "net" {
  source = "./modules/net"
}

module "far" {
  source = "example/far/aws"
}
"""
NET = 'resource "aws_sqs_queue" "inner" {\n  name = "x"\n}\nmodule "deep" { source = "../deep" }\n'
QUEUE = {"sqs_managed_sse_enabled": False, "kms_master_key_id": None}


def _change(address: str, module: str = "") -> dict[str, Any]:
    local = address.rpartition("aws_sqs_queue")[2]
    return {
        "address": address,
        **({"module_address": module} if module else {}),
        "mode": "managed",
        "type": "aws_sqs_queue",
        "name": local.strip(".").partition("[")[0],
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "change": {
            "actions": ["create"],
            "before": None,
            "after": {"name": "q", **QUEUE},
            "after_unknown": {},
            "before_sensitive": False,
            "after_sensitive": {},
        },
    }


def plan(*changes: dict[str, Any], **root: Any) -> dict[str, Any]:
    resources = [{"address": "aws_sqs_queue.jobs", "mode": "managed", "type": "aws_sqs_queue", "name": "jobs"}]
    calls = {
        "net": {"source": "./modules/net", "module": {"module_calls": {"deep": {"source": "../deep"}}}},
        "far": {"source": "example/far/aws"},
    }
    module = {"resources": resources, "module_calls": calls, **root}
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "complete": True,
        "applyable": True,
        "errored": False,
        "planned_values": {"root_module": {}},
        "resource_changes": list(changes),
        "configuration": {"root_module": module},
    }


EVERYWHERE = (
    _change("aws_sqs_queue.jobs"),
    _change("aws_sqs_queue.jobs[0]"),
    _change('module.net["a.b"].aws_sqs_queue.inner', 'module.net["a.b"]'),
    _change('module.net["a.b"].module.deep[0].aws_sqs_queue.low', 'module.net["a.b"].module.deep[0]'),
    _change("module.far.aws_sqs_queue.theirs", "module.far"),
    _change("aws_sqs_queue.gone"),
)


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "envs" / "prod"
    for folder, text in (("", ROOT), ("modules/net", NET), ("modules/deep", 'resource "aws_sqs_queue" "low" {\n}\n')):
        (root / folder).mkdir(parents=True, exist_ok=True)
        (root / folder / "main.tf").write_text(text)
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(root)
    return root


def places(document: dict[str, Any], *arguments: str) -> dict[str, Any]:
    came = check(document, "--fail-on", "none", *arguments)
    assert came.code == 0, came
    return {c["address"]: c["location"] and _short(c["location"]) for c in came.report["changes"]}


def _short(location: dict[str, Any]) -> tuple[str, int, int]:
    return location["file"], location["line"], location["end_line"]


def test_places_are_those_of_the_blocks_as_the_repository_has_them(repo: Path) -> None:
    assert places(plan(*EVERYWHERE)) == {
        "aws_sqs_queue.jobs": ("envs/prod/main.tf", 2, 7),
        "aws_sqs_queue.jobs[0]": ("envs/prod/main.tf", 2, 7),
        'module.net["a.b"].aws_sqs_queue.inner': ("envs/prod/modules/net/main.tf", 1, 3),
        'module.net["a.b"].module.deep[0].aws_sqs_queue.low': ("envs/prod/modules/deep/main.tf", 1, 2),
        "module.far.aws_sqs_queue.theirs": ("envs/prod/main.tf", 13, 15),
        "aws_sqs_queue.gone": None,
    }


def test_findings_have_the_place_of_their_resource(repo: Path) -> None:
    came = check(plan(EVERYWHERE[0]))
    found = [f for f in came.report["findings"] if f["policy"].startswith("encryption/")]
    assert found
    assert {_short(f["location"]) for f in found} == {("envs/prod/main.tf", 2, 7)}


def test_another_root_is_not_taken_for_this_one(repo: Path) -> None:
    """The same resource name stands here, but not everything that the plan's root module has."""
    resources = [
        {"address": f"aws_sqs_queue.{name}", "mode": "managed", "type": "aws_sqs_queue", "name": name}
        for name in ("jobs", "other")
    ]
    assert places(plan(EVERYWHERE[0], resources=resources)) == {"aws_sqs_queue.jobs": None}


def test_a_plan_without_configuration_has_no_places(repo: Path) -> None:
    document = plan(EVERYWHERE[0])
    del document["configuration"]
    assert places(document) == {"aws_sqs_queue.jobs": None}


def test_source_names_the_root(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repo.parent.parent)
    assert places(plan(EVERYWHERE[0])) == {"aws_sqs_queue.jobs": None}
    assert places(plan(EVERYWHERE[0]), "--source", "envs/prod") == {"aws_sqs_queue.jobs": ("envs/prod/main.tf", 2, 7)}


def test_a_file_that_does_not_parse_costs_its_places_only(repo: Path) -> None:
    (repo / "broken.tf").write_text('resource "aws_sqs_queue" "gone" {\n  name = \n')
    found = places(plan(*EVERYWHERE))
    assert found["aws_sqs_queue.gone"] is None
    assert found["aws_sqs_queue.jobs"] == ("envs/prod/main.tf", 2, 7)


def test_an_override_is_not_where_the_block_stands(repo: Path) -> None:
    (repo / "a_override.tf").write_text('resource "aws_sqs_queue" "jobs" {\n}\n')
    assert places(plan(EVERYWHERE[0])) == {"aws_sqs_queue.jobs": ("envs/prod/main.tf", 2, 7)}


def test_a_manifest_that_leads_out_of_the_repository_is_not_followed(repo: Path, tmp_path_factory: Any) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "main.tf").write_text('resource "aws_sqs_queue" "theirs" {\n}\n')
    manifest = [{"Key": "", "Dir": "."}, {"Key": "far", "Source": "./x", "Dir": str(outside)}]
    (repo / ".terraform/modules").mkdir(parents=True)
    (repo / ".terraform/modules/modules.json").write_text(json.dumps({"Modules": manifest}))
    assert places(plan(EVERYWHERE[4]))["module.far.aws_sqs_queue.theirs"] is None


def test_a_module_of_others_shows_the_call_and_keeps_its_own_place(repo: Path) -> None:
    folder = repo / ".terraform/modules/far"
    folder.mkdir(parents=True)
    (folder / "queue.tf").write_text('\n\nresource "aws_sqs_queue" "theirs" {\n}\n')
    manifest = [{"Key": "", "Dir": "."}, {"Key": "far", "Source": "example/far/aws", "Dir": ".terraform/modules/far"}]
    (folder.parent / "modules.json").write_text(json.dumps({"Modules": manifest}))
    (change,) = check(plan(EVERYWHERE[4])).report["changes"]
    assert _short(change["location"]) == ("envs/prod/main.tf", 13, 15)
    assert change["location"]["inside"] == {"file": ".terraform/modules/far/queue.tf", "line": 3, "end_line": 4}


def test_a_snapshot_tells_as_much_as_a_folder() -> None:
    sources = {"main.tf": ROOT.encode(), "modules/net/main.tf": NET.encode(), "README.md": b'resource "aws_sqs_queue"'}
    manifest = [{"Key": "", "Dir": "."}, {"Key": "net", "Source": "./modules/net", "Dir": "modules/net"}]
    locator = Locator(snapshot(sources, json.dumps(manifest).encode(), "envs/prod"))
    assert locator.locate(["net"], "managed", "aws_sqs_queue", "inner") == {
        "file": "envs/prod/modules/net/main.tf",
        "line": 1,
        "end_line": 3,
        "inside": None,
    }
    far = locator.locate(["far"], "managed", "aws_sqs_queue", "theirs")
    assert far == {"file": "envs/prod/main.tf", "line": 13, "end_line": 15, "inside": None}


def test_only_files_that_may_hold_the_block_are_parsed() -> None:
    parsed: list[str] = []

    def read(text: str) -> Any:
        parsed.append(text)
        return blocks.read(text)

    files = {f"f{i}.tf": f'resource "aws_sqs_queue" "q{i}" {{\n}}\n'.encode() for i in range(50)}
    folders = directory(lambda _: files, b"", {}, "")
    locator = Locator(folders, read)
    for _ in range(3):
        assert locator.locate([], "managed", "aws_sqs_queue", "q7") == {
            "file": "f7.tf",
            "line": 1,
            "end_line": 2,
            "inside": None,
        }
    assert len(parsed) == 1


@given(st.text(max_size=200) | st.text('resource "a" {}\n<<EOT${}/*#', max_size=80))
def test_any_text_is_blocks_or_none(text: str) -> None:
    for names, (first, last) in blocks.read(text).items():
        assert names[0] in blocks.KINDS
        assert 1 <= first <= last


@given(st.binary(max_size=100) | st.text(max_size=60).map(str.encode))
def test_any_manifest_is_read(manifest: bytes) -> None:
    assert "" in directory(lambda _: {}, manifest, {}, "")
    snapshot({"main.tf": b""}, manifest, "")
