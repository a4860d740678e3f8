"""What a mask marks, and that a mask that does not fit marks everything."""

from __future__ import annotations

from decimal import Decimal

import pytest

from plangate.report.masks import collect_across, collect_pair, decimal_text, has_mark, leaves


def pair(value: object, mask: object) -> set[str]:
    out: set[str] = set()
    collect_pair(value, mask, out)
    return out


def across(value: object, mask: object) -> set[str]:
    out: set[str] = set()
    collect_across(value, mask, out)
    return out


@pytest.mark.parametrize(
    ("value", "mask", "expected"),
    [
        ("hunter2-prod", True, {"hunter2-prod"}),
        ("hunter2-prod", False, set()),
        ({"password": "hunter2-prod", "name": "orders-db"}, {"password": True}, {"hunter2-prod"}),
        ({"a": [{"b": "hunter2-prod"}, {"b": "harmless"}]}, {"a": [{"b": True}, {}]}, {"hunter2-prod"}),
        ({"block": {"deep": {"deeper": ["hunter2-prod"]}}}, {"block": True}, {"hunter2-prod"}),
        (None, True, set()),
        ({"x": None}, {"x": {}}, set()),
        ({"x": "shown-value"}, {"gone": True}, set()),
    ],
)
def test_a_mask_that_fits_marks_what_it_says(value: object, mask: object, expected: set[str]) -> None:
    assert pair(value, mask) == expected


@pytest.mark.parametrize(
    ("value", "mask"),
    [
        ({"l": ["other-1", "hunter2-prod", "other-2"]}, {"l": [False]}),
        ({"l": ["other-1", "hunter2-prod"]}, {"l": [False, False, False]}),
        ({"l": ["hunter2-prod"]}, {"l": {"0": True}}),
        ({"l": ["hunter2-prod"]}, {"l": {}}),
        ({"m": {"k": "hunter2-prod"}}, {"m": [True]}),
        ({"s": "hunter2-prod"}, {"s": {}}),
        ({"s": "hunter2-prod"}, {"s": []}),
        ({"s": "hunter2-prod"}, {"s": None}),
        ({"s": "hunter2-prod"}, {"s": "true"}),
        ({"s": "hunter2-prod"}, {"s": 0}),
        ({"s": "hunter2-prod"}, []),
    ],
)
def test_a_mask_of_another_shape_marks_the_whole_value(value: object, mask: object) -> None:
    assert "hunter2-prod" in pair(value, mask)


def test_numbers_count_by_their_decimal_text_and_truth_values_do_not() -> None:
    value = {"n": 918273645546, "d": Decimal("1234567.50"), "f": 2500000.0, "b": True, "z": None, "s": 12345}
    found = pair(value, True)
    assert {"918273645546", "1234567.50", "2500000"} <= found
    assert not {"True", "true", "None", "null", "12345"} & found


def test_a_number_too_long_to_write_out_does_no_harm() -> None:
    for value in (Decimal("1E+999999"), 10**5000, float("inf"), float("nan"), Decimal("NaN")):
        assert all(len(text) < 100 for text in decimal_text(value))


def test_map_keys_count_unless_they_look_like_attribute_names() -> None:
    found = pair({"tok-4f9a77": 1, "user_name": "hunter2-prod", "masterPassword": "x"}, True)
    assert found == {"tok-4f9a77", "hunter2-prod"}


def test_short_strings_are_not_searched_for() -> None:
    assert pair(["abcde", "abcdef"], True) == {"abcdef"}


def test_nesting_has_no_limit() -> None:
    value: object = "hunter2-prod"
    mask: object = True
    for _ in range(5000):
        value, mask = [value], [mask]
    assert pair(value, mask) == {"hunter2-prod"}
    assert across(value, mask) == {"hunter2-prod"}
    out: set[str] = set()
    leaves(value, out)
    assert out == {"hunter2-prod"}
    assert has_mark(mask)


def test_the_mask_of_the_other_side_marks_every_element_of_a_list() -> None:
    value = {"rules": [{"key": "secret-one", "port": "port-1"}, {"key": "secret-two", "port": "port-2"}]}
    assert across(value, {"rules": [{"key": True}]}) == {"secret-one", "secret-two"}


def test_the_mask_of_the_other_side_does_not_mark_what_only_grew() -> None:
    assert across({"rules": ["10.0.0.0/16", "10.1.0.0/16"]}, {"rules": [False]}) == set()
    assert across({"name": "orders-db"}, {"name": {}}) == set()


def test_a_mask_of_the_other_side_in_another_shape_marks_all_when_it_marks_anything() -> None:
    assert across({"x": "hunter2-prod"}, {"x": {"y": True}}) == {"hunter2-prod"}


def test_many_kinds_of_marks_in_one_list_mark_all_of_it() -> None:
    value = [{f"k{i}": "hunter2-prod", "free": "also-hidden"} for i in range(20)]
    assert "also-hidden" in across(value, [{f"k{i}": True} for i in range(20)])
