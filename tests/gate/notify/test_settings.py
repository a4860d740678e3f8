# ruff: noqa: E501 - a case a line
from __future__ import annotations

import pytest

from ..cli.conftest import Gate  # noqa: TID252 - the tests are no package

BAD = {
    "unknown kind": ('[notifiers.x]\nkind = "bel"', ':2: there is no kind of notifier "bel"; did you mean "bell"?'),
    "name that is no kind": ("[notifiers.boad]", ':1: there is no kind of notifier "boad"; did you mean "board"?'),
    "unknown key": ("[notifiers.bell]\nvolumne = 3", 'plangate.toml:2: unknown key "volumne" for a notifier of kind bell; did you mean "volume"?'),
    "common key": ('[notifiers.bell]\nnotify-on = "always"', ':2: unknown key "notify-on" for a notifier of kind bell; did you mean "notify_on"?'),
    "wrong word": ('[notifiers.bell]\nnotify_on = "failures"', ':2: notify_on is "failures"; did you mean "failure"?'),
    "empty list": ("[notifiers.bell]\nnotify_on = []", ":2: notify_on is empty; leave it out, or name one of always, changes"),
    "secret in clear": ('[notifiers.bell]\ntoken = "hunter2hunter2"', ":2: token must say where the secret stands, not hold it; write env:NAME"),
    "address in clear": ('[notifiers.bell]\nendpoint = "https://bell.example.com/abc"', ":2: endpoint must say where the secret stands"),
    "webhook URL": ('[notifiers.bell]\nendpoint = "https://hooks.slack.com/services/T0/B0/abcdefghi"', ":2: a Slack webhook URL stands in the settings; write env:NAME"),
    "wrong type": ('[notifiers.bell]\nvolume = "loud"', ":2: volume must be a whole number"),
    "not a list of texts": ("[notifiers.bell]\nrooms = [1]", ":2: rooms must be a list of strings"),
    "wrong choice": ('[notifiers.bell]\ntone = "hgih"', ':2: tone is "hgih"; did you mean "high"?'),
    "placeholder": ('[notifiers.bell]\nheader = "in {enviroment}"', ':2: header names the placeholder "enviroment", and there is none; did you mean "environment"?'),
    "language": ('[notifiers.bell]\nlanguage = "kr"', ':2: there are no texts in the language "kr"; languages: "en", "ko"'),
    "language of all": ('[notify]\nlanguage = "kr"\n[notifiers.bell]', ':2: there are no texts in the language "kr"'),
    "no link": ('[notify]\nreport_url = "ci.example.com"\n[notifiers.bell]', ":2: report_url is no URL; write https://"),
    "route to nobody": ('[notifiers.bell]\n[[routes]]\nnotifiers = ["bel"]', ':2: there is no notifier "bel"; did you mean "bell"?'),
    "route to an unknown environment": ('[environments.prod]\n[notifiers.bell]\n[[routes]]\nenvironment = "prd"\nnotifiers = ["bell"]', ':3: environment "prd" names none of the environments; did you mean "prod"?'),
    "route without notifiers": ('[[routes]]\nevent = "failed"', ":1: notifiers is missing"),
    "unknown event": ('[notifiers.bell]\n[[routes]]\nevent = "fail"\nnotifiers = ["bell"]', ':3: event is "fail"; did you mean "failed"?'),
    "one bracket too few": ('[routes]\nevent = "failed"', ":1: routes must be a list, not a table; write [[routes]]"),
    "unknown key of all": ('[notify]\nreport = "x"', ':2: unknown key "report"; did you mean "report_url"?'),
    "odd name": ('[notifiers."a b"]\nkind = "bell"', ':1: "a b" is no name for a notifier'),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_exit_2_with_file_line_and_the_nearest_word(gate: Gate, name: str) -> None:
    text, said = BAD[name]
    gate.write("plangate.toml", text)
    for command in (["config", "show"], ["check", "none.json", "--notify"], ["notify", "none.json", "--explain"]):
        if command[0] == "notify" and "notifiers" in text and "routes" not in text:
            continue  # a missing report is said first
        came = gate.run(*command)
        assert came.code == 2, came
        assert said in came.line
        assert "plangate.toml:" in came.line
        assert "hunter2" not in came.line


def test_config_show_prints_what_is_in_force_and_where_it_comes_from(gate: Gate) -> None:
    gate.write("base.toml", '[notifiers.bell]\nvolume = 1\nrequired = true\n[[routes]]\nnotifiers = ["bell"]\n')
    gate.write("plangate.toml", 'extends = "base.toml"\n[notifiers.bell]\nvolume = 9\nendpoint = "env:BELL_URL"\n')
    gate.environ["BELL_URL"] = "https://bell.example.com/0123456789abcdef"
    came = gate.run("config", "show")
    assert came.code == 0, came
    assert "volume = 9  # plangate.toml:3" in came.out
    assert "required = true  # base.toml:3" in came.out
    assert 'endpoint = "env:BELL_URL"  # plangate.toml:4' in came.out
    assert "[[routes]]  # base.toml:4" in came.out
    assert "0123456789" not in came.out


def test_what_config_show_prints_means_the_same(gate: Gate) -> None:
    gate.write(
        "plangate.toml",
        '[environments.prod]\nprotected = true\naccount = "a"\n[notify]\nseconds = 5\n[notifiers."a.b"]\nkind = "bell"\n'
        'notify_on = ["failure"]\n[[routes]]\nevent = "failed"\nnotifiers = ["a.b"]\n',
    )
    first = gate.run("config", "show")
    gate.write("plangate.toml", first.out)
    second = gate.run("config", "show")

    def meaning(text: str) -> list[str]:
        return [line.partition("  #")[0] for line in text.splitlines() if not line.startswith("#")]

    assert first.code == second.code == 0
    assert meaning(first.out) == meaning(second.out)


def test_two_packages_with_one_kind_are_refused(gate: Gate) -> None:
    info = gate.folder.parent / "site" / "zz_more-1.0.dist-info"
    info.mkdir()
    (info / "entry_points.txt").write_text("[plangate.notifiers]\nbell = other\n", encoding="utf-8")
    gate.write("plangate.toml", "[notifiers.bell]\n")
    came = gate.run("config", "show")
    assert (came.code, "two packages" in came.line) == (2, True)
