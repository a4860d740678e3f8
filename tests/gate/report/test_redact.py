"""That no form of a secret survives, whatever stands around it, and that nothing else is touched."""

from __future__ import annotations

import base64
import html
import json
import urllib.parse
from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from plangate.report.forms import all_forms, pieces
from plangate.report.redact import MARKER, PATTERN_MARKER, Redactor

# Half of the secrets are made of what encoders escape.
CHARS = st.one_of(st.characters(), st.sampled_from("\"'\\/<>&%+ \n\t${}é\u2028\U0001f511aB0-_="))
SECRETS = st.text(CHARS, min_size=6, max_size=24)
TEXTS = st.text(st.one_of(CHARS, st.sampled_from("(sensitive)")), max_size=40)


def bytes_of(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def go_json(text: str) -> str:
    raw = json.dumps(text, ensure_ascii=False)[1:-1]
    for char in "<>&\u2028\u2029":
        raw = raw.replace(char, f"\\u{ord(char):04x}")
    return raw


def go_quoted(text: str) -> str:
    names = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
    wide = {char: f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}" for char in text}
    return "".join(names.get(c, c if c.isprintable() else wide[c]) for c in text)


FORMS: dict[str, Callable[[str], str]] = {
    "itself": str,
    "json": lambda s: json.dumps(s)[1:-1],
    "json, raw": lambda s: json.dumps(s, ensure_ascii=False)[1:-1],
    "json, as Terraform": go_json,
    "json in json": lambda s: json.dumps(json.dumps(s, ensure_ascii=False)[1:-1], ensure_ascii=False)[1:-1],
    "address": go_quoted,
    "HCL template": lambda s: go_quoted(s).replace("${", "$${").replace("%{", "%%{"),
    "repr": lambda s: repr(s)[1:-1],
    "url": lambda s: urllib.parse.quote(bytes_of(s), safe=""),
    "url path": lambda s: urllib.parse.quote(bytes_of(s)),
    "form": lambda s: urllib.parse.quote_plus(bytes_of(s)),
    "html": html.escape,
    "html, quotes left": lambda s: html.escape(s, quote=False),
    "html, numeric": lambda s: html.escape(s, quote=False).replace('"', "&#34;").replace("'", "&#39;"),
    "base64": lambda s: base64.b64encode(bytes_of(s)).decode(),
    "base64, unpadded": lambda s: base64.b64encode(bytes_of(s)).decode().rstrip("="),
    "base64, url": lambda s: base64.urlsafe_b64encode(bytes_of(s)).decode(),
    "hex": lambda s: bytes_of(s).hex(),
    "hex, upper": lambda s: bytes_of(s).hex().upper(),
}


def searchable(secret: str) -> bool:
    return secret in pieces(secret) and secret not in MARKER and secret not in PATTERN_MARKER


@settings(deadline=None)
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
@given(secret=SECRETS, before=TEXTS, after=TEXTS)
def test_no_form_survives_any_surroundings(form: Callable[[str], str], secret: str, before: str, after: str) -> None:
    assume(searchable(secret))
    written = form(secret)
    assume(written not in MARKER)
    redactor = Redactor([secret])
    shown = redactor.text(before + written + after)
    assert MARKER in shown
    assert secret not in shown
    assert written not in shown
    assert redactor.text(shown) == shown


@settings(deadline=None)
@given(secret=SECRETS, before=st.binary(max_size=8), after=st.binary(max_size=8))
def test_no_secret_survives_inside_a_longer_base64_text(secret: str, before: bytes, after: bytes) -> None:
    assume(searchable(secret))
    blob = base64.b64encode(before + bytes_of(secret) + after).decode()
    assert blob not in Redactor([secret]).text(f"user_data = {blob}")


@settings(deadline=None)
@given(secrets=st.lists(SECRETS, max_size=6), text=st.text(CHARS, max_size=300))
def test_a_text_without_secrets_is_unchanged(secrets: list[str], text: str) -> None:
    found = any(form in text for form in all_forms(set(secrets)) if len(form) >= 6)
    shown = Redactor(secrets).text(text)
    assert found or shown is text


@settings(deadline=None)
@given(secrets=st.lists(SECRETS, min_size=1, max_size=6), parts=st.lists(TEXTS, max_size=8), data=st.data())
def test_several_secrets_in_one_text_are_all_hidden_and_stay_hidden(
    secrets: list[str], parts: list[str], data: st.DataObject
) -> None:
    redactor = Redactor(secrets)
    text = "".join(part + data.draw(st.sampled_from(secrets)) for part in parts)
    shown = redactor.text(text)
    assert not [secret for secret in secrets if searchable(secret) and secret in shown]
    assert redactor.text(shown) == shown


def test_overlapping_secrets_leave_no_rest() -> None:
    assert Redactor({"abcdefgh", "efghijkl"}).text("x abcdefghijkl y") == "x (sensitive) y"


def test_the_longest_secret_is_hidden_whole() -> None:
    assert Redactor({"hunter2", "hunter2-production"}).text("hunter2-production hunter2!") == (
        "(sensitive) (sensitive)!"
    )


def test_a_marker_and_its_neighbours_never_read_as_a_secret() -> None:
    redactor = Redactor({"e)abcd", "hunter2"})
    assert redactor.text("hunter2abcd!") == "(sensitive)!"


def test_a_text_made_to_need_many_rounds_is_hidden_whole() -> None:
    assert Redactor({"e)abcd", "hunter2"}).text("hunter2" + "abcd" * 5000) == MARKER


def test_a_text_made_to_be_slow_is_hidden_whole() -> None:
    secrets = {"a" * size + "b" for size in range(6, 600)}
    assert Redactor(secrets).text("a" * 50_000) == MARKER


def test_secrets_that_are_words_of_the_markers_do_not_loop() -> None:
    redactor = Redactor({"sensitive", "(sensi", "redacted)", "hunter2"})
    assert redactor.text("sensitive hunter2") == "sensitive (sensitive)"


PEM = "-----BEGIN PRIVATE KEY-----\nMIIEvLINEONE\r\nMIIEvLINETWO\n-----END PRIVATE KEY-----\n"


@pytest.mark.parametrize(
    ("secret", "shown"),
    [
        (PEM, "MIIEvLINEONE"),
        (PEM, json.dumps({"k": "MIIEvLINEONE\nMIIEvLINETWO"})),
        ('{"user": "orders", "pw": {"list": ["hunter2-json"]}}', "the password hunter2-json"),
        ('{"pin": 91827364}', "pin 91827364"),
        ("postgres://u:hunter2-url@db/prod", "hunter2-url"),
        ("https://h/?t=hunter2%2Ftok%2B1", "token hunter2%2Ftok%2B1"),
        ("Server=db;Password=hunter2-conn;", "'hunter2-conn'"),
        ("A=1\nDB_PASSWORD='hunter2-env'\n", "hunter2-env"),
        ("token: hunter2-yaml\n", "hunter2-yaml"),
        ("  hunter2-blank \n", "hunter2-blank"),
    ],
)
def test_the_pieces_of_a_secret_are_hidden_alone(secret: str, shown: str) -> None:
    out = Redactor([secret]).text(shown)
    assert MARKER in out
    assert "hunter2" not in out
    assert "LINE" not in out
    assert "91827364" not in out


def test_base64_of_a_json_document_hides_an_escaped_secret() -> None:
    secret = 'pa"ss<word>&1'
    document = go_json(secret)
    blob = base64.b64encode(f'{{"password":"{document}"}}'.encode()).decode()
    assert base64.b64encode(document.encode()[:9]).decode() not in Redactor([secret]).text(blob)
    assert MARKER in Redactor([secret]).text(blob)


@pytest.mark.parametrize("value", ["true", "12345", "enabled", "us-east-1", "Password", "sensitive", "------"])
def test_short_and_common_values_are_left_in_the_text(value: str) -> None:
    text = f"the value is {value} here"
    if value == "------":
        value = "first-line\n------\nlast-line"
    assert Redactor([value]).text(text) == text


def test_without_secrets_everything_is_the_same_object() -> None:
    redactor = Redactor(())
    tree = {"a": ["text of some length"]}
    assert not redactor
    assert redactor.tree(tree) is tree
    assert redactor.text(tree["a"][0]) is tree["a"][0]


def test_secrets_do_not_stand_in_the_representation() -> None:
    redactor = Redactor(["hunter2-prod"])
    redactor.text("anything at all")
    assert "hunter2" not in repr(redactor)


def test_a_tree_is_redacted_in_keys_strings_and_numbers_and_shares_the_rest() -> None:
    tree = {"keep": {"x": [1, "plain text"]}, "map": {"hunter2-prod": 918273645546}, "n": (True, None)}
    out = Redactor(["hunter2-prod", "918273645546"]).tree(tree)
    assert out == {"keep": {"x": [1, "plain text"]}, "map": {MARKER: MARKER}, "n": (True, None)}
    assert out["keep"] is tree["keep"]
    assert "hunter2-prod" in tree["map"]


def test_keys_that_become_equal_are_told_apart() -> None:
    out = Redactor(["hunter2-a", "hunter2-b"]).tree({"hunter2-a": 1, "hunter2-b": 2, "(sensitive) 2": 3})
    assert sorted(out.values()) == [1, 2, 3]
    assert MARKER in out


def test_a_deep_tree_and_a_shared_part_are_no_trouble() -> None:
    shared = {"k": "hunter2-prod"}
    tree: object = [shared, shared]
    for _ in range(5000):
        tree = [tree, {"also": tree}]
    out = Redactor(["hunter2-prod"]).tree(tree)
    while isinstance(out, list):
        out = out[0]
    assert out == {"k": MARKER}


JSON_TREES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), TEXTS, SECRETS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=12,
)


@settings(deadline=None)
@given(tree=JSON_TREES, secret=SECRETS)
def test_no_secret_survives_in_any_tree(tree: object, secret: str) -> None:
    assume(searchable(secret))
    planted = {"list": [tree, secret], secret: {"deep": tree, "text": f"is {secret}!"}}

    def strings(node: object) -> list[str]:
        if isinstance(node, dict):
            return [text for key, item in node.items() for text in [key, *strings(item)]]
        if isinstance(node, list):
            return [text for item in node for text in strings(item)]
        return [node] if isinstance(node, str) else []

    assert not [text for text in strings(Redactor([secret]).tree(planted)) if secret in text]


def test_ten_thousand_secrets_cost_less_than_one_look_per_secret_and_text() -> None:
    secrets = {f"CANARY-{index:034d}" for index in range(10_000)}
    redactor = Redactor(secrets)
    text = " ".join(sorted(secrets)) + " the end"
    assert redactor.text(text) == " ".join([MARKER] * 10_000) + " the end"
