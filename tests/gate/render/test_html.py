"""The page as parsers and a browser read it: self-contained, inert, complete, and usable without a script."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plangate.render import html
from plangate.render.inert import terminal

from .build import change, finding, report, waiver
from .samples import SAMPLES, clean, empty, failing, hostile, huge, undecided, unreadable

ANY = st.text(st.characters(exclude_categories=()), min_size=1, max_size=60) | st.text(
    "<>&\"'`/=:;.-!#@[]{}() \n\tabcsriptonclkj", min_size=1, max_size=40
)
VOID = {"meta", "input", "br"}
LOSS = ("class", "what", "loss", "recovery")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")


class Page(HTMLParser):
    """What a page is made of, and whether every element that opens is closed where it should be."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.kinds: set[tuple[str, tuple[str, ...]]] = set()
        self.text = ""
        self.raw: dict[str, str] = {}
        self.odd: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self.kinds.add((tag, tuple(name for name, _ in attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.odd.append(tag)

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in ("style", "script"):
            self.raw[self._open[-1]] = self.raw.get(self._open[-1], "") + data
        else:
            self.text += data

    def handle_comment(self, data: str) -> None:
        self.odd.append("comment")

    def all(self, tag: str, name: str = "") -> list[dict[str, str]]:
        return [attrs for found, attrs in self.elements if found == tag and (not name or name in attrs)]

    def rows(self, kind: str) -> list[dict[str, str]]:
        return [attrs for attrs in self.all("li", "data-row") if attrs["data-row"] == kind]

    @property
    def balanced(self) -> bool:
        return not self.odd and not self._open


def page(*reports: dict[str, Any]) -> Page:
    found = Page()
    found.feed(html.render(list(reports)))
    found.close()
    return found


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_is_one_page_that_asks_for_nothing(name: str) -> None:
    document = SAMPLES[name]()
    found = page(document)
    assert found.balanced
    assert [attrs["lang"] for attrs in found.all("html")] == ["en"]
    assert len(found.all("h1")) == len(found.all("main")) == 1
    assert not {"link", "img", "iframe", "object", "base", "video", "audio"} & {tag for tag, _ in found.elements}
    assert not [attrs for _, attrs in found.elements if "src" in attrs or "style" in attrs]
    assert not [name for _, attrs in found.elements for name in attrs if name.startswith("on")]
    assert "url(" not in found.raw["style"]
    assert "@import" not in found.raw["style"]
    ids = [attrs["id"] for _, attrs in found.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {attrs["href"][1:] for attrs in found.all("a") if attrs["href"].startswith("#")} <= set(ids)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_content_policy_allows_this_style_and_this_script_alone(name: str) -> None:
    found = page(SAMPLES[name]())
    (policy,) = [m["content"] for m in found.all("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    for directive, element in (("style-src", "style"), ("script-src", "script")):
        digest = base64.b64encode(hashlib.sha256(found.raw[element].encode()).digest()).decode()
        assert rules[directive] == f"'sha256-{digest}'"
        assert len(found.all(element)) == 1


def test_it_is_the_same_each_time() -> None:
    assert html.render([failing(), clean()]) == html.render([failing(), clean()])


def test_the_verdict_comes_first_and_what_goes_next() -> None:
    text = page(failing()).text
    order = ["plangate: FAIL", "21 findings stop this plan", "Destroyed, replaced or forgotten: 4", "Stops this plan"]
    order += ["The change at a glance", "Does not stop this plan", "All changes: 24"]
    places = [text.index(words) for words in order]
    assert places == sorted(places)


def test_headings_leave_no_level_out() -> None:
    for documents in ([failing()], [failing(), clean(), undecided()]):
        levels = [int(tag[1]) for tag, _ in page(*documents).elements if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_lists_have_everything_of_a_huge_plan_and_the_picture_says_what_it_counts() -> None:
    document = huge()
    for one in document["changes"]:
        one["module"] = one["address"].removesuffix(".aws_db_instance.d")
    found = page(document)
    number = len(document["changes"])
    assert len(found.rows("change")) == len(found.rows("lost")) == number
    assert len(found.rows("finding")) == len(document["findings"])
    boxes = [attrs for attrs in found.all("li", "class") if attrs["class"].startswith("box")]
    assert len(boxes) < 150
    assert len(found.all("li", "data-tile")) < 500
    assert re.search(r"[\d,]+ more modules", found.text)
    drawn = sum(1 for attrs in found.all("li", "data-tile") if "size" in attrs["class"])
    rest = sum(int(n.replace(",", "")) for n in re.findall(r"aws_db_instance \u00d7 ([\d,]+)", found.text))
    assert drawn + rest == number


def test_a_picture_has_modules_in_modules_and_what_goes_by_name() -> None:
    gone = {"class": "data", "what": "a file system", "loss": "its files are gone", "recovery": ""}
    inner = 'module.region["eu.1"].module.data'
    document = report(
        changes=[
            change(f"{inner}.aws_efs_file_system.fs", "delete", module=inner, loss=gone),
            change('module.region["eu.1"].aws_vpc.v', "update", module='module.region["eu.1"]'),
            *[change(f'module.net.aws_subnet.s["{i}"]', "create", module="module.net") for i in range(40)],
        ]
    )
    text = html.render([document])
    picture = text[text.index('id="r1-picture"') :]
    picture = picture[: picture.index("</section>")]
    assert picture.index("module.region[&quot;eu.1&quot;]") < picture.index("module.data") < picture.index("module.net")
    assert re.search(r'<li class="destroy size3"[^>]*>.*its files are gone', picture)
    assert "aws_subnet</code> \u00d7 40" in picture
    assert picture.count('class="box"') == 4


def test_several_roots_stand_worst_first_under_an_overview() -> None:
    found = page(clean(), failing(), empty(), undecided(), unreadable())
    heads = re.findall(r"\b(ERROR|FAIL|PASS)\b", found.text)
    roots = [attrs for attrs in found.all("section") if attrs.get("class") == "root"]
    assert [attrs["id"] for attrs in roots] == [f"r{n}" for n in range(1, 6)]
    assert heads[-5:] == ["ERROR", "ERROR", "FAIL", "PASS", "PASS"]
    assert "3 of 5 roots must not go on" in found.text
    assert {attrs["data-environment"] for attrs in roots} == {"production", ""}


def test_filters_offer_what_the_report_holds() -> None:
    found = page(failing())
    assert [attrs["name"] for attrs in found.all("select")] == ["severity", "action", "module", "environment"]
    values = [attrs["value"] for attrs in found.all("option", "value")]
    assert values == ["", "critical", "high", "low", "", "destroy", "replace", "create", "update", "", "(root)", "",
                      "production"]  # fmt: skip
    assert all({"data-action", "data-severity", "data-module"} <= set(attrs) for attrs in found.all("li", "data-row"))
    assert [attrs for attrs in found.all("form") if "hidden" not in attrs] == []


def test_values_stand_before_and_after_only_where_they_were_asked_for() -> None:
    values = [{"path": "size", "before": "1", "after": None}, {"path": "name", "before": None, "after": '"<b>"'}]
    document = report(changes=[change("a.b", "update", attributes=["size", "name"], values=values)])
    text = html.render([document])
    assert "<del><code>1</code></del>" in text
    assert "<ins><code>&quot;&lt;b&gt;&quot;</code></ins>" in text
    plain = html.render([report(changes=[change("a.b", "update", attributes=["size", "name"])])])
    assert "<del>" not in plain
    assert "<code>size</code>, <code>name</code>" in plain


def test_what_ignore_paths_hides_is_counted_and_nothing_links_to_it() -> None:
    document = report(
        changes=[
            change("a.b", "update", attributes=["tags"]),
            change("a.c", "update", attributes=["tags", "size"]),
        ],
        settings={**report()["settings"], "ignore_paths": ["tags"]},
    )
    found = page(document)
    assert [attrs["id"] for attrs in found.rows("change")] == ["r1-2"]
    assert "1 update and 1 attribute of others hidden by ignore_paths" in found.text


def test_locations_link_to_the_judged_commit_where_it_is_known() -> None:
    run = {
        **report()["run"],
        "url": "https://github.example/acme/infra/actions/runs/1",
        "repository": "acme/infra",
        "commit": "abc123",
    }
    inside = {"file": "modules/x/main.tf", "line": 3, "end_line": 9}
    location = {"file": "envs/pröd (1)/main.tf", "line": 12, "end_line": 20, "inside": inside}
    found = page(report("fail", 1, run=run, findings=[finding("p/q", "high", "a.b", "m", location=location)]))
    links = [attrs["href"] for attrs in found.all("a") if attrs["href"].startswith("https:")]
    assert links[0] == "https://github.example/acme/infra/blob/abc123/envs/pr%C3%B6d%20%281%29/main.tf#L12"
    assert "(inside: modules/x/main.tf:3)" in found.text
    bare = page(report("fail", 1, findings=[finding("p/q", "high", "a.b", "m", location=location)]))
    assert [attrs for attrs in bare.all("a") if attrs["href"].startswith("https:")] == []


def _document(name: str) -> dict[str, Any]:
    address = f'module.m["{name}"].aws_instance.web["{name}"]'
    value = {"path": name, "before": name, "after": name}
    location = {"file": name, "line": 3, "end_line": 4, "inside": {"file": name, "line": 1, "end_line": 2}}
    return report(
        "fail",
        1,
        changes=[
            change(address, "delete", module=f'module.m["{name}"]', loss=dict.fromkeys(LOSS, name), location=location),
            change(f"aws_iam_role.{name}", "update", attributes=[name], values=[value], type=name),
            change(f"aws_iam_role.{name}.x", "replace", replace_paths=[name], reason=name, module=name),
            change("aws_iam_role.y", "no-op", previous_address=name, importing={"id": name}),
        ],
        findings=[
            finding("pack/fault", "high", address, name, remediation=name, origin=name, references=[name], also=[name],
                    location=location),
            finding("pack/other", "low", name, name, stops=False, outcome="waived",
                    waiver=waiver(name, name, reason=name, owner=name, ticket=name)),
            finding("pack/third", "high", name, f"a{name}", outcome="unknown", origin=name, deposed=name),
        ],
        errors=[{"kind": "policy", "message": name, "path": name, "policy": name}],
        notes=[name],
        renames=[{"from": name, "to": name}],
        drift=[{"address": name, "deposed": name, "type": name, "action": "update", "attributes": [name],
                "relevant": [name]}],
        outputs=[{"name": name, "action": "create", "sensitive": False}],
        checks=[{"address": name, "kind": name, "status": name, "problems": 1}],
        invocations=[{"kind": "action", "address": name, "type": name, "when": name}],
        waivers={"used": [], "unused": [waiver(name, name)], "expired": [{"problem": name}]},
        plan={**report()["plan"], "path": name, "workspace": name, "terraform_version": name},
        run={**report()["run"], "actor": name, "ref": name, "repository": name, "url": name},
        settings={**report()["settings"], "environment": name, "files": [name]},
    )  # fmt: skip


BENIGN = page(_document("x"))


@settings(max_examples=300, deadline=None)
@given(ANY)
def test_no_text_of_a_plan_is_markup(name: str) -> None:
    """The kinds of elements with their attributes are those of a harmless run, and so is the policy of the page."""
    found = page(_document(name))
    assert found.balanced
    assert found.kinds <= BENIGN.kinds | {("code", ())}
    assert found.raw == BENIGN.raw
    assert [attrs for attrs in found.all("a") if not attrs["href"].startswith("#")] == []
    assert found.all("meta") == BENIGN.all("meta")


@given(ANY)
def test_a_name_is_shown_as_it_is(name: str) -> None:
    found = Page()
    found.feed(f"a {html.code(name)} b")
    assert found.text == f"a {terminal(name, 400)} b"


def test_hostile_names_stay_text() -> None:
    text = html.render([hostile()])
    assert "\u202e" not in text
    assert "\x1b" not in text
    assert "p\u0430ypal mixes Latin with Cyrillic or Greek letters" in page(hostile()).text
    for beacon in ("<script>alert(1)</script>", '"><img src="https://evil.example/x">', "<svg onload=alert(1)>"):
        found = page(_document(beacon))
        assert beacon not in html.render([_document(beacon)])
        assert found.kinds <= BENIGN.kinds | {("code", ())}


# -- a browser, where there is one ----------------------------------------------------------------------------

needs_chromium = pytest.mark.skipif(not CHROMIUM, reason="no Chromium on PATH: the page was read by a parser alone")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-extensions", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update"]  # fmt: skip


def browse(folder: Path, text: str, *flags: str) -> str:
    """What a browser makes of the page: its document after the script has run."""
    (folder / "page.html").write_text(text, encoding="utf-8")
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={folder / 'profile'}", *flags, f"file://{folder / 'page.html'}"]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


@needs_chromium
def test_a_browser_runs_the_script_that_the_policy_allows(tmp_path: Path) -> None:
    shown = Page()
    shown.feed(browse(tmp_path, html.render([failing()]), "--dump-dom"))
    (form,) = shown.all("form")
    assert "hidden" not in form


@needs_chromium
def test_a_browser_runs_nothing_that_the_page_does_not_bring(tmp_path: Path) -> None:
    text = html.render([hostile()]).replace("</main>", "<script>document.title = 'taken'</script></main>")
    assert "<title>taken" not in browse(tmp_path, text, "--dump-dom")


PROBE = """
(() => {
  const out = [], form = document.getElementById("filter"), seen = (kind) =>
    [...document.querySelectorAll(`[data-row=${kind}]`)].filter((r) => getComputedStyle(r).display !== "none").length;
  const pick = (name, value) => {
    form.reset(); form.elements[name].value = value;
    form.dispatchEvent(new Event("submit", { cancelable: true }));
    out.push(`${name}=${value}:${seen("lost")},${seen("finding")},${seen("change")}`);
  };
  pick("severity", "critical"); pick("action", "replace"); pick("search", "R[ B"); pick("search", "MISSING owner");
  out.push("wide:" + (document.documentElement.scrollWidth > document.documentElement.clientWidth));
  document.title = out.join(" ");
})();
"""


@needs_chromium
def test_the_filters_show_what_they_say(tmp_path: Path) -> None:
    """By a script of the test's own, which the page's policy is made to allow."""
    digest = base64.b64encode(hashlib.sha256(PROBE.encode()).digest()).decode()
    text = html.render([failing()]).replace("script-src ", f"script-src 'sha256-{digest}' ", 1)
    text = text.replace("</body>", f"<script>{PROBE}</script></body>")
    title = re.search("<title>(.*?)</title>", browse(tmp_path, text, "--dump-dom", "--window-size=500,900"))
    assert title
    assert title[1].split() == [
        "severity=critical:2,2,2", "action=replace:3,1,3", "search=R[", "B:0,1,1", "search=MISSING", "owner:0,19,0",
        "wide:false",
    ]  # fmt: skip
