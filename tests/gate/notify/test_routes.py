from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from plangate.decide.settings_notify import Route
from plangate.notify.build import judged
from plangate.notify.entries import Notifier
from plangate.notify.routes import choose

from .reports import report

ENVIRONMENTS = {"prod": {"protected": True, "account": "acme-prod"}, "dev": {}}


def notifier(*notify_on: str, pages: bool = False) -> Notifier:
    made = Notifier("n", "k", SimpleNamespace(PAGES=pages), "plangate.toml:1")
    if notify_on:
        made.notify_on, made.unset = notify_on, False
    return made


def route(*notifiers: str, **asks: Any) -> Route:
    made = Route("plangate.toml:9", notifiers or ("n",))
    for key, value in asks.items():
        setattr(made, key, value if key == "severity" or isinstance(value, tuple) else (value,))
    return made


KINDS = {
    "nothing to do": report(quiet=True),
    "changes": report(),
    "destroys": report(lost=True),
    "fails": report("fail", lost=True),
    "unjudged": report("error", quiet=True),
}


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("always", set(KINDS)),
        ("changes", {"changes", "destroys", "fails", "unjudged"}),
        ("destructive", {"destroys", "fails", "unjudged"}),
        ("failure", {"fails", "unjudged"}),
        ("recovery", set()),
    ],
)
def test_what_each_word_of_notify_on_sends(word: str, told: set[str]) -> None:
    found = {name for name, one in KINDS.items() if choose(notifier(word), (), judged([one], {}), None).send}
    assert found == told


@pytest.mark.parametrize("word", ["always", "changes", "recovery"])
@pytest.mark.parametrize("before", ["fail", "error"])
def test_a_pass_after_a_failure_is_a_recovery(word: str, before: str) -> None:
    choice = choose(notifier(word), (), judged([report(quiet=True)], {}), before)
    assert choice.send
    assert choice.events == ("recovered", "planned")


def test_a_pass_after_a_pass_is_none_and_neither_is_a_second_failure() -> None:
    assert not choose(notifier("recovery"), (), judged([report()], {}), "pass").send
    assert not choose(notifier("recovery"), (), judged([report("fail")], {}), "fail").send
    assert choose(notifier("recovery"), (), judged([report()], {}), None).waits


@pytest.mark.parametrize(
    ("asks", "matches"),
    [
        ({}, True),
        ({"event": "failed"}, True),
        ({"event": "destructive"}, False),
        ({"event": ("destructive", "failed")}, True),
        ({"environment": "prod"}, True),
        ({"environment": "pr*"}, True),
        ({"environment": "dev"}, False),
        ({"severity": "high"}, True),
        ({"severity": "medium"}, True),
        ({"severity": "critical"}, False),
        ({"path": "live/**"}, True),
        ({"path": "live/*"}, False),
        ({"workspace": "default"}, True),
        ({"workspace": "blue"}, False),
        ({"policy": "destructive/*"}, True),
        ({"policy": "encryption/*"}, False),
        ({"environment": "prod", "policy": "encryption/*"}, False),
    ],
)
def test_what_routes_ask_for(asks: dict[str, Any], matches: bool) -> None:
    found = judged([report("fail", environment="prod")], ENVIRONMENTS)
    assert choose(notifier("always"), (route(**asks),), found, None).send is matches


def test_with_routes_only_those_are_told_that_one_names() -> None:
    choice = choose(notifier("always"), (route("other"),), judged([report("fail")], {}), None)
    assert (choice.send, choice.why) == (False, "no route names it")


def test_what_could_not_be_judged_is_kept_away_by_no_severity_or_policy() -> None:
    found = judged([report("error", quiet=True)], {})
    assert choose(notifier(), (route(severity="critical", policy="encryption/*"),), found, None).send


def test_a_message_is_about_the_roots_of_its_routes_and_says_how_many_others_there_are() -> None:
    found = judged([report("fail", environment="dev", path="dev/p.json"), report(environment="prod")], ENVIRONMENTS)
    choice = choose(notifier("always"), (route(environment="prod"),), found, None)
    assert [one.root.environment for one in choice.chosen] == ["prod"]
    assert (choice.left, choice.events) == (1, ("planned",))


def test_the_same_roots_are_told_of_whichever_of_them_fails() -> None:
    routes = (route(event="failed"),)
    for failing in ("a", "b"):
        found = judged([report("fail" if n == failing else "pass", path=f"{n}/p.json") for n in "ab"], {})
        choice = choose(notifier(), routes, found, None)
        assert (
            sorted(one.root.name for one in choice.scope)
            == sorted(one.root.name for one in choice.chosen)
            == ["a", "b"]
        )


def test_what_pages_people_is_told_of_protected_environments_only() -> None:
    found = judged(
        [report("fail", environment="dev", path="dev/p.json"), report("fail", environment="prod")], ENVIRONMENTS
    )
    pager = notifier("failure", pages=True)
    assert [one.root.environment for one in choose(pager, (), found, None).chosen] == ["prod"]
    assert not choose(pager, (), judged([report("fail", environment="dev")], ENVIRONMENTS), None).send
    assert not choose(pager, (), judged([report("fail")], ENVIRONMENTS), None).send
    # A route that names the environment says more.
    more = choose(pager, (route(environment="dev"), route(event="failed")), found, None)
    assert sorted(one.root.environment or "" for one in more.chosen) == ["dev", "prod"]


def test_a_route_that_names_events_decides_alone_where_notify_on_is_not_written() -> None:
    quiet = judged([report(quiet=True)], {})
    assert choose(notifier(), (route(event="planned"),), quiet, None).send
    assert not choose(notifier(), (route(),), quiet, None).send
    assert not choose(notifier("failure"), (route(event="planned"),), quiet, None).send
