"""Slack's Web API and its webhooks, by slack-sdk, under the rules of plangate's own way to the network.

slack-sdk forms requests and reads answers; every request goes through the channel's `http` (no redirect, checked
addresses, bounded), and none is repeated here. Importing it costs some 70 ms, so that is done when a token is used; a
webhook is one request and one word, and needs none of it.
"""

from __future__ import annotations

import json

from plangate.notify.api import DeliveryError, refused, retry_after, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from slack_sdk import WebClient

    from plangate.notify.api import Channel, Response

API = "https://slack.com/api/"
_HISTORY = 8 << 20  # bytes of an answer: a page of messages comes with all their blocks


class Refusal(DeliveryError):
    """Slack's own word for why not: `error`; `smaller` when a smaller form of the message may be taken."""

    def __init__(self, host: str, error: str, after: float | None = None, needed: str = "") -> None:
        entry = _errors().get(error) or {}
        said = entry.get("said") or "the request was refused"
        known = error if entry or (error.isascii() and error.replace("_", "").isalnum()) else "an unknown answer"
        scope = f": {needed}" if needed and needed.replace(":", "").replace(".", "").isalnum() else ""
        super().__init__(f"{host}: {said} ({known[:60]}{scope})", entry.get("retry") or "no", after, entry.get("fix"))
        self.error, self.smaller = error, bool(entry.get("smaller"))


def post(channel: Channel, body: dict[str, Any]) -> None:
    """To an incoming webhook, which answers 200 and `ok`. Raises DeliveryError."""
    url = channel.secret("webhook_url")
    if url is None:
        raise DeliveryError("no address is given", fix="set SLACK_WEBHOOK_URL")
    sent = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    answer = channel.http.send("POST", url, {"Content-Type": "application/json; charset=utf-8"}, sent)
    word = answer.text.strip()
    if answer.status == 200 and word == "ok":
        return
    if word in _errors():
        raise Refusal(answer.host, word, retry_after(answer))
    if answer.status == 200:
        raise _foreign(answer)
    raise refused(answer)


def client(channel: Channel) -> WebClient:
    """slack-sdk's client over the channel's `http`. Raises DeliveryError when no token is given."""
    from slack_sdk import WebClient
    from slack_sdk.web.file_upload_v2_result import FileUploadV2Result

    token = channel.secret("bot_token")
    if token is None:
        raise DeliveryError("no token is given", fix="set SLACK_BOT_TOKEN")

    class Client(WebClient):
        """With the two places where slack-sdk reaches for the network made ours."""

        def _perform_urllib_http_request_internal(self, url: str, req: Any) -> dict[str, Any]:
            headers = {k.title(): str(v) for k, v in req.header_items() if k.lower() != "content-length"}
            answer = channel.http.send(req.get_method(), url, headers, req.data or b"", most=_HISTORY)
            if answer.status != 200:
                raise refused(answer)
            body = answer.body.strip()
            if not (body.startswith(b"{") and body.endswith(b"}")):
                raise _foreign(answer)
            return {"status": 200, "headers": answer.headers, "body": answer.text}

        def _upload_file(self, *, url: str, data: bytes, **_: Any) -> FileUploadV2Result:
            answer = channel.http.send("POST", url, {"Content-Type": "application/octet-stream"}, data)
            if answer.status != 200:
                raise refused(answer)
            return FileUploadV2Result(status=200, body="")

    # Called with what is no address, slack-sdk would read files; our `http` refuses anything but https.
    address = str(channel.settings.get("api_url") or API)
    return Client(token=token.reveal(), base_url=address, retry_handlers=[], proxy="", logger=_silent())


def call(made: WebClient, method: str, **arguments: Any) -> dict[str, Any]:
    """One method of the Web API; its answer's fields. Raises Refusal for `"ok": false`, else DeliveryError."""
    from slack_sdk.errors import SlackApiError, SlackClientError

    try:
        answer = getattr(made, method)(**arguments)
    except SlackApiError as error:
        data = error.response.data if isinstance(error.response.data, dict) else {}
        host = made.base_url.partition("://")[2].partition("/")[0]
        raise Refusal(host, str(data.get("error") or ""), None, str(data.get("needed") or "")) from None
    except (SlackClientError, ValueError, TypeError, KeyError, AttributeError):
        raise DeliveryError(f"slack-sdk could not read the answer to {method}", "doubtful") from None
    return answer.data if isinstance(answer.data, dict) else {}


def _foreign(answer: Response) -> DeliveryError:
    said = f"{answer.host}: answered {answer.status}, but not as Slack does"
    return DeliveryError(said, "doubtful", fix="see whether a proxy stands between")


def _silent() -> Any:
    """A logger that hands on nothing: slack-sdk writes bodies and addresses into its own."""
    import logging

    return logging.Logger("plangate.slack", logging.CRITICAL + 1)  # noqa: LOG001 - of no hierarchy, so no handler


def _errors() -> dict[str, Any]:
    return table(__file__, "errors.json")
