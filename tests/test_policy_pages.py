"""docs/policies/ is what `make docs` writes, and its pages hold what a reader asks for."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import hcl2
import pytest

from plangate.globs import match_id
from plangate_policies import POLICIES

from .tools import load

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs/policies"


TOOL, EXAMPLES = load("policy_pages"), load("policy_examples")
MADE: dict[str, str] = TOOL.pages()


def test_pages_are_those_of_the_source() -> None:
    kept = {path.relative_to(FOLDER).as_posix(): path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.md")}
    assert sorted(kept) == sorted(MADE)
    assert [name for name, text in MADE.items() if kept[name] != text] == [], "make docs"


def test_main_writes_all_and_removes_what_is_gone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    (tmp_path / "encryption" / "gone.md").write_text("x", encoding="utf-8")
    TOOL.main(tmp_path)
    assert f"{len(MADE)} pages" in capsys.readouterr().out
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.md")} == set(MADE)


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)
def test_a_page_tells_what_why_how_and_what_it_does_about_unknown_values(policy: object) -> None:
    text = MADE[f"{policy.id}.md"]  # type: ignore[attr-defined]
    titles = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert {"Why", "How to mend it", "Resource types", "Unknown values", "References"} <= set(titles)
    assert ("Settings" in titles) == bool(policy.settings)  # type: ignore[attr-defined]
    for line in text.splitlines():
        if line.startswith("|"):
            assert len(re.findall(r"(?<!\\)\|", line)) in (3, 4)
    for block in re.findall(r"```hcl\n(.*?)```", text, re.DOTALL):
        assert set(hcl2.loads(block)) & {"resource", "data", "provider", "removed", "moved"}


def test_every_example_is_for_some_policy() -> None:
    ids = [policy.id for policy in POLICIES]
    globs = [glob for found, _ in EXAMPLES.written() for glob in found]
    assert [glob for glob in globs if not any(match_id(glob, id) for id in ids)] == []
    assert len(globs) == len(set(globs))


def test_every_page_shows_how_to_mend_it_in_hcl() -> None:
    without = [policy.id for policy in POLICIES if "```hcl" not in MADE[f"{policy.id}.md"]]
    assert without == ["destructive/too-many-changed"]  # nothing to write: the change is to be split


def test_every_link_of_the_index_leads_to_a_page() -> None:
    assert set(re.findall(r"\]\((\w+/[\w-]+\.md)\)", MADE["README.md"])) == set(MADE) - {"README.md"}
