"""The packs as a whole: nothing is forgotten, and every policy has its page."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

import plangate_policies
from plangate import Policy
from plangate_policies import POLICIES

ROOT = Path(plangate_policies.__file__).parent
MODULES = sorted(
    ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__")
    for path in ROOT.rglob("*.py")
)
IDS = [p.id for p in POLICIES]


def test_every_policy_that_is_defined_is_listed() -> None:
    defined = {
        value.id
        for name in MODULES
        for value in vars(importlib.import_module(name)).values()
        if isinstance(value, Policy)
    }
    assert defined <= set(IDS)
    assert len(IDS) == len(set(IDS))


@pytest.mark.parametrize("made", POLICIES, ids=IDS)
def test_every_policy_has_its_page(made: Policy) -> None:
    assert made.title.endswith(".")
    assert len(made.doc.strip().splitlines()) > 1, "a page is more than its title"
    assert made.remediation.endswith(".")
    assert made.references
    assert all(link.startswith("https://") for link in made.references)
    assert made.id.split("/")[0] in ("encryption", "tagging", "destructive", "exposure")
    if made.rows is not None:
        assert made.rows()


def test_customer_keys_are_a_question_and_stop_nobody() -> None:
    for made in POLICIES:
        if "require_cmk" in made.settings:
            assert made.settings["require_cmk"] == ("bool", False)
            assert made.severity in ("low", "medium")
