from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from plangate.decide.load import load
from plangate.decide.settings import origin
from plangate.errors import UsageError

Root = Callable[..., str]
Refusal = Callable[..., str]


BAD = {
    "unknown key": ('# a\n\nfial_on = "low"', '3: unknown key "fial_on"; did you mean "fail_on"?'),
    "unknown key in a table": ('[policies]\npath = ["x"]', '2: unknown key "path"; did you mean "paths"?'),
    "unknown table": (
        '[enviroments.prod]\nbranch = ["main"]',
        '1: unknown key "enviroments"; did you mean "environments"?',
    ),
    "unknown key of Checkov": (
        '[checkov]\nskips = ["CKV_AWS_1"]',
        '2: unknown key "skips"; did you mean "skip"?',
    ),
    "unknown key of the summary": (
        '[summary]\nignore = ["x"]',
        '2: unknown key "ignore"; did you mean "ignore_paths"?',
    ),
    "unknown key, nothing near": (
        "[limits]\nxyzzy = 1",
        '2: unknown key "xyzzy"; known keys: "policy_seconds", "total_seconds", "memory_mib", "plan_mib"',
    ),
    "duplicate key": (
        'fail_on = "low"\nfail_on = "none"',
        '2: "fail_on" is given twice; keep one of the two',
    ),
    "duplicate table": ("[limits]\n[limits]", '2: "[limits]" is given twice; keep one of the two'),
    "wrong word": ('fail_on = "hihg"', '1: fail_on is "hihg"; did you mean "high"?'),
    "Norway": (
        "fail_on = false",
        "1: fail_on must be a string, not true or false; one of none, info, low, medium, high, critical",
    ),
    "wrong type": (
        "[limits]\npolicy_seconds = '30'",
        "2: policy_seconds must be a whole number, not a string",
    ),
    "not a list": ('[policies]\nselect = "encryption/*"', "2: select must be a list, not a string"),
    "wrong element": (
        '[policies]\nselect = [\n  "a/*",\n  3,\n]',
        "4: select, element 2, must be a string, not a number",
    ),
    "out of range": ("[limits]\npolicy_seconds = 0", "2: policy_seconds must be at least 1"),
    "one bracket too few": (
        '[enforcement]\npolicy = "*"',
        "1: enforcement must be a list, not a table; write [[enforcement]]",
    ),
    "waivers for waiver": (
        '[[waivers]]\npolicy = "*"',
        "1: waivers must be a string, not a list; name a file, or write the entries as [[waiver]]",
    ),
    "missing level": (
        '[[enforcement]]\npolicy = "a"\nlevel = "advisory"\n[[enforcement]]\npolicy = "*"',
        "4: level is missing",
    ),
    "wrong level": (
        '[[enforcement]]\npolicy = "*"\nlevel = "mandatory"',
        '3: level is "mandatory"; did you mean "soft-mandatory"?',
    ),
    "wrong severity": ('[severity]\n"a/b" = "hgh"', '2: "a/b" is "hgh"; did you mean "high"?'),
    "no TOML": ("fail_on = high", "1: this is no TOML: Invalid value"),
    "no such path": (
        '[policies]\npaths = ["mine.py"]',
        '2: the policy path "mine.py" names nothing; paths are relative to this file',
    ),
    "no such base": (
        'extends = "../base.toml"',
        '1: extends "../base.toml" names no file; paths are relative to this file',
    ),
    "no such package": (
        'extends = "package:no_such_package_here/base.toml"',
        (
            '1: extends "package:no_such_package_here/base.toml": '
            "no such package is installed; install it beside plangate"
        ),
    ),
    "path out of a package": (
        'extends = "package:pytest/../x.toml"',
        '1: extends "package:pytest/../x.toml" is no package:NAME/PATH',
    ),
    "extends itself": (
        'extends = "plangate.toml"',
        '1: extends "plangate.toml" goes in a circle; end it at a base',
    ),
    "no such waivers": (
        'waivers = "waivers.toml"',
        '1: waivers "waivers.toml" names no file; paths are relative to this file',
    ),
    "unknown key in a waiver": (
        '[[waiver]]\npolicy = "*"\nenviroment = "dev"',
        '3: unknown key "enviroment" (and 4 more); did you mean "environment"?',
    ),
    "environment nobody defined": (
        '[environments.prod]\n[[enforcement]]\npolicy = "*"\nlevel = "advisory"\nenvironment = "prd"',
        '2: environment "prd" names none of the environments; did you mean "prod"?',
    ),
    "no number": ('[settings."a/b"]\nmost = nan', "2: a setting must be a finite number"),
    "several": (
        "fail_on = 1\nscope = 2",
        ("1: fail_on must be a string, not a number (and 1 more); one of none, info, low, medium, high, critical"),
    ),
    "escape codes in a key": (
        '"\\u001b[31m\\u202e" = 1',
        '1: unknown key "\\u001B[31m\\u202E"; known keys: ',
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_by_file_and_line(name: str, refusal: Refusal) -> None:
    text, expected = BAD[name]
    line = refusal(text)
    expected = f"plangate.toml:{expected}"
    if name.startswith("escape"):
        assert line.startswith(expected)
    elif name == "no TOML":
        # the parser's own words differ between versions of Python
        assert line.startswith("plangate.toml:1: this is no TOML: ")
    else:
        assert line == expected


def test_bytes_that_are_no_text_and_files_without_end(tmp_path: Path, root: Root) -> None:
    folder = root("")
    (tmp_path / "plangate.toml").write_bytes(b'fail_on = "low"\n# \xff\n')
    with pytest.raises(UsageError, match=r"^plangate\.toml:2: this is not UTF-8"):
        load(folder)
    (tmp_path / "plangate.toml").write_bytes(b"#" * (2 << 20))
    with pytest.raises(UsageError, match="larger than"):
        load(folder)
    (tmp_path / "plangate.toml").write_text("a = " + "[" * 100_000)
    with pytest.raises(UsageError, match="nested too deeply"):
        load(folder)


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path, root: Root) -> None:
    folder = root("")
    (tmp_path / "plangate.toml").write_bytes(b'\xef\xbb\xbffail_on = "low"\r\nscope = "all"\r\n')
    settings = load(folder)
    assert (settings.fail_on, origin(settings, "scope")) == ("low", "plangate.toml:2")


SECRETS = [
    "https://hooks.slack.com/services/T00/B00/" + "x" * 24,
    "https://example.webhook.office.com/webhookb2/abc",
    "https://prod-1.westeurope.logic.azure.com:443/workflows/abc",
    "xoxb-" + "1" * 12 + "-abcdef",
    "ghp_" + "a" * 36,
    "AKIA" + "A" * 16,
    "https://user:hunter2@example.org/",
    "-----BEGIN PRIVATE KEY-----",
]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "text",
    [
        'fail_on = "low"\n[settings."a/b"]\nurl = "{}"',
        '\n[[waiver]]\nreason = "see {}"',
        '\n\n"{}" = 1',
    ],
)
def test_a_secret_is_refused_and_not_shown(secret: str, text: str, refusal: Refusal) -> None:
    line = refusal(text.replace("{}", secret))
    assert line.startswith("plangate.toml:3: ")
    assert "env:NAME, file:PATH or ssm:NAME" in line
    assert secret not in line
    assert secret[-8:] not in line


def test_where_a_secret_is_kept_and_plain_words_may_stand(root: Root) -> None:
    text = '[settings."a/b"]\na = "env:SLACK_WEBHOOK_URL"\nb = "https://example.org/x"\nc = "asiapacificsoutheast1"'
    assert load(root(text)).policy_settings["a/b"]["a"] == "env:SLACK_WEBHOOK_URL"
