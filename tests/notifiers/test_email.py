"""Mail: how it is made, how it goes over the wire, and what a mail server's answers mean."""

from __future__ import annotations

import gzip
import json
import re
import socket
import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plangate.http import DeliveryError
from plangate_notifiers import email
from plangate_notifiers.email import compose, words

from .mailserver import MailServer, certificate
from .telling import BAD, GOOD, delivered, message_of, report, told

# aiosmtpd warns of a login without STARTTLS also where TLS is there from the first byte.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

PASSWORD = "pass:word@ThatNobodyMaySee"
FROM, TO = "plangate <gate@acme.example>", "a@acme.example, Bee <b@acme.example>"


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as found:
        yield found


def environ(port: int, scheme: str = "smtp", login: str = "", to: str = TO, host: str = "127.0.0.1") -> dict[str, str]:
    url = f"{scheme}://{login}{host}:{port}"
    return {"SMTP_URL": url, "PLANGATE_MAIL_FROM": FROM, "PLANGATE_MAIL_TO": to}


def say(server: MailServer, *reports: dict[str, Any], **more: Any) -> Any:
    return delivered(email, *reports, environ=environ(server.port), **more)


# -- the mail ----------------------------------------------------------------------------------------------------


def test_text_comes_first_then_html_and_the_report(server: MailServer, bad: dict[str, Any]) -> None:
    assert say(server, bad).status == "sent"
    (mail,) = server.mails
    assert (mail.sender, mail.to) == ("gate@acme.example", ["a@acme.example", "b@acme.example"])
    message = mail.message
    types = [part.get_content_type() for part in message.walk()]
    assert types == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/html"]
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "plangate-report.html"
    assert "aws_db_instance.ledger" in attached.get_content()
    assert not message.defects


def test_headers_are_whole_and_from_trusted_fields(server: MailServer, bad: dict[str, Any]) -> None:
    say(server, bad)
    message = server.mails[0].message
    assert message["Subject"] == "plangate: FAIL - 1 finding stops this plan (acme/infra #7, production)"
    assert (message["From"], message["To"]) == (FROM, TO)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime is not None
    assert re.fullmatch(r"<plangate\.[0-9a-f]{32}\.[0-9a-f]{32}@acme\.example>", message["Message-ID"])
    for name in ("From", "To", "Subject", "Date", "Message-ID", "References", "In-Reply-To", "MIME-Version"):
        assert len(message.get_all(name)) == 1


def test_mails_of_one_pull_request_are_one_thread(server: MailServer, bad: dict[str, Any]) -> None:
    say(server, bad)
    say(server, report(GOOD, started_at="2026-03-02T11:00:00Z", id="run-3"))
    say(server, report(BAD, pull_request="8"))
    first, second, other = (mail.message for mail in server.mails)
    assert first["References"] == second["References"] == first["In-Reply-To"]
    assert first["Message-ID"] != second["Message-ID"]
    assert other["References"] != first["References"]


def test_sent_again_it_has_the_same_id(server: MailServer, bad: dict[str, Any]) -> None:
    server.data = ["451 4.3.0 try later"]
    assert say(server, bad).status == "sent"
    one, _ = told(email, bad, environ=environ(1))
    assert server.mails[0].message["Message-ID"] == compose.message_id(one, FROM)


@pytest.mark.parametrize(
    ("field", "value"),
    [("repository", "a/b\r\nBcc: x@evil.example"), ("pull_request", "7\n8"), ("repository", "x y"), ("ref", "a\r\nb")],
)
def test_what_is_no_name_is_not_in_the_subject(field: str, value: str) -> None:
    message = message_of(stops=[("a.b", 1)], **{field: value})
    said = compose.subject(message)
    assert "evil" not in said
    assert said.isprintable()


def test_a_line_break_in_a_subject_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compose, "headline", lambda _: "plangate: PASS\r\nBcc: x@evil.example")
    with pytest.raises(DeliveryError, match="line break"):
        compose.subject(message_of())


def test_korean_headers_are_encoded(server: MailServer, bad: dict[str, Any]) -> None:
    message, channel = told(email, bad, environ=environ(server.port), language="ko")
    email.send(message, channel)
    (mail,) = server.mails
    head = mail.data.partition(b"\r\n\r\n")[0]
    assert head.isascii()
    assert b"Subject: plangate: =?utf-8?" in head
    assert str(mail.message["Subject"]).startswith("plangate: 차단")
    assert "차단" in mail.message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert 'lang="ko"' in mail.message.get_body(("html",)).get_content()  # type: ignore[union-attr]


class Links(HTMLParser):
    """Addresses, elements and the text between elements of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.names: set[str] = set()
        self.pieces: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.found += [value or "" for name, value in attrs if name in ("href", "src", "background", "action")]
        assert not any(name.startswith("on") for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


NAMES = st.text(max_size=100) | st.sampled_from(
    ["https://evil.example/?a", "www.evil.example", "x@evil.example", "<img src=https://evil.example>", "</li></ul>",
     "\r\n\r\n<html>", "=?utf-8?q?PASS?=", "\r\nBcc: x@evil.example", "<wbr>", "&lt;b&gt;", "<!--", "\u202eSSAP"]
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(names=st.lists(NAMES, min_size=1, max_size=6), language=st.sampled_from(["en", "ko"]))
def test_names_of_a_plan_are_only_text(names: list[str], language: str) -> None:
    message = message_of(
        [(f'aws_db_instance.x["{n}"]', True) for n in names], [(n or "x", 1) for n in names], language=language
    )
    message.header = message.footer = "".join(c for c in names[0] if c.isprintable())
    text, page = words.body(message, attached=True)
    links = Links(page)
    assert links.found == ["https://ci.example.com/runs/2"]
    assert not links.names - {
        "html", "head", "meta", "title", "style", "body", "div", "p", "a", "b", "code", "h2", "ul", "li", "br", "wbr",
    }  # fmt: skip
    assert not any("://" in piece or "www." in piece.lower() for piece in links.pieces)
    assert re.findall(r"\w+://\S+|www\.\S+", text) == ["https://ci.example.com/runs/2"]
    made = compose.mime(message, compose.Mail(text, page, None, None), FROM, ["a@acme.example"])
    assert made.isascii()
    assert max(len(line) for line in made.split(b"\r\n")) <= 998
    assert b"\nBcc:" not in made.partition(b"\r\n\r\n")[0]


def test_every_name_is_there_in_full() -> None:
    names = ['aws_db_instance.a["<wbr>.x"]', "a.b/c:d@e[f"]
    _, page = words.body(message_of([(name, True) for name in names]), attached=False)
    shown = "".join(Links(page).pieces)
    assert all(name in shown for name in names)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_fifty_thousand_changes_fit_and_what_is_left_out_is_counted(language: str) -> None:
    name = 'aws_db_instance.x["' + "x" * 60 + '{}"]'
    message = message_of(
        [(name.format(i), i % 2 == 0) for i in range(50_000)],
        [(name.format(i), 1) for i in range(50_000)],
        language=language,
    )
    text, page = words.body(message, attached=True)
    assert len(page.encode()) < 102 * 1024
    assert text.index(message.texts.say("verdict.fail")) < text.index("aws_db_instance")
    blocked = text.partition(message.texts.say("lost.blocked", n=25_000))[2].partition("\n\n")[0]
    shown = blocked.count("⛔")
    assert shown > 50
    assert message.texts.say("more.resources", n=25_000 - shown) in blocked
    assert text.index("⛔") < text.index(f"\n{message.texts.say('stops.title', n=50_000)}\n")


def test_a_large_report_is_compressed_or_left_out(server: MailServer, bad: dict[str, Any]) -> None:
    packed = say(server, bad, attach_kilobytes=25)
    assert "compressed" in (packed.note or "")
    (attached,) = server.mails[0].message.iter_attachments()
    assert attached.get_filename() == "plangate-report.html.gz"
    assert b"aws_db_instance.ledger" in gzip.decompress(attached.get_content())
    gone = say(server, report(BAD, id="x"), attach_kilobytes=1)
    assert "was not attached" in (gone.note or "")
    assert not list(server.mails[1].message.iter_attachments())
    assert "is attached" not in server.mails[1].message.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_json_or_nothing_is_attached(server: MailServer, bad: dict[str, Any]) -> None:
    say(server, bad, attach="json")
    say(server, report(BAD, id="x"), attach="none")
    (attached,) = server.mails[0].message.iter_attachments()
    assert json.loads(attached.get_content())["verdict"] == "fail"
    assert not list(server.mails[1].message.iter_attachments())


def test_a_server_that_takes_less_gets_less(bad: dict[str, Any]) -> None:
    with MailServer(size=30_000) as server:
        done = say(server, bad)
        assert done.status == "sent"
        assert "the server takes no mail of that size" in (done.note or "")
        assert not list(server.mails[0].message.iter_attachments())


def test_the_payload_shows_all_but_secrets(bad: dict[str, Any]) -> None:
    message, channel = told(email, bad, environ=environ(25, login="u:secretpass@"))
    shown = email.payload(message, channel)
    assert list(shown) == ["from", "to", "subject", "headers", "text", "html", "attachment"]
    assert "secretpass" not in json.dumps(shown)


def test_a_test_message_says_so() -> None:
    message = message_of()
    message.test = True
    message.roots = []
    text, page = words.body(message, attached=False)
    assert "Nothing was judged" in text
    assert "Nothing was judged" in "".join(Links(page).pieces)


# -- the wire ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_encrypted_and_logged_in(
    bad: dict[str, Any], pair: tuple[str, str], monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", pair[0])
    tls = "starttls" if scheme == "smtp" else "implicit"
    with MailServer(tls, pair, login=("me@x", PASSWORD)) as server:
        given = environ(server.port, scheme, "me%40x:pass%3Aword%40ThatNobodyMaySee@", host="localhost")
        assert delivered(email, bad, environ=given).status == "sent"
        (mail,) = server.mails
        assert (mail.encrypted, mail.user) == (True, "me@x")


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_certificate_that_nobody_vouches_for_is_refused(
    bad: dict[str, Any], pair: tuple[str, str], scheme: str
) -> None:
    with MailServer("starttls" if scheme == "smtp" else "implicit", pair) as server:
        done = delivered(email, bad, environ=environ(server.port, scheme, host="localhost"))
        assert (done.status, done.tries) == ("failed", 1)
        assert "certificate is not valid" in (done.error or "")
        assert server.mails == []


def test_nothing_goes_out_unencrypted(server: MailServer, bad: dict[str, Any]) -> None:
    _, channel = told(email, bad, environ=environ(server.port))
    channel.http.rules.private = True  # so that this machine may be spoken to at all, only that is looked at
    relay = email.Relay(channel.secret("url"), insecure=False)  # type: ignore[arg-type]
    with pytest.raises(DeliveryError, match="offers no STARTTLS"):
        email.deliver(channel.http, relay, FROM, ["a@acme.example"], lambda _: b"secret")
    assert server.mails == []


def test_this_machine_and_private_networks_are_refused(server: MailServer, bad: dict[str, Any]) -> None:
    given = {**environ(server.port), "PLANGATE_ALLOW_INSECURE": "0"}
    done = delivered(email, bad, environ=given)
    assert "on this machine" in (done.error or "")
    done = delivered(email, bad, environ={**environ(25, host="10.0.0.9"), "PLANGATE_ALLOW_INSECURE": "0"})
    assert "private" in (done.error or "")
    assert "private = true" in (done.fix or "")


def test_a_wrong_password_is_not_repeated_and_not_told(
    bad: dict[str, Any], pair: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", pair[0])
    with MailServer("starttls", pair, login=("me", "another")) as server:
        given = environ(server.port, "smtp", "me:NobodyMaySee@", host="localhost")
        done = delivered(email, bad, environ=given)
    assert (done.status, done.tries) == ("failed", 1)
    assert "refused the login (535 5.7.8)" in (done.error or "")
    assert "NobodyMaySee" not in f"{done.error}{done.fix}"


def test_some_refused_addresses_are_told(server: MailServer, bad: dict[str, Any]) -> None:
    server.rcpt["a@acme.example"] = "550 5.1.1 no such user"
    done = say(server, bad)
    assert done.status == "sent"
    assert "1 address of 2 refused: a@acme.example (550)" in (done.note or "")
    assert server.mails[0].to == ["b@acme.example"]


@pytest.mark.parametrize(
    ("answers", "tries", "status"),
    [
        (["550 5.1.1 no", "550 5.1.1 no"], 1, "failed"),
        (["450 4.2.0 later", "550 5.1.1 no"], 2, "sent"),
    ],
)
def test_all_refused_is_a_failure(
    server: MailServer, bad: dict[str, Any], answers: list[str], tries: int, status: str
) -> None:
    server.rcpt = dict(zip(("a@acme.example", "b@acme.example"), answers, strict=True))
    if tries == 2:
        threading.Timer(0.15, server.rcpt.clear).start()
    done = say(server, bad)
    assert done.status == status
    if tries == 1:
        assert done.tries == 1
        assert "refused every recipient (550 5.1.1)" in (done.error or "")


@pytest.mark.parametrize(
    ("answer", "status", "count"),
    [
        ("451 4.3.0 try later", "sent", 2),
        ("421 4.3.0 closing", "sent", 2),
        ("554 5.7.1 spam", "failed", 1),
        ("552 5.3.4 too big", "failed", 1),
    ],
)
def test_what_answers_to_a_mail_mean(
    server: MailServer, bad: dict[str, Any], answer: str, status: str, count: int
) -> None:
    server.data = [answer]
    done = say(server, bad)
    assert (done.status, done.tries) == (status, count)
    assert "spam" not in f"{done.error}"


def test_a_lost_answer_is_repeated_once_at_most(server: MailServer, bad: dict[str, Any]) -> None:
    server.data = ["drop", "drop", "drop"]
    done = say(server, bad)
    assert (done.status, done.tries) == ("failed", 2)


def test_a_refused_sender(server: MailServer, bad: dict[str, Any]) -> None:
    server.mail_answer = "553 5.7.1 not yours"
    assert "refused the sender (553 5.7.1)" in (say(server, bad).error or "")


def test_a_slow_server_costs_no_more_than_the_budget(server: MailServer, bad: dict[str, Any]) -> None:
    server.data = [30.0]
    message, channel = told(email, bad, environ=environ(server.port), seconds=0.7)
    with pytest.raises(DeliveryError, match="no answer in time") as found:
        email.send(message, channel)
    assert found.value.retry == "doubtful"


@pytest.mark.parametrize(
    "said", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"554 go away\r\n", b"x" * 100_000, b"421 4.7 x\r\n"]
)
def test_what_is_no_mail_server(bad: dict[str, Any], said: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def talk() -> None:
            while True:
                try:
                    one, _ = listener.accept()
                    with one:
                        one.sendall(said)
                except OSError:
                    return

        threading.Thread(target=talk, daemon=True).start()
        message, channel = told(email, bad, environ=environ(listener.getsockname()[1]), seconds=2)
        with pytest.raises(DeliveryError) as found:
            email.send(message, channel)
        assert found.value.retry == ("no" if said[:4] in (b"554 ", b"xxxx") else "safe")
        assert found.value.said.startswith("127.0.0.1: ")
        listener.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    "url",
    ["http://h", "smtp://", "h:25", "smtp://h:x", "smtp://u:NobodyMaySee@h/path", "smtp://h?NobodyMaySee",
     "smtp://u%0d%0a:NobodyMaySee@h", "smtp://u:%ff@h", "smtps://NobodyMaySee@", "smtp://[::1"],
)  # fmt: skip
def test_an_address_of_a_server_must_be_one(bad: dict[str, Any], url: str) -> None:
    done = delivered(email, bad, environ={**environ(25), "SMTP_URL": url})
    assert done.status == "failed"
    assert "NobodyMaySee" not in f"{done.error}{done.fix}"


@pytest.mark.parametrize("to", ["", "x", "a@b\r\nBcc: c@d", "a@b c", "<a@b>", "a@ü.example", "@b", "a@b>"])
def test_an_address_must_be_one(bad: dict[str, Any], to: str) -> None:
    with pytest.raises(DeliveryError):
        compose.recipients({"from": FROM, "to": (to,) if to else ()})
    with pytest.raises(DeliveryError):
        compose.recipients({"from": to, "to": ("a@acme.example",)})


def test_the_pictures_of_the_documentation_are_there() -> None:
    docs = Path(__file__).resolve().parents[2] / "docs"
    named = re.findall(r"\((pictures/[^)]+)\)", (docs / "notifiers.md").read_text(encoding="utf-8"))
    assert named
    assert [name for name in named if not (docs / name).is_file()] == []
