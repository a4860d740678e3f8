"""What the documents say is what plangate does: their examples run, their tables and options are the real ones."""

from __future__ import annotations

import io
import json
import os
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from plangate import Change, Plan, Policy, errors, packs
from plangate.cli import options
from plangate.cli.main import run
from plangate.cli.streams import Streams
from plangate.decide.load import load
from plangate.decide.names import check_names
from plangate.decide.settings_model import json_schema
from plangate.policy.child import describe
from plangate.policy.load import load_file
from plangate.testing import create, judge, plan, ref

ROOT = Path(__file__).resolve().parent.parent
README, POLICIES, SETTINGS, SECURITY = "README.md", "docs/policies.md", "docs/settings.md", "docs/security.md"
REPORTS = "docs/reports.md"
DOCUMENTS = (
    README, POLICIES, SETTINGS, SECURITY, REPORTS, "docs/authoring.md", "docs/checkov.md", "docs/ci.md",
    "docs/notifiers.md",
)  # fmt: skip
OUTCOMES = {"pass", "fail", "unknown"}


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[Any]:
    """The code blocks of a document in one language, each with the line it begins at."""
    found = re.finditer(r"^```(\w*)\n(.*?)^```$", text(name), re.DOTALL | re.MULTILINE)
    begun = [(m[1], m[2], text(name)[: m.start()].count("\n") + 1) for m in found]
    return [pytest.param(block, id=f"{name}:{line}") for written_in, block, line in begun if written_in == language]


def sources(name: str) -> list[str]:
    return [block.values[0] for block in blocks(name, "python")]


def function_of(source: str) -> str:
    found = re.search(r"^@policy\(.*?^def (\w+)\(", source, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def is_policy(source: str) -> bool:
    return "@policy(" in source


def written(source: str, folder: Path) -> Path:
    path = folder / f"{function_of(source)}.py"
    path.write_text(source, encoding="utf-8")
    return path


def said(*arguments: str) -> tuple[int, str]:
    """(exit code, stdout) of one command line."""
    out, err = io.StringIO(), io.StringIO()
    environ = {"PATH": os.environ.get("PATH", "")}
    code = run(list(arguments), Streams(io.BytesIO(), out, err, environ))
    assert not err.getvalue()
    return code, out.getvalue()


def worst(policy: Policy, example: Plan, settings: dict[str, Any]) -> str:
    outcomes = judge(policy, example, **settings).outcomes.values()
    assert outcomes, "nothing in this example is judged"
    return max(outcomes, key=("pass", "unknown", "fail", "error").index)


# -- examples --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source", [b for n in (README, POLICIES) for b in blocks(n, "python") if is_policy(b.values[0])]
)
def test_policies_load_and_their_examples_hold(source: str, tmp_path: Path) -> None:
    (policy,) = load_file(str(written(source, tmp_path)))
    examples = policy.function.__globals__.get("examples")
    for expected, example, *settings in examples() if examples else ():
        assert worst(policy, example, settings[0] if settings else {}) == expected


def test_every_policy_of_the_guide_has_examples() -> None:
    policies = [source for source in sources(POLICIES) if is_policy(source)]
    assert len(policies) >= 7
    for source in policies:
        assert {w for w in OUTCOMES if f'yield "{w}"' in source} >= {"pass", "fail"}, function_of(source)


def test_policy_of_the_readme_judges_as_it_says(tmp_path: Path) -> None:
    (source,) = [s for s in sources(README) if is_policy(s)]
    (policy,) = load_file(str(written(source, tmp_path)))
    given = {"pass": True, "fail": False, "unknown": ref("data.x_flags.f.encrypt")}
    for expected, value in given.items():
        assert judge(policy, plan(create("aws_sqs_queue.q", sqs_managed_sse_enabled=value))).outcome == expected
    assert judge(policy, plan(create("aws_sqs_queue.q", unknown=["sqs_managed_sse_enabled"]))).outcome == "unknown"


def test_identity_is_the_exception_that_the_guide_says(tmp_path: Path) -> None:
    source = sources(README)[0].replace("not change.after[", "change.after[").replace('"]:\n', '"] is False:\n')
    assert '"] is False:' in source
    (policy,) = load_file(str(written(source, tmp_path)))
    configured = plan(create("aws_sqs_queue.q", sqs_managed_sse_enabled=ref("data.x_flags.f.encrypt")))
    forgotten = plan(create("aws_sqs_queue.q", unknown=["sqs_managed_sse_enabled"]))
    assert judge(policy, configured).outcome == "unknown"
    assert judge(policy, forgotten).outcome == "unknown"


def test_bare_except_is_no_answer_as_the_guide_says(tmp_path: Path) -> None:
    source = """from plangate import policy


@policy("acme/swallows", types="aws_sqs_queue")
def swallows(change):
    \"\"\"Swallows.\"\"\"
    try:
        bool(change.after["name"])
    except:
        return
    yield "never"
"""
    (policy,) = load_file(str(written(source, tmp_path)))
    assert judge(policy, plan(create("aws_sqs_queue.q", name=ref("aws_x.y.name")))).outcome == "unknown"


def test_tests_of_the_guide_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    for source in sources(POLICIES):
        if is_policy(source):
            written(source, tmp_path)
    ran = 0
    for source in sources(POLICIES):
        if not is_policy(source):
            namespace: dict[str, Any] = {}
            exec(source, namespace)
            for name, thing in list(namespace.items()):
                if name.startswith("test_"):
                    thing()
                    ran += 1
    assert ran >= 1


@pytest.mark.parametrize("source", blocks(POLICIES, "json"))
def test_json_policy_loads_and_judges(source: str, tmp_path: Path) -> None:
    path = tmp_path / "bucket_name.json"
    path.write_text(source, encoding="utf-8")
    (policy,) = load_file(str(path))
    assert judge(policy, plan(create("aws_s3_bucket.b", bucket="acme-logs"))).outcome == "pass"
    assert judge(policy, plan(create("aws_s3_bucket.b", bucket="logs"))).outcome == "fail"
    assert judge(policy, plan(create("aws_s3_bucket.b", unknown=["bucket"]))).outcome == "unknown"


def test_entry_point_of_the_guide_is_found(tmp_path: Path) -> None:
    (source,) = [block.values[0] for block in blocks(POLICIES, "toml")]
    ((name, target),) = tomllib.loads(source)["project"]["entry-points"][packs.GROUP].items()
    folder = tmp_path / "acme_policies-1.0.dist-info"
    folder.mkdir()
    (folder / "entry_points.txt").write_text(f"[{packs.GROUP}]\n{name} = {target}\n", encoding="utf-8")
    _, others = packs.installed([str(tmp_path)])
    assert others == [("acme-policies", "acme_policies:POLICIES")]


@pytest.mark.parametrize("source", [*blocks(README, "toml"), *blocks(SETTINGS, "toml"), *blocks(REPORTS, "toml")])
def test_settings_are_valid_and_name_what_there_is(source: str, tmp_path: Path) -> None:
    root = tmp_path / "repository"
    (root / ".git").mkdir(parents=True)
    (root / "policies").mkdir()
    (root / "plangate.toml").write_text(source, encoding="utf-8")
    (root / "waivers.toml").write_text("waiver = []\n", encoding="utf-8")
    (tmp_path / "plangate-base.toml").write_text('fail_on = "medium"\n', encoding="utf-8")
    settings = load(str(root), facts={"workspace": "prod", "path": None, "branch": None})
    assert "plangate.toml" in settings.files
    assert settings.waiver_problems == ()
    assert (settings.environment == "production") == ("[environments.production]" in source)
    targets, _ = packs.installed(packs.search_paths())
    metas = [describe(policy, "") for policy in packs.load_own(targets)]
    taken = {meta["id"]: {n: kind for n, (kind, _) in meta["settings"].items()} for meta in metas}
    assert check_names(settings, list(taken), taken) == ()


def test_every_setting_is_documented() -> None:
    schema = json_schema()
    names = set(schema["properties"])
    for table in schema["$defs"].values():
        names |= set(table.get("properties", ()))
    said_of = text(SETTINGS)
    assert [name for name in sorted(names) if not re.search(rf"\b{name}\b", said_of)] == []


def test_defaults_of_limits_are_the_real_ones() -> None:
    table = json_schema()["$defs"]["LimitsTable"]["properties"]
    for name, limit in table.items():
        row = f"| {limit['default']} | {limit['minimum']}, {limit['maximum']} |"
        assert any(line.startswith(f"| `{name}` |") and line.endswith(row) for line in text(SETTINGS).splitlines())


# -- the command line ------------------------------------------------------------------------------------


def test_exit_codes_of_the_readme_are_those_of_check() -> None:
    table = text(README).partition("### Exit codes")[2].partition("\n### ")[0]
    codes = [int(code) for code in re.findall(r"^\| (\d) \|", table, re.MULTILINE)]
    # 6 belongs to the command that verifies.
    of_check = [code for code in errors.PRECEDENCE if code != 6]
    assert codes == sorted(of_check)
    order = re.search(r"With several causes: (\d), then ([\d, ]+)\.", table)
    assert order is not None
    assert [int(code) for code in re.findall(r"\d", order[0])] == [code for code in of_check if code]


def test_every_option_stands_in_the_help() -> None:
    code, help_text = said("check", "--help")
    assert code == 0
    for option in options.CHECK:
        assert ", ".join(option.names) in help_text
        assert option.help.split()[0] in help_text


@pytest.mark.parametrize("name", DOCUMENTS)
def test_options_that_are_named_exist(name: str) -> None:
    # Options of other programs, and of Python's own tools, stand only beside their names.
    own = re.sub(r"`?(?:terraform|terragrunt|tofu|pip) [^`\n;]*", "", text(name))
    tables = (options.CHECK, options.POLICIES_LIST, options.POLICIES_SHOW, options.POLICIES_NEW, options.POLICIES_TEST)
    tables += (options.POLICIES_CAPTURE, options.CHECKOV_INSTALL, options.CHECKOV_STATUS, options.CHECKOV_RUN)
    tables += (options.NOTIFY, options.DOCTOR, options.MERGE)
    known = {word for table in tables for option in table for word in option.names}
    known |= {"--version", "--help", "-h", "--preview"}
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", own)) | set(re.findall(r"(?<=[ `])-[a-z](?=[ `])", own))
    assert named - known == set()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_commands_that_are_named_exist(name: str) -> None:
    commands = "check|render|merge|summary|notify|doctor|config|policies|--"
    found = re.findall(rf"(?:^|`)plangate ((?:{commands})[^\s`]*)(?: ([a-z]+))?", text(name), re.MULTILINE)
    for command, second in found:
        words = [command, second] if command in ("config", "policies") else [command]
        assert said(*words, "--help")[0] == 0


def test_sample_of_the_readme_is_what_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    sample = next(b.values[0] for b in blocks(README, "") if b.values[0].startswith("plangate: "))
    code, out = said("check", "examples/risky/plan.json")
    assert code == 1
    # Different output? Paste the first lines of `plangate check examples/risky/plan.json` into the README.
    assert out.startswith(sample)


# -- names and links -------------------------------------------------------------------------------------


def test_attributes_of_change_and_plan_exist() -> None:
    guide = text(POLICIES)
    example = plan(create("aws_sqs_queue.q"))
    for thing, names in (
        (example.changes[0], re.findall(r"\bchange\.([a-z_]+)", guide)),
        (example, re.findall(r"\bplan\.([a-z_]+)\b(?!\.json)", re.sub(r"from plangate\.\w+|plan\.json", "", guide))),
    ):
        assert names
        assert [n for n in names if not hasattr(thing, n)] == []


def test_public_attributes_of_a_change_are_in_the_guide() -> None:
    guide = text(POLICIES)
    # What the engine and the reader use among themselves.
    inner = {"body", "key", "raw", "why"}
    public = {n for n in dir(Change) if not n.startswith("_")} - inner
    assert [n for n in sorted(public) if f"change.{n}" not in guide] == []


@pytest.mark.parametrize("name", [*DOCUMENTS, "examples/README.md"])
def test_links_lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", text(name)):
        path, _, anchor = target.partition("#")
        file = (ROOT / name).parent / path if path else ROOT / name
        assert file.exists(), target
        if anchor:
            titles = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", t).lower().replace(" ", "-") for t in titles}, target


def test_variables_that_programs_get_are_the_ones_named() -> None:
    from plangate.plan.show import ALLOWED
    from plangate.policy.talk import ENVIRONMENT

    assert [n for n in ALLOWED if f"`{n}`" not in text(SECURITY)] == []
    assert [n for n in ENVIRONMENT if f"`{n}`" not in text(POLICIES)] == []


def test_limits_that_are_named_are_the_real_ones() -> None:
    from plangate.plan import decode, planfile, strict
    from plangate.policy import engine
    from plangate.report.masks import MIN_LENGTH

    security, policies = text(SECURITY), text(POLICIES)
    assert f"{decode.RATIO} times" in security
    assert decode.RATIO == planfile.MAX_RATIO
    assert f"{planfile.MAX_MEMBERS:,} members" in security
    assert f"{strict.MAX_DEPTH} levels" in security
    assert f"{strict.MAX_DIGITS:,} characters of a real" in security
    assert MIN_LENGTH == 6
    assert "shorter than six characters" in security
    assert f"| {engine.MAX_FINDINGS:,} | findings" in policies
    assert f"| {engine.MAX_TEXT:,} | characters" in policies
    assert json.loads(text("docs/plangate.schema.json")) == json_schema()


def test_what_the_guide_to_ci_says_of_runs_and_limits_is_so() -> None:
    from plangate.cli.context import RUN
    from plangate.context import ci, facts
    from plangate.trust import tree

    guide = " ".join(text("docs/ci.md").split())
    assert [name for name in (*RUN, *facts.FACTS) if f"`{name}`" not in guide] == []
    titles = [row["title"].removesuffix(" (a CodeBuild action)").removeprefix("AWS ") for row in ci.services()]
    assert [title for title in titles if title not in guide] == []
    assert f"more than {tree.FILES:,} files or {tree.BYTES >> 20} MiB" in guide


# -- reports ---------------------------------------------------------------------------------------------


def test_every_format_has_its_section_and_its_row() -> None:
    guide = text(REPORTS)
    sections = re.findall(r"^## (\S+)$", guide, re.MULTILINE)
    assert set(options.FORMATS) <= set(sections)
    assert [name for name in options.FORMATS if f"| `{name}` |" not in guide] == []


def test_limits_of_formats_are_the_real_ones() -> None:
    from plangate.cli.outputs import MOST_PASSES
    from plangate.render import github, lines, markdown, sarif
    from plangate.render.places import UNJUDGED
    from plangate.report import values

    guide = text(REPORTS)
    rows = {m[1]: m[0] for m in re.finditer(r"^\| `([a-z-]+)` \|.*$", guide, re.MULTILINE)}
    assert f"| {lines.LINES} lines;" in rows["text"]
    assert f"| {markdown.BUDGET:,} characters |" in rows["markdown"]
    assert f"| {sarif.MAX_RESULTS:,} results, {sarif.MAX_RUNS} runs |" in rows["sarif"]
    assert f"| {MOST_PASSES:,} passes listed" in rows["junit"]
    assert f"| {github.MOST} of each kind |" in rows["github"]
    assert f"longer than {values.MAX_TEXT} characters" in guide
    assert f"`{UNJUDGED}`" in guide
    for word in (values.SENSITIVE, values.REDACTED):
        assert f"`{word}`" in guide


def test_commands_of_the_guide_to_reports_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    example = (ROOT / "examples/risky/plan.json").read_bytes()
    for name in ("plan.json", "a/plan.json", "b/plan.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(example)
    (shell,) = [b.values[0] for b in blocks(REPORTS, "sh")]
    commands = [line.partition("#")[0].split()[1:] for line in shell.splitlines()]
    assert len(commands) >= 6
    for command in commands:
        assert said(*command)[0] == (1 if command[0] == "check" else 0), command
    for command in re.findall(
        r"plangate (check plan.json -f .+)", "".join(b.values[0] for b in blocks(REPORTS, "yaml"))
    ):
        assert said(*command.split())[0] == 1
    for name in ("comment.md", "plangate.sarif", "1.xml", "2.xml", "report.html", "quality.json", "terraform.json"):
        assert (tmp_path / name).stat().st_size > 0
