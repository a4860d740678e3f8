"""Every recipe of docs/authoring.md runs: through `policies test`, and against plans that `check` reads."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import pytest

from plangate import Policy
from plangate.cli.main import run
from plangate.cli.streams import Streams
from plangate.policy.load import load_file

TEXT = (Path(__file__).resolve().parent.parent / "docs/authoring.md").read_text(encoding="utf-8")
RECIPES = {
    title: blocks[0]
    for title, body in re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", TEXT, re.DOTALL | re.MULTILINE)
    if (blocks := re.findall(r"^```python\n(.*?)^```$", body, re.DOTALL | re.MULTILINE))
}
ASKED = (
    "Allowed regions", "Sizes and price classes", "Names", "Pinned module sources and versions", "Allowed providers",
    "IAM wildcards", "Counts", "Joins", "Unknown values", "A freeze window", "State and backend hygiene",
)  # fmt: skip
SEEN = {  # what only the apply can tell comes up in each of these
    "Allowed regions", "Sizes and price classes", "Names", "IAM wildcards", "Joins", "Unknown values",
    "State and backend hygiene",
}  # fmt: skip


def loaded(title: str, folder: Path) -> Policy:
    (folder / "recipe.py").write_text(RECIPES[title], encoding="utf-8")
    (policy,) = load_file(str(folder / "recipe.py"))
    return policy


def command(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    code = run(list(arguments), Streams(io.BytesIO(), out, err, {"PATH": os.environ.get("PATH", "")}))
    return code, out.getvalue(), err.getvalue()


def test_every_recipe_is_there() -> None:
    assert tuple(RECIPES) == ASKED


@pytest.mark.parametrize("title", ASKED)
def test_recipe_holds_as_its_reader_runs_it(title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    policy = loaded(title, tmp_path)
    code, out, err = command("policies", "test", "recipe.py")
    assert (code, err) == (0, ""), out
    assert "0 do not" in out
    # A recipe is copied: it has no attribute that no example shows.
    assert "note" not in out
    assert policy.title.endswith(".")


@pytest.mark.parametrize("title", ASKED)
def test_recipe_shows_what_passes_what_fails_and_what_is_not_known(title: str) -> None:
    shown = set(re.findall(r'yield "(\w+)"', RECIPES[title]))
    assert shown >= {"pass", "fail"} | ({"unknown"} if title in SEEN else set())


def test_recipe_of_the_backend_judges_a_plan_document_as_unknown(tmp_path: Path) -> None:
    plan = Path(__file__).resolve().parent.parent / "examples/clean/plan.json"
    loaded("State and backend hygiene", tmp_path)
    arguments = ("-p", str(tmp_path / "recipe.py"), "--select", "acme/*", "-f", "json")
    code, out, _ = command("check", str(plan), *arguments)
    assert code == 1
    assert "a plan document names no backend" in out
