"""What messages are made of: templates, texts, roots; and secrets that stand nowhere else."""

from __future__ import annotations

import json
import re
import sys
import types
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plangate.decide.settings_notify import EVENTS, NOTIFY_ON
from plangate.http import DeliveryError
from plangate.notify.api import Response, Sent, Setting, headline, refused, retry_after
from plangate.notify.build import judged
from plangate.notify.message import Message, Run
from plangate.notify.secrets import Reference, fetch, parse
from plangate.notify.templates import PLACEHOLDERS, fill, fill_url, safe_url, unknown
from plangate.notify.texts import Texts, entries, languages

from ...notifiers.server import Server  # noqa: TID252 - the tests are no package
from ..cli.conftest import Gate  # noqa: TID252
from ..render import samples  # noqa: TID252
from .reports import report

ROOT = Path(__file__).resolve().parents[3]
BLANKS = "\u00a0\u3000"  # shown as they are
hostile = st.text(st.characters(), max_size=60)


# -- templates -------------------------------------------------------------------------------------------


@given(st.sampled_from(PLACEHOLDERS), hostile, st.sampled_from(PLACEHOLDERS), hostile)
def test_a_value_is_filled_in_once_and_is_no_template(first: str, value: str, second: str, other: str) -> None:
    shown = fill(
        f"[{{{first}}}|{{{second}}}]", {first: f"{{{second}}}", second: "V"} if first != second else {first: "V"}
    )
    assert shown == (f"[{{{second}}}|V]" if first != second else "[V|V]")
    text = fill(f"{{{first}}}!", {first: value + other})
    assert all(char.isprintable() or char in "\n" + BLANKS for char in text)


@given(st.text(st.characters(), max_size=80))
def test_whatever_is_written_has_unknown_placeholders_or_none_left(template: str) -> None:
    values = dict.fromkeys(PLACEHOLDERS, "v")
    if unknown(template) is None:
        assert not any(f"{{{name}}}" in fill(template, values) for name in PLACEHOLDERS)


@given(hostile, hostile)
def test_a_link_leads_where_its_template_says_whatever_the_values_are(repository: str, name: str) -> None:
    link = fill_url("https://ci.example.com/{repository}/x/{name}?q={name}", {"repository": repository, "name": name})
    if link is not None:
        url = urlsplit(link)
        assert (url.scheme, url.netloc) == ("https", "ci.example.com")
        assert link.isascii()
        assert link.isprintable()
        assert not set(link) & set(' "<>\\^`{|}')
        assert url.path.endswith("/x/" + url.query.removeprefix("q="))


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)", "http://example.com/", "https://user@example.com/", "https://", "//example.com",
        "https://example.com/<b>", "https://example.com/a b", "https://ex\u0430mple.com/", "https://example.com/\n", "",
        "https://example.com/" + "a" * 2001, "data:text/html,x", None,
    ],
)  # fmt: skip
def test_what_is_no_link(text: str | None) -> None:
    assert safe_url(text) is None


# -- texts -----------------------------------------------------------------------------------------------


def places(entry: str | dict[str, str]) -> set[str]:
    forms = entry.values() if isinstance(entry, dict) else [entry]
    return {name for form in forms for name in re.findall(r"\{(\w+)\}", form)}


@pytest.mark.parametrize("language", languages())
def test_every_language_says_everything_with_the_same_values(language: str) -> None:
    english, other = entries("en"), entries(language)
    assert set(other) == set(english)
    assert {key for key in english if places(english[key]) != places(other[key])} == set()


def test_forms_by_number() -> None:
    texts = Texts()
    assert texts.say("reason.stops", n=1) == "1 finding stops this plan"
    assert texts.say("reason.stops", n=50000) == "50,000 findings stop this plan"
    with pytest.raises(KeyError):
        texts.say("no.such")


# -- roots -----------------------------------------------------------------------------------------------


def texts_of(value: Any) -> list[str]:
    """Every string of a root, however deep."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, (list, tuple)):
        return [text for one in value for text in texts_of(one)]
    if isinstance(value, dict):
        return [text for pair in value.items() for text in texts_of(pair)]
    if hasattr(value, "__slots__"):
        return [text for name in value.__slots__ for text in texts_of(getattr(value, name))]
    return []


@given(hostile, hostile, hostile)
def test_no_text_of_a_plan_comes_raw(address: str, name: str, said: str) -> None:
    one = report("fail", path=name, workspace=name, environment=name)
    one["changes"][0].update(address=address, action="delete", replace_paths=[said])
    one["findings"][0].update(address=address, title=said, remediation=said)
    one["errors"] = [{"kind": "plan", "message": said, "path": name, "policy": None}]
    (found,) = judged([one], {name: {"account": said}})
    for text in texts_of(found.root):
        assert all(char.isprintable() or char in BLANKS for char in text), text
        assert "\n" not in text


@pytest.mark.parametrize("name", samples.SAMPLES)
def test_a_root_says_what_its_report_says(name: str) -> None:
    one = samples.SAMPLES[name]()
    (found,) = judged([one], {})
    root = found.root
    assert (root.verdict, root.exit_code) == (one["verdict"], one["exit_code"])
    assert len(root.lost) == sum(c["action"] in ("delete", "replace", "forget") for c in one["changes"])
    assert sum(fault.number for fault in root.stops) == sum(
        f["stops"] for f in one["findings"] if f["outcome"] != "error"
    )
    assert all(sum(n for _, n in fault.addresses) <= fault.number for fault in root.stops)
    assert [loss.stops for loss in root.lost] == sorted((loss.stops for loss in root.lost), reverse=True)


def test_roots_are_called_by_their_folders() -> None:
    paths = [
        "live/prod/plan.json",
        "live/dev/plan.json",
        "plan.json",
        "<stdin>",
        "./a/x.json",
        "a/y.json",
        "many.jsonl:3",
    ]
    found = {one.path: one.root.name for one in judged([report(path=path) for path in paths], {})}
    assert [found[path] for path in paths] == [
        "live/prod",
        "live/dev",
        "plan.json",
        "(stdin)",
        "./a/x.json",
        "a/y.json",
        "many.jsonl:3",
    ]


@given(st.lists(st.sampled_from(["pass", "fail", "error"]), min_size=1, max_size=5), st.sampled_from(languages()))
def test_a_headline_says_the_worst_verdict_and_how_many(verdicts: list[str], language: str) -> None:
    roots = [one.root for one in judged([report(v, path=f"{i}/p.json") for i, v in enumerate(verdicts)], {})]
    texts = Texts(language)
    message = Message(Run({}), roots, texts, "0" * 32, str)
    message.verdict = max(verdicts, key=["pass", "fail", "error"].index)
    text = headline(message)
    assert texts.say(f"verdict.{message.verdict}") in text
    assert len(verdicts) == 1 or str(len(verdicts)) in text
    assert "{" not in text


# -- secrets ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["env:A", "env:a_B1", "file:/run/secrets/x", "file:x y", "ssm:/a/b.c-d_e"])
def test_where_a_secret_may_stand(written: str) -> None:
    assert str(parse(written, "/f")) == written


@pytest.mark.parametrize(
    "written", ["", "env:", "env: A", "A", "https://x", "vault:a", "env:A B", "ssm:a b", "env:A\n"]
)
def test_what_is_no_place_of_a_secret(written: str) -> None:
    assert parse(written, "/f") is None


@given(st.text(min_size=1, max_size=40))
def test_an_error_about_a_secret_does_not_hold_it(value: str) -> None:
    said = None
    try:
        found = fetch(Reference("env", "NAME"), {"NAME": value}).reveal()
    except DeliveryError as error:
        found, said = value.strip(), error.said
    assert found == value.strip()
    assert said in (None, "env:NAME is not set", "env:NAME holds characters that no address or token has")


class Parameters:
    """The Parameter Store as boto3 shows it."""

    def __init__(self, value: str | Exception) -> None:
        self.value = value
        self.asked: list[Any] = []

    def client(self, name: str, **options: Any) -> Parameters:
        self.asked.append((name, options["region_name"]))
        return self

    def get_parameter(self, **names: Any) -> dict[str, Any]:
        self.asked.append(names)
        if isinstance(self.value, Exception):
            raise self.value
        return {"Parameter": {"Value": self.value}}


def with_boto(monkeypatch: pytest.MonkeyPatch, store: Parameters) -> None:
    boto, core, config = types.ModuleType("boto3"), types.ModuleType("botocore"), types.ModuleType("botocore.config")
    boto.client = store.client  # type: ignore[attr-defined]
    config.Config = lambda **options: options  # type: ignore[attr-defined]
    for module in (boto, core, config):
        monkeypatch.setitem(sys.modules, module.__name__, module)


def test_a_parameter_is_read_decrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Parameters("value-0123456789\n")
    with_boto(monkeypatch, store)
    assert fetch(Reference("ssm", "/a/b"), {"AWS_REGION": "eu-west-1"}).reveal() == "value-0123456789"
    assert store.asked == [("ssm", "eu-west-1"), {"Name": "/a/b", "WithDecryption": True}]


def test_a_parameter_that_cannot_be_read_is_named_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    error = RuntimeError("arn:aws:ssm:secret")
    error.response = {"Error": {"Code": "AccessDeniedException"}}  # type: ignore[attr-defined]
    with_boto(monkeypatch, Parameters(error))
    with pytest.raises(DeliveryError) as caught:
        fetch(Reference("ssm", "/a/b"), {})
    assert caught.value.said == "ssm:/a/b cannot be read (AccessDeniedException)"


def test_without_boto3_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(DeliveryError) as caught:
        fetch(Reference("ssm", "/a/b"), {})
    assert caught.value.fix == "install plangate[aws]"


# -- what authors of notifiers get -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "repeatable", "retry"),
    [
        (429, False, "safe"),
        (503, False, "safe"),
        (500, False, "doubtful"),
        (504, True, "safe"),
        (302, False, "no"),
        (404, True, "no"),
    ],
)
def test_what_a_refusal_says_about_a_repeat(status: int, repeatable: bool, retry: str) -> None:
    error = refused(Response(status, {"retry-after": "7"}, b"", "h.example"), "no_service\n\x1b", repeatable=repeatable)
    assert error.retry == retry
    assert error.said.startswith(f"h.example: answered {status} (no_service\\x0a\\x1b)")
    assert error.after == (None if retry == "no" else 7.0)


@given(st.text(max_size=40))
def test_retry_after_is_a_number_of_seconds_or_none(written: str) -> None:
    after = retry_after(Response(429, {"retry-after": written}, b""))
    assert after is None or 0 <= after <= 86400


@given(hostile, hostile)
def test_a_stamp_ends_no_marker(id: str, commit: str) -> None:
    message = Message(Run({"id": id, "commit": commit, "started_at": id}), [], Texts(), "0" * 32, str)
    for value in message.stamp().values():
        assert re.fullmatch(r"[A-Za-z0-9:._+-]*", value)
        assert "--" not in value


def test_a_setting_is_what_the_guide_says() -> None:
    assert (Setting("text", "h").default, Sent().status) == (None, "sent")


def test_the_notifier_of_the_guide_works(gate: Gate, server: Server) -> None:
    guide = (ROOT / "docs/notifiers.md").read_text(encoding="utf-8")
    found = re.findall(r"^```python\n(.*?)^```$", guide, re.DOTALL | re.MULTILINE)
    (source,) = (block for block in found if "NAME = " in block)
    assert len([line for line in source.splitlines() if line.strip()]) <= 30
    (point,) = re.findall(r"^doorbell = \"(\w+)\"$", guide, re.MULTILINE)
    info = gate.folder.parent / "site" / "acme_doorbell-1.0.dist-info"
    info.mkdir()
    (info / "entry_points.txt").write_text(f"[plangate.notifiers]\ndoorbell = {point}\n", encoding="utf-8")
    (info.parent / f"{point}.py").write_text(source, encoding="utf-8")
    gate.environ["DOORBELL_URL"] = server.url + "/ring"
    server.usual.body = b"rung"
    gate.write("report.json", report("fail", lost=True))
    came = gate.run("notify", "report.json", "--only", "doorbell")
    assert (came.code, came.line) == (0, "plangate: doorbell: sent")
    assert json.loads(server.requests[0].body)["text"] == "plangate: FAIL - 1 finding stops this plan"


def test_settings_of_the_guide_are_taken(gate: Gate) -> None:
    guide = (ROOT / "docs/notifiers.md").read_text(encoding="utf-8")
    blocks = [
        b for b in re.findall(r"^```toml\n(.*?)^```$", guide, re.DOTALL | re.MULTILINE) if "entry-points" not in b
    ]
    assert blocks
    for block in blocks:
        gate.write("plangate.toml", block)
        came = gate.run("config", "show")
        assert came.code == 0, (block, came)


def test_words_of_the_guide_are_the_ones_there_are() -> None:
    guide = (ROOT / "docs/notifiers.md").read_text(encoding="utf-8")
    for word in (*EVENTS, *NOTIFY_ON, *("{%s}" % name for name in PLACEHOLDERS)):  # noqa: UP031
        assert f"`{word}`" in guide


def test_no_text_is_left_that_nothing_says() -> None:
    rooms = [*(ROOT / "gate/plangate/notify").rglob("*.py"), *(ROOT / "notifiers").rglob("*.py")]
    source = "".join(path.read_text() for path in rooms)
    families = set(re.findall(r"""say\(f["'](\w+)\.\{""", source))
    texts = json.loads((ROOT / "gate/plangate/notify/texts/en.json").read_text())
    said = {key for key in texts if re.search(rf"""["']{re.escape(key)}["']""", source)}
    assert {key for key in texts if key[0] != "_" and key.partition(".")[0] not in families} <= said
