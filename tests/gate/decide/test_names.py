from __future__ import annotations

import pytest

from plangate.decide.names import check_names
from plangate.decide.settings import Settings
from plangate.decide.waivers import Waiver
from plangate.errors import UsageError

IDS = ["encryption/aws-efs-unencrypted", "public/aws-s3-bucket-public", "tags/missing"]
OF = {"tags/missing": {"required": "list[str]", "most": "int | None", "exempt": "tuple[str, ...]", "how": "Odd"}}


def _refusal(settings: Settings) -> str:
    with pytest.raises(UsageError) as caught:
        check_names(settings, IDS, OF)
    return caught.value.line()


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (Settings(select=("encrytion/*",), origins={"policies.select": "--select"}),
         '--select: select "encrytion/*" names no policy; did you mean "encryption/*"?'),
        (Settings(ignore=("public/*", "tags/mising"), origins={"policies.ignore.1": "plangate.toml:4"}),
         'plangate.toml:4: ignore "tags/mising" names no policy; did you mean "tags/missing"?'),
        (Settings(enforcement=(("zzz", None, "advisory"),), origins={"enforcement.0": "base.toml:9"}),
         'base.toml:9: the enforcement of "zzz" names no policy; `plangate policies list` shows them all'),
        (Settings(severities=(("tag/*", "low"),), origins={"severity.tag/*": "plangate.toml:2"}),
         'plangate.toml:2: the severity of "tag/*" names no policy; did you mean "tags/*"?'),
        (Settings(unknowns=(("tag/*", "warn"),), origins={"unknown.tag/*": "plangate.toml:3"}),
         'plangate.toml:3: the unknown of "tag/*" names no policy; did you mean "tags/*"?'),
        (Settings(policy_settings={"tags/mising": {}}, origins={"settings.tags/mising": "plangate.toml:7"}),
         'plangate.toml:7: there is no policy "tags/mising"; did you mean "tags/missing"?'),
        (Settings(policy_settings={"tags/missing": {"requird": []}}, origins={"settings": "p.toml:7"}),
         'p.toml:7: "tags/missing" has no setting "requird"; did you mean "required"?'),
        (Settings(policy_settings={"tags/missing": {"required": ["a", 1]}}, origins={"settings": "p.toml:7"}),
         'p.toml:7: "required" of "tags/missing" must be a list of strings; `plangate policies show tags/missing`'),
        (Settings(policy_settings={IDS[1]: {"x": 1}}, origins={"settings": "p.toml:7"}),
         'p.toml:7: "public/aws-s3-bucket-public" has no setting "x"; there are no settings of this policy'),
    ],
)  # fmt: skip
def test_a_name_that_means_nothing_is_refused(settings: Settings, line: str) -> None:
    assert _refusal(settings) == line


@pytest.mark.parametrize(
    ("name", "value", "good"),
    [
        ("required", ["a"], True), ("required", [], True), ("required", "a", False), ("most", 3, True),
        ("most", True, False), ("most", "3", False), ("exempt", ["a"], True), ("exempt", [1], False),
        ("how", object(), True),
    ],
)  # fmt: skip
def test_settings_have_the_type_the_policy_says(name: str, value: object, good: bool) -> None:
    settings = Settings(policy_settings={"tags/missing": {name: value}})
    if good:
        assert check_names(settings, IDS, OF) == ()
    else:
        assert "must be" in _refusal(settings)


def test_a_waiver_of_no_policy_is_said_and_stops_nothing() -> None:
    waiver = Waiver("tags/mising", "x.y", "r", "o", "2026-01-01", source="plangate.toml:3")
    assert check_names(Settings(waivers=(waiver,)), IDS, OF) == (
        'plangate.toml:3: this waiver covers nothing: "tags/mising" names no policy',
    )
