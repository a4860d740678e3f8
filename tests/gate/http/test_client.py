from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plangate.http import BODY_LIMIT, DeliveryError, Http, Response, Rules, Secret
from plangate.http.proxy import proxy_for

from ...notifiers.server import Answer, Request, Server  # noqa: TID252 - the tests are no package

TOKEN = "T0PSECRETPATH0123456789"


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


def seam(seconds: float = 5, environ: dict[str, str] | None = None, rules: Rules | None = None) -> Http:
    return Http(environ or {}, rules or Rules(insecure=True), time.monotonic() + seconds)


def refusal(http: Http, url: str, **more: Any) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        http.send("POST", Secret(url), body=b"x", **more)
    assert TOKEN not in repr(caught.value) + str(caught.value) + (caught.value.fix or "")
    return caught.value


def test_a_request_arrives_as_it_was_sent(server: Server) -> None:
    server.usual = Answer(201, '{"ok":true}', {"X-Note": "a"})
    http = seam()
    came = http.send("PUT", server.url + f"/a/{TOKEN}?b=c", {"Authorization": Secret("Bearer t"), "X-A": "1"}, b"body")
    (request,) = server.requests
    assert (request.method, request.path, request.body) == ("PUT", f"/a/{TOKEN}?b=c", b"body")
    assert request.headers["authorization"] == "Bearer t"
    assert request.headers["user-agent"].startswith("plangate/")
    assert (came.status, came.text, came.headers["x-note"]) == (201, '{"ok":true}', "a")


def test_redirects_are_answers_and_lead_nowhere(server: Server) -> None:
    server.usual = Answer(302, "", {"Location": server.url + "/elsewhere"})
    assert seam().send("POST", server.url + "/x", body=b"x").status == 302
    assert [request.path for request in server.requests] == ["/x"]


def test_of_a_long_answer_the_beginning_is_read(server: Server) -> None:
    server.usual = Answer(200, b"a" * (BODY_LIMIT * 3))
    assert len(seam().send("GET", server.url).body) == BODY_LIMIT


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("http://example.com/" + TOKEN, "not https"),
        ("ftp://example.com/" + TOKEN, "no https"),
        ("file:///etc/passwd?" + TOKEN, "no https"),
        ("https:///" + TOKEN, "no https"),
        (TOKEN, "no https"),
        ("https://user:" + TOKEN + "@example.com/", "user name"),
        ("https://127.0.0.1/" + TOKEN, "this machine"),
        ("https://10.1.2.3/" + TOKEN, "private"),
        ("https://169.254.169.254/latest/" + TOKEN, "metadata"),
        ("https://[::1]/" + TOKEN, "this machine"),
        ("https://example.com:99999/" + TOKEN, "no URL"),
        ("https://exa mple.com/" + TOKEN, ""),
        ("https://example.invalid/" + TOKEN, ""),
        ("https://93.184.215.14/a b" + TOKEN, "characters"),
        ("https://93.184.215.14/a\u00e9" + TOKEN, "characters"),
    ],
)
def test_addresses_that_nothing_is_sent_to(url: str, word: str) -> None:
    error = refusal(seam(rules=Rules()), url)
    assert word in error.said


def test_line_breaks_in_a_header_are_refused(server: Server) -> None:
    error = refusal(seam(), server.url, headers={"X-A": "a\r\nX-B: b"})
    assert error.retry == "no"
    assert server.requests == []


def test_nothing_listens(server: Server) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    error = refusal(seam(), f"http://127.0.0.1:{port}/{TOKEN}")
    assert (error.retry, error.said) == ("safe", "127.0.0.1: the connection was refused")


def test_an_answer_that_is_lost_is_doubtful(server: Server) -> None:
    server.usual = Answer(lose="after")
    assert refusal(seam(), server.url + "/" + TOKEN).retry == "doubtful"
    assert len(server.requests) == 1


@pytest.mark.parametrize("answer", [Answer(delay=30), Answer(200, b"a" * 500, drip=0.1)])
def test_time_is_bounded_whatever_the_server_does(server: Server, answer: Answer) -> None:
    server.usual = answer
    begun = time.monotonic()
    error = refusal(seam(), server.url + "/" + TOKEN, timeout=0.5)
    assert error.retry == "doubtful"
    assert time.monotonic() - begun < 3


def test_what_listens_and_says_nothing_costs_no_more_than_the_time() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        begun = time.monotonic()
        error = refusal(seam(), f"https://127.0.0.1:{silent.getsockname()[1]}/{TOKEN}", timeout=0.5)
        assert error.retry == "safe"  # the handshake came to no end, so nothing was sent
        assert time.monotonic() - begun < 3


def test_no_time_left_sends_nothing(server: Server) -> None:
    assert "time" in refusal(seam(-1), server.url).said
    assert server.requests == []


def test_what_is_no_tls_is_said_so(server: Server) -> None:
    error = refusal(seam(), server.url.replace("http:", "https:") + "/" + TOKEN)
    assert (error.retry, "TLS" in error.said) == ("no", True)


# -- TLS -------------------------------------------------------------------------------------------------


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[str, str]:
    """(certificate, key) for localhost, signed by itself."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs openssl")
    cert, key = str(tmp_path / "cert.pem"), str(tmp_path / "key.pem")
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", cert]
    subprocess.run([openssl, *made, *names], check=True, capture_output=True)
    return cert, key


@pytest.fixture
def secure(certificate: tuple[str, str]) -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with Server(tls=context) as running:
        yield running


def test_a_certificate_that_nobody_vouches_for_is_refused(secure: Server) -> None:
    error = refusal(seam(), f"https://localhost:{secure.port}/{TOKEN}")
    assert (error.retry, error.said) == ("no", "localhost: its certificate is not valid here")
    assert secure.requests == []


def test_a_certificate_of_ones_own_authority_is_taken(
    secure: Server, certificate: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", certificate[0])
    assert seam().send("POST", f"https://localhost:{secure.port}/a", body=b"x").status == 200
    assert secure.requests[0].headers["host"] == f"localhost:{secure.port}"
    # The name is verified, too.
    assert refusal(seam(), f"https://127.0.0.1:{secure.port}/").said == "127.0.0.1: its certificate is not valid here"


def test_tls_goes_through_a_proxy_to_the_host_that_is_meant(
    secure: Server, certificate: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", certificate[0])
    tunnel = Tunnel(secure.port)
    http = seam(environ={"HTTPS_PROXY": f"http://127.0.0.1:{tunnel.port}"})
    assert http.send("POST", "https://localhost:1/a", body=b"x").status == 200
    tunnel.listener.close()
    assert tunnel.heads[0].startswith(b"CONNECT localhost:1 ")
    assert secure.requests[0].path == "/a"


# -- proxies ---------------------------------------------------------------------------------------------


def test_plain_requests_go_through_the_proxy_of_the_environment(server: Server) -> None:
    environ = {"http_proxy": server.url.replace("//", "//joe:pass@")}
    came = seam(environ=environ).send("POST", "http://service.test/hook", body=b"x")
    assert came.status == 200
    assert server.requests[0].path == "http://service.test:80/hook"


class Tunnel:
    """A proxy that lets CONNECT through to where `target` says, or answers `refuse`."""

    def __init__(self, target: int, answer: bytes = b"HTTP/1.1 200 OK\r\n\r\n") -> None:
        self.heads: list[bytes] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.target, self.answer = target, answer
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        client, _ = self.listener.accept()
        with client:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += client.recv(1)
            self.heads.append(head)
            client.sendall(self.answer)
            if self.target:
                with socket.create_connection(("127.0.0.1", self.target)) as far:
                    there = threading.Thread(target=self._copy, args=(client, far), daemon=True)
                    there.start()
                    self._copy(far, client)
                    there.join(2)

    @staticmethod
    def _copy(source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def test_a_proxy_that_refuses_is_named_and_its_password_is_not() -> None:
    tunnel = Tunnel(0, b"HTTP/1.1 407 Nope\r\n\r\n")
    environ = {"HTTPS_PROXY": f"http://joe:{TOKEN}@127.0.0.1:{tunnel.port}"}
    error = refusal(seam(environ=environ), "https://service.test/" + TOKEN)
    assert "407" in error.said
    assert tunnel.heads[0].startswith(b"CONNECT service.test:443 HTTP/1.1\r\n")
    assert b"Proxy-Authorization: Basic " in tunnel.heads[0]
    tunnel.listener.close()


def test_addresses_are_checked_behind_a_proxy_too() -> None:
    environ = {"HTTPS_PROXY": "http://127.0.0.1:9"}
    for host in ("169.254.169.254", "10.0.0.1", "localhost", "metadata.google.internal"):
        assert "proxy" not in refusal(seam(environ=environ, rules=Rules()), f"https://{host}/").said


@pytest.mark.parametrize(
    ("host", "port", "environ", "through"),
    [
        ("a.test", 443, {}, False),
        ("a.test", 443, {"HTTPS_PROXY": "http://p:1"}, True),
        ("a.test", 443, {"https_proxy": "p:1"}, True),
        ("a.test", 443, {"ALL_PROXY": "http://p:1"}, True),
        ("a.test", 443, {"HTTP_PROXY": "http://p:1"}, False),
        ("a.test", 443, {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "a.test"}, False),
        ("b.a.test", 443, {"HTTPS_PROXY": "http://p:1", "no_proxy": "x, .a.test"}, False),
        ("b.a.test", 443, {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "a.test"}, False),
        ("ba.test", 443, {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "a.test"}, True),
        ("a.test", 443, {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "a.test:8443"}, True),
        ("a.test", 8443, {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "a.test:8443"}, False),
        ("10.1.2.3", 443, {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "10.0.0.0/8"}, False),
        ("a.test", 443, {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*"}, False),
        ("a.test", 443, {"HTTPS_PROXY": "http://p:1", "NO_PROXY": ",, "}, True),
    ],
)
def test_which_requests_go_through_the_proxy(host: str, port: int, environ: dict[str, str], through: bool) -> None:
    assert (proxy_for("https", host, port, environ) is not None) == through


@pytest.mark.parametrize("written", ["socks5://p:1", "https://p:1", "http://", "http://p:x"])
def test_proxies_that_cannot_be_used_are_said(written: str) -> None:
    with pytest.raises(DeliveryError):
        proxy_for("https", "a.test", 443, {"HTTPS_PROXY": written})


def test_answers_by_route(server: Server) -> None:
    def echo(request: Request) -> Answer:
        return Answer(200, request.body)

    server.route("/echo", echo)
    came: Response = seam().send("POST", server.url + "/echo", body=b"again")
    assert came.body == b"again"
