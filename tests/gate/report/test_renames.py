"""A delete and a create that look like one object under another name."""

from __future__ import annotations

from typing import Any

from plangate.report.renames import renames
from plangate.testing import create, delete, moved, plan, replace

BUCKET = {"bucket": "logs", "force_destroy": False, "acl": "private", "region": "eu-west-1", "tags": {"a": "b"}}


def found(*examples: Any) -> list[tuple[str, str]]:
    return [(pair["from"], pair["to"]) for pair in renames(plan(*examples))]


def test_near_equal_attributes_are_a_rename() -> None:
    examples = delete("aws_s3_bucket.old", BUCKET), create("aws_s3_bucket.new", BUCKET)
    assert found(*examples) == [("aws_s3_bucket.old", "aws_s3_bucket.new")]


def test_one_of_five_may_differ_and_two_may_not() -> None:
    gone = delete("aws_x.old", {**BUCKET, "size": 1})
    assert found(gone, create("aws_x.new", {**BUCKET, "size": 2})) == [("aws_x.old", "aws_x.new")]
    assert found(gone, create("aws_x.new", {**BUCKET, "size": 2, "acl": "public"})) == []


def test_what_has_hardly_any_attribute_is_not_alike() -> None:
    assert found(delete("null_resource.a", {}), create("null_resource.b", {})) == []
    assert found(delete("aws_x.a", {"name": "x"}), create("aws_x.b", {"name": "x"})) == []


def test_other_types_replacements_and_moves_are_none() -> None:
    assert found(delete("aws_x.old", BUCKET), create("aws_y.new", BUCKET)) == []
    assert found(replace("aws_x.old", BUCKET, {**BUCKET, "bucket": "b"}), create("aws_x.new", BUCKET)) == []
    assert found(moved("aws_x.new", BUCKET, previous="aws_x.old"), create("aws_x.z", BUCKET)) == []


def test_each_is_named_once_with_the_most_alike() -> None:
    other = {**BUCKET, "bucket": "other"}
    pairs = found(
        delete("aws_x.a", BUCKET),
        delete("aws_x.b", other),
        create("aws_x.c", other),
        create("aws_x.d", BUCKET),
        create("aws_x.e", BUCKET),
    )
    assert sorted(pairs) == [("aws_x.a", "aws_x.d"), ("aws_x.b", "aws_x.c")]


def test_a_move_into_a_module_or_to_an_index() -> None:
    assert found(delete("aws_x.a", BUCKET), create("module.m.aws_x.a[0]", BUCKET)) == [
        ("aws_x.a", "module.m.aws_x.a[0]")
    ]


def test_too_many_to_tell_are_not_compared() -> None:
    gone = [delete(f"aws_x.g{i}", BUCKET) for i in range(101)]
    assert found(*gone, *[create(f"aws_x.c{i}", BUCKET) for i in range(100)]) == []
