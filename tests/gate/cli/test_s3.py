"""`s3://bucket/key` as PLAN and as the file of a format, through what boto3 shows of S3."""

from __future__ import annotations

import io
import json
import sys
import types
from typing import Any

import pytest

from .conftest import Gate
from .plans import document, queue


class Refused(Exception):
    """As botocore's: the code in `response`, and a text that holds more than anyone should see."""

    def __init__(self, code: str) -> None:
        super().__init__("https://bucket.s3.example/key?X-Amz-Signature=0123456789abcdef")
        self.response = {"Error": {"Code": code}}


class Store:
    """Objects by (bucket, key)."""

    def __init__(self, objects: dict[tuple[str, str], bytes]) -> None:
        self.objects = objects
        self.region: str | None = None

    def client(self, name: str, region_name: str | None, **_: Any) -> Store:
        assert name == "s3"
        self.region = region_name
        return self

    def get_object(self, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803 - boto3's names
        if (Bucket, Key) not in self.objects:
            raise Refused("NoSuchKey")
        return {"Body": io.BytesIO(self.objects[Bucket, Key])}

    def put_object(self, Bucket: str, Key: str, Body: bytes) -> None:  # noqa: N803
        if Bucket == "closed":
            raise Refused("AccessDenied")
        self.objects[Bucket, Key] = Body


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    found = Store({("plans", "prod/plan.json"): json.dumps(document(queue())).encode()})
    boto, core, config = types.ModuleType("boto3"), types.ModuleType("botocore"), types.ModuleType("botocore.config")
    boto.client = found.client  # type: ignore[attr-defined]
    config.Config = lambda **options: options  # type: ignore[attr-defined]
    for module in (boto, core, config):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    return found


def test_the_region_is_the_one_of_the_runtime(gate: Gate, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    assert gate.run("check", "s3://plans/prod/plan.json").code == 0
    assert store.region == "eu-west-1"


def test_a_plan_is_read_and_reports_are_written_there(gate: Gate, store: Store) -> None:
    came = gate.run("check", "s3://plans/prod/plan.json", "-f", "json=s3://plans/out/{name}.json", "-f", "text")
    assert came.code == 0, came
    assert "s3://plans/prod/plan.json" in came.out
    (written,) = [data for (bucket, key), data in store.objects.items() if key.startswith("out/")]
    assert b'"verdict": "pass"' in written


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["s3://plans/prod/other.json"], 3, "cannot be read (NoSuchKey)"),
        (["s3://plans"], 2, "this names no object"),
        (["s3://plans/folder/"], 2, "this names no object"),
        (["s3:///key"], 2, "this names no object"),
        (["s3://plans/prod/plan.json", "-f", "json=s3://closed/x"], 5, "could not be written (AccessDenied)"),
        (["s3://plans/prod/plan.json", "-f", "json=s3://plans/prod/plan.json"], 2, "over what it is made of"),
    ],
)
def test_what_cannot_be_had_is_one_line_without_its_address(
    gate: Gate, store: Store, arguments: list[str], code: int, said: str
) -> None:
    came = gate.run("check", *arguments)
    assert came.code == code, came
    assert said in came.err
    assert "Signature" not in came.out + came.err


def test_reports_there_are_merged_with_and_without_what_is_expected(gate: Gate, store: Store) -> None:
    fact = ("--run", "root=envs/prod")
    assert gate.run("check", "s3://plans/prod/plan.json", "-f", "json=s3://plans/out/report.json", *fact).code == 0
    gate.write("roots.json", '["envs/prod"]')
    assert gate.run("merge", "s3://plans/out/report.json").code == 0
    came = gate.run("merge", "s3://plans/out/report.json", "--expect", "roots.json")
    assert came.code == 0, came


def test_without_boto3_the_extra_is_named(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    came = gate.run("check", "s3://plans/prod/plan.json")
    assert (came.code, "plangate[aws]" in came.err) == (2, True)
