"""What plangate ships of Checkov: the lock, the severities, the doubts, and answers that are not whole."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plangate.checkov import kept, places, table
from plangate.checkov.ask import Answer, take
from plangate.checkov.external import files, ids
from plangate.errors import UndecidedError, UsageError

HERE = Path(table.__file__).parent


def test_the_lock_pins_the_version_that_plangate_is_made_for() -> None:
    text = Path(places.LOCK).read_text(encoding="utf-8")
    assert f"\ncheckov=={places.VERSION} " in text
    rows = [json.loads(line) for line in (HERE / "severities.jsonl").read_text().splitlines()]
    assert rows[0]["_checkov"] == places.VERSION


def test_every_check_has_one_severity() -> None:
    rows = [json.loads(line) for line in (HERE / "severities.jsonl").read_text().splitlines()][1:]
    listed = [id for row in rows for id in row["checks"]]
    assert len(listed) == len(set(listed)) == 1144
    assert all(re.fullmatch(r"CKV2?_[A-Z0-9]+_\d+", id) for id in listed)
    assert {row["severity"] for row in rows} == {"info", "low", "medium", "high", "critical"}
    assert all(row["checks"] == sorted(row["checks"]) and row["because"] for row in rows)
    counted = Counter(table.severities().values())
    assert counted["high"] + counted["critical"] < 1144 / 4  # what stops by default is the smaller part


def test_severities_follow_what_is_at_stake() -> None:
    of = table.severities()
    assert of["CKV_AWS_24"] == "critical"  # SSH open to the world
    assert of["CKV_AWS_3"] == "high"  # a volume in clear
    assert of["CKV_AWS_19"] == "low"  # S3 encrypts by itself
    assert of["CKV_AWS_158"] == "low"  # encrypted, though not by one's own key
    assert of["CKV_AWS_23"] == "info"  # a description


def test_doubtful_checks_exist(python: str) -> None:
    assert set(table.doubts()) <= set(table.severities())
    assert python


def test_the_table_has_every_check_of_the_real_one(beside: Any) -> None:
    from plangate.checkov.index import place_of

    place = place_of(None, "", beside.environ)
    assert place is not None
    index = json.loads(Path(place.index).read_text())
    real = {row[0] for row in index["checks"]} | {entry["id"] for entry in index["graph"]}
    assert real <= set(table.severities())


GOOD: dict[str, Any] = {
    "rows": [["CKV_AWS_1", 3, [["a.b", "FAILED", "FAILED", ["k"]]]]],
    "about": {"CKV_AWS_1": ["name", None, None]},
    "broken_checks": [["CKV_AWS_1", None, "ValueError"]],
}


def test_a_whole_answer_is_taken() -> None:
    answer = Answer()
    take(answer, GOOD, {"a.b"})
    assert answer.rows == {"CKV_AWS_1": (3, [["a.b", "FAILED", "FAILED", ["k"]]])}


@pytest.mark.parametrize(
    "change",
    [
        {"rows": None},
        {"rows": [["CKV_AWS_1", -1, []]]},
        {"rows": [["CKV_AWS_1", True, []]]},
        {"rows": [["CKV_AWS_2", 0, []]]},
        {"rows": [["CKV_AWS_1", 0, [["not.there", "FAILED", "FAILED", []]]]]},
        {"rows": [["CKV_AWS_1", 0, [["a.b", "GREAT", "FAILED", []]]]]},
        {"rows": [["CKV_AWS_1", 0, [["a.b", "FAILED", "FAILED", [1]]]]]},
        {"rows": [["CKV_AWS_1", 0, [[["a.b"], "FAILED", "FAILED", []]]]]},
        {"about": []},
        {"about": {"CKV_AWS_1": ["name", 1, None]}},
        {"broken_checks": [[1, None, "x"]]},
        {"broken_checks": "x"},
    ],
)
def test_an_answer_that_is_not_whole_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(UndecidedError, match="not believed"):
        take(Answer(), {**GOOD, **change}, {"a.b"})


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(max_size=3), inside, max_size=3),
)


@given(anything, anything, anything)
def test_no_answer_breaks_the_reader(rows: Any, about: Any, broken: Any) -> None:
    try:
        take(Answer(), {"rows": rows, "about": about, "broken_checks": broken}, set())
    except UndecidedError:
        pass


def test_files_of_custom_checks(tmp_path: Path) -> None:
    for name in ("p/__init__.py", "p/a.py", "p/b.yaml", "q/c.py", "q/d.yml", ".hidden/e.yaml", "q/readme.md"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    python, graph = files((str(tmp_path),), "here")
    assert [Path(p).name for p in python] == ["a.py"]
    assert [Path(p).name for p in graph] == ["b.yaml", "d.yml"]
    with pytest.raises(UsageError, match="no custom check here"):
        files((str(tmp_path / "q" / "readme.md"),), "here")


def test_ids_are_read_without_running_anything(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('super().__init__(name="n", id="CKV_A_1")\n    id = "CKV_A_2"\n')
    (tmp_path / "b.yaml").write_text("metadata:\n  id: CKV2_B_1\n  name: x\n")
    (tmp_path / "c.json").write_text('{"metadata": {"id": "CKV2_C_1"}}')
    found = ids([str(tmp_path / name) for name in ("a.py", "b.yaml", "c.json", "gone.py")])
    assert found == ["CKV_A_1", "CKV_A_2", "CKV2_B_1", "CKV2_C_1"]


@pytest.mark.parametrize("wrong", [{"custom": "x"}, {"custom": {"X": 1}}, {"rows": [1]}, {"about": None}])
def test_a_kept_answer_is_looked_at_like_one_of_the_process(tmp_path: Path, wrong: dict[str, Any]) -> None:
    answer = Answer()
    answer.rows, answer.about = {"C": (1, [])}, {"C": ["a check", None, None]}
    answer.custom = {"X": {"file": "x.py"}}
    environ = {"XDG_CACHE_HOME": str(tmp_path)}
    kept.keep("k", answer, environ)
    found = kept.find("k", environ, None)
    assert found is not None
    assert found.packed() == json.loads(json.dumps({**answer.packed(), "rows": [["C", 1, []]]}))
    (path,) = tmp_path.rglob("k.json")
    path.write_text(json.dumps({**answer.packed(), **wrong}))
    assert kept.find("k", environ, None) is None
