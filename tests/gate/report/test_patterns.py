"""The second net: credentials by their shape, and ordinary text left alone."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import plangate
from plangate.report.patterns import redact_patterns
from plangate.report.redact import Redactor

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("key AKIAIOSFODNN7EXAMPLE in use", "AKIAIOSFODNN7EXAMPLE"),
        ("ASIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE"),
        (f"Bearer {JWT}.", JWT),
        ("dial postgres://admin:hunter2@db:5432/x failed", "hunter2"),
        ("https://u:p@ss@host/", "p@ss"),
        ("xoxb-123456789012-abcdefghijkl", "123456789012"),
        ("remote ghp_abcdefghijklmnopqrstuvwxyz012345", "abcdefghijklmnop"),
        ("github_pat_11ABCDEFG0abcdefghijkl_mnopqrstuv", "11ABCDEFG0"),
        ("glpat-abcdefghijklmnopqrst", "abcdefghij"),
        ("sk_" + "live_abcdefghijklmnopqrstuv", "abcdefghij"),
        ("post https://hooks.slack.com/services/T000/B000/XXXXXXXX: 404", "T000/B000"),
        ("https://acme.webhook.office.com/webhookb2/0f-1/IncomingWebhook/9", "webhookb2"),
        ("export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMIK7MDENG", "wJalrXUtnFEMIK7MDENG"),
        ("Server=db;Password=hunter2-conn;Port=1", "hunter2-conn"),
        ("https://x.blob.example/c?sv=2022&sig=abcdefgh%3D", "abcdefgh%3D"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIEKEY\n-----END RSA PRIVATE KEY-----", "MIIEKEY"),
        ("cut off -----BEGIN PRIVATE KEY-----\nMIIEKEY", "MIIEKEY"),
    ],
)
def test_what_has_the_shape_of_a_credential_is_hidden(text: str, secret: str) -> None:
    out = redact_patterns(text)
    assert secret not in out
    assert "(redacted)" in out
    assert redact_patterns(out) == out


@pytest.mark.parametrize(
    "text",
    [
        "aws_s3_bucket.logs: versioning is off",
        "see https://docs.aws.amazon.com/AmazonS3/latest/userguide/x.html#y",
        "https://example.com:8443/path",
        'tags = "team=orders;env=production"',
        "http_tokens=required",
        "arn:aws:iam::123456789012:role/deploy",
        "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----",
        "postgres://admin:(sensitive)@db",
        "password=(sensitive)",
        "12345678-1234-1234-1234-123456789012",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert redact_patterns(text) == text


def test_text_around_a_key_stays() -> None:
    key = "-----BEGIN EC PRIVATE KEY-----\nx\n-----END EC PRIVATE KEY-----"
    cert = "-----BEGIN CERTIFICATE-----"
    assert redact_patterns(f"{cert} a {key} b {key} c") == f"{cert} a (redacted) b (redacted) c"


@given(st.text(max_size=200))
def test_any_text_can_be_redacted_twice(text: str) -> None:
    out = redact_patterns(text)
    assert redact_patterns(out) == out


HOSTILE = [
    "eyJ",
    "eyJ-",
    "AKIA",
    "://a:",
    "a=",
    "a.b-",
    "-----BEGIN ",
    "xoxb-",
    "ghp_",
    "://:@",
    "/workflows/",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_is_linear_in_hostile_text(piece: str) -> None:
    started = time.process_time()
    redact_patterns(piece * 50_000 + "!")
    assert time.process_time() - started < 5


def test_a_message_goes_through_both_nets() -> None:
    redactor = Redactor(["hunter2-prod"])
    assert redactor.message("hunter2-prod with AKIAIOSFODNN7EXAMPLE") == "(sensitive) with (redacted)"
    assert Redactor(()).message("AKIAIOSFODNN7EXAMPLE") == "(redacted)"


ROOT = str(Path(plangate.__file__).parent.parent)


def test_a_plain_run_imports_nothing_heavy() -> None:
    code = (
        f"import sys; sys.path.insert(0, {ROOT!r})\n"
        "from plangate.report.redact import Redactor; import plangate.report.secrets\n"
        "Redactor(()).text('some text'); Redactor(()).message('plain text of a policy')\n"
        "print({'re', 'json', 'typing', 'dataclasses', 'plangate.report.forms'} & set(sys.modules))"
    )
    out = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "set()"
