"""--trusted-ref: a change is judged by the settings, waivers and policies of its base, with real repositories."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest

from ..cli.plans import GOOD  # noqa: TID252 - the tests are no package
from .conftest import OWN, POLICY, Came, Repository

WAIVER = '[[waiver]]\npolicy = "*"\naddress = "*"\nreason = "r"\nowner = "o"\nexpires = 2999-01-01\n'
STRICT = 'fail_on = "medium"\n[policies]\npaths = ["policies"]\n'


@pytest.fixture(autouse=True)
def _nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Whatever happens, the private folder is gone afterwards."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    yield
    assert [name for name in os.listdir(scratch) if name.startswith("plangate-")] == []


def base(repository: Repository) -> str:
    repository.write("plangate.toml", STRICT)
    repository.write("policies/names.py", OWN)
    return repository.commit()


def test_a_change_that_leaves_settings_alone_is_judged_by_them(repository: Repository) -> None:
    at = base(repository)
    came = repository.check()
    assert (came.code, came.stops) == (1, {POLICY, "acme/queue-name"})
    settings = came.report["settings"]
    assert settings["trusted"] == {"ref": at, "commit": at}
    assert (settings["loosened"], settings["override"], settings["files"]) == ([], None, ["plangate.toml"])
    assert f"settings, waivers and policies are those of {at} ({at[:12]})" in came.report["notes"]
    assert {"policies/names.py"} == {
        row["source"] for row in came.report["policies"]["list"] if row["id"] == "acme/queue-name"
    }


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("plangate.toml", None, "plangate.toml would be gone"),
        ("plangate.toml", STRICT + WAIVER, '"*" on "*" would be waived until 2999-01-01 (plangate.toml:4)'),
        ("plangate.toml", STRICT.replace("medium", "none"), "fail_on would be none instead of medium"),
        ("plangate.toml", STRICT + '[severity]\n"*" = "info"\n', "would be info instead of high"),
        ("plangate.toml", STRICT + '[[enforcement]]\npolicy = "*"\nlevel = "advisory"\n', "would be advisory"),
        ("plangate.toml", STRICT + 'ignore = ["encryption/*", "acme/*"]\n', "would not be judged"),
        ("plangate.toml", STRICT + 'select = ["exposure/*"]\n', "would not be judged"),
        ("plangate.toml", STRICT.replace('"policies"', ""), "acme"),
        ("plangate.toml", 'fail_on = "medium"\nfail_onn = 1\n', "its settings cannot be used: plangate.toml:2"),
        ("plangate.toml", "= =", "its settings cannot be used"),
        ("policies/names.py", None, "policies/names.py would be gone"),
        ("policies/names.py", OWN.replace('"q"', '"never"'), "policies/names.py would be another file"),
        ("policies/names.py", "import os\nos._exit(0)\n", "policies/names.py would be another file"),
    ],
)
def test_whatever_a_change_does_to_its_judge_it_gets_the_verdict_of_the_base(
    repository: Repository, name: str, text: str | None, said: str
) -> None:
    base(repository)
    if text is None:
        repository.remove(name)
    else:
        repository.write(name, text)
    came = repository.check()
    assert (came.code, came.stops) == (1, {POLICY, "acme/queue-name"})
    if said != "acme":  # a path less: nothing that is named is different but the policy's own file
        assert any(said in line for line in came.loosened), came.loosened
    assert all(any(line in note for note in came.report["notes"]) for line in came.loosened)


def test_code_that_a_change_adds_is_not_run_and_that_is_said(repository: Repository) -> None:
    base(repository)
    repository.write("policies/evil.py", f"open({str(repository.folder / 'ran')!r}, 'w').write('x')\n")
    came = repository.check()
    assert came.stops == {POLICY, "acme/queue-name"}
    assert came.loosened == ["policies/evil.py would judge, too: it is not run before it is trusted"]
    assert not (repository.folder / "ran").exists()


def test_what_a_change_makes_stricter_holds_at_once(repository: Repository) -> None:
    repository.write("plangate.toml", 'fail_on = "none"\n' + WAIVER)
    repository.commit()
    came = repository.check()
    assert came.code == 0
    repository.write("plangate.toml", 'fail_on = "none"\n')
    assert repository.check().code == 0
    repository.write("plangate.toml", 'fail_on = "medium"\n')  # and no waiver
    came = repository.check()
    assert (came.code, came.stops) == (1, {POLICY})
    assert "fail_on medium of the change holds already: it is stricter than none" in came.report["notes"]
    assert came.report["settings"]["fail_on"] == "medium"
    repository.write(
        "plangate.toml", f'fail_on = "none"\n[[enforcement]]\npolicy = "{POLICY}"\nlevel = "hard-mandatory"\n'
    )
    came = repository.check()
    assert (came.code, came.stops) == (1, {POLICY})
    assert came.loosened == []


def test_a_waiver_that_is_narrowed_waives_what_both_waive(repository: Repository) -> None:
    repository.write("plangate.toml", WAIVER)
    repository.commit()
    repository.write("plangate.toml", WAIVER.replace('policy = "*"', f'policy = "{POLICY}"'))
    assert repository.check().code == 0
    repository.write("plangate.toml", WAIVER.replace('policy = "*"', 'policy = "destructive/*"'))
    assert repository.check().code == 1


def test_the_first_settings_of_a_repository_count_where_they_are_stricter(repository: Repository) -> None:
    repository.commit()
    repository.write("plangate.toml", WAIVER)
    came = repository.check()
    assert (came.code, came.stops) == (1, {POLICY})
    repository.write("plangate.toml", 'fail_on = "info"\n')
    assert repository.check(changes=GOOD).report["settings"]["fail_on"] == "info"


def test_settings_that_extend_and_files_that_they_name_come_from_the_base(repository: Repository) -> None:
    repository.write("shared/base.toml", 'waivers = "waivers.toml"\n[policies]\npaths = ["../policies"]\n')
    repository.write("shared/waivers.toml", WAIVER.replace('policy = "*"', 'policy = "acme/*"'))
    repository.write("policies/names.py", OWN)
    repository.write("envs/prod/plangate.toml", 'extends = "../../shared/base.toml"\n')
    repository.commit()
    os.chdir(repository.folder / "envs" / "prod")
    repository.write("shared/waivers.toml", WAIVER)
    repository.write("shared/base.toml", 'fail_on = "none"\nwaivers = "waivers.toml"\n')
    repository.write("policies/names.py", "")
    came = repository.run("check", "../../plan.json", "--trusted-ref", repository.base)
    assert came.code == 3  # no plan yet: the step before failed
    repository.check()
    came = repository.run("check", "../../plan.json", "-f", "json", "--trusted-ref", repository.base)
    assert (came.code, came.stops) == (1, {POLICY})
    assert [f["policy"] for f in came.report["findings"] if f["outcome"] == "waived"] == ["acme/queue-name"]
    assert came.report["settings"]["files"] == [
        "plangate.toml",
        os.path.join("..", "..", "shared", "base.toml"),
        os.path.join("..", "..", "shared", "waivers.toml"),
    ]


def test_paths_of_the_command_line_are_of_the_base_too(repository: Repository) -> None:
    repository.write("gate/settings.toml", 'fail_on = "high"\n')
    repository.write("gate/names.py", OWN)
    repository.commit()
    repository.write("gate/settings.toml", 'fail_on = "none"\n')
    repository.write("gate/names.py", "")
    arguments = ("-c", "gate/settings.toml", "-p", str(repository.folder / "gate" / "names.py"))
    assert repository.check(*arguments).stops == {POLICY, "acme/queue-name"}
    repository.write("new/names.py", OWN)
    came = repository.check("-p", "new")
    assert came.code == 2
    assert "new: there is no policy file or folder here in the trusted commit" in came.err


def test_paths_outside_of_the_checkout_are_the_workflows_own(repository: Repository, tmp_path: Path) -> None:
    repository.commit()
    outside = tmp_path / "gate"
    outside.mkdir()
    (outside / "plangate.toml").write_text('fail_on = "none"\n[policies]\npaths = ["names.py"]\n')
    (outside / "names.py").write_text(OWN)
    came = repository.check("-c", str(outside / "plangate.toml"))
    assert came.code == 0
    assert "acme/queue-name" in {f["policy"] for f in came.report["findings"]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('extends = "{top}/other.toml"', "leads into the checkout"),
        ('[policies]\npaths = ["{top}/policies"]', "leads into the checkout"),
        ('extends = "../other.toml"', "leads out of the repository"),
        ('[policies]\npaths = ["../policies"]', "leads out of the repository"),
        ('waivers = "{top}/waivers.toml"', "leads into the checkout"),
        ('[notifiers.slack]\nwebhook_url = "file:{top}/secret"', "leads into the checkout"),
        ('[policies]\npaths = ["link"]', "this is a link in the trusted commit"),
        ('[policies]\npaths = ["deep"]', "deep/inner/link: this is a link"),
        ('extends = "link/x.toml"', "this is a link in the trusted commit"),
        ('[policies]\npaths = ["module"]', "this is a submodule"),
        ('[policies]\npaths = ["absent"]', "names nothing"),
    ],
)
def test_what_cannot_be_taken_from_a_commit_stops_the_run(repository: Repository, text: str, said: str) -> None:
    repository.write("plangate.toml", text.replace("{top}", str(repository.folder)) + "\n")
    repository.write("policies/names.py", OWN)
    repository.write("deep/inner/a.py", OWN)
    repository.write("other.toml", "")
    os.symlink("policies", repository.folder / "link")
    os.symlink("/etc/passwd", repository.folder / "deep" / "inner" / "link")
    repository.git("add", "-A")
    repository.git("update-index", "--add", "--cacheinfo", "160000," + "1" * 40 + ",module")
    repository.git("commit", "-q", "-m", "x")
    repository.base = repository.git("rev-parse", "HEAD")
    came = repository.check()
    assert came.code == 2, came
    assert said in came.err
    assert came.err.count("\n") == 1


def test_a_link_in_the_change_leads_nowhere(repository: Repository, tmp_path: Path) -> None:
    base(repository)
    outside = tmp_path / "evil"
    outside.mkdir()
    for name in ("plangate.toml", "policies/names.py"):
        repository.remove(name)
    (repository.folder / "policies").rmdir()
    os.symlink(outside, repository.folder / "policies")
    os.symlink("/dev/null", repository.folder / "plangate.toml")
    came = repository.check()
    assert (came.code, came.stops) == (1, {POLICY, "acme/queue-name"})


def test_too_much_is_refused(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    from plangate.trust import tree

    base(repository)
    monkeypatch.setattr(tree, "FILES", 1)
    came = repository.check()
    assert came.code == 2
    assert "are more than 1 files" in came.err
    monkeypatch.setattr(tree, "FILES", 10)
    monkeypatch.setattr(tree, "FILE_BYTES", 10)
    assert "larger than" in repository.check().err


@pytest.mark.parametrize(
    ("ref", "said"),
    [
        ("HEAD", "HEAD is the change that is judged"),
        ("--upload-pack=x", "names no branch, tag or commit"),
        ("main~1", "names no branch, tag or commit"),
        ("a..b", "names no branch, tag or commit"),
        ("x y", "names no branch, tag or commit"),
        ("nowhere", "there is no commit 'nowhere' here, and it cannot be fetched (there is no remote called origin)"),
        ("1" * 40, "there is no commit"),
        ("abcdef1", "there is no commit"),
    ],
)
def test_a_ref_that_names_no_commit(repository: Repository, ref: str, said: str) -> None:
    base(repository)
    came = repository.check("--trusted-ref", ref)
    assert came.code == 2
    assert said in came.err, came


def test_a_name_of_two_things_is_refused(repository: Repository) -> None:
    base(repository)
    repository.git("tag", "release")
    repository.git("checkout", "-q", "-b", "release")
    repository.commit(**{"other.txt": "x"})
    came = repository.check("--trusted-ref", "release")
    assert came.code == 2
    assert "'release' names refs/heads/release and refs/tags/release" in came.err
    assert repository.check("--trusted-ref", "refs/tags/release").code == 1
    assert repository.check("--trusted-ref", "main").code == 1


def clone(repository: Repository, target: Path, *arguments: str) -> Repository:
    repository.git("config", "uploadpack.allowAnySHA1InWant", "true")
    repository.git("clone", "-q", *arguments, f"file://{repository.folder}", str(target))
    made = Repository(target)
    os.chdir(target)
    return made


@pytest.mark.parametrize("ref", ["origin/main", "main", "refs/remotes/origin/main", "commit"])
def test_a_commit_that_is_missing_is_fetched(repository: Repository, tmp_path: Path, ref: str) -> None:
    at = base(repository)
    repository.git("checkout", "-q", "-b", "change")
    repository.write("plangate.toml", 'fail_on = "none"\n')
    repository.commit()
    made = clone(repository, tmp_path / "clone", "--depth=1", "--branch", "change")
    came = made.check("--trusted-ref", at if ref == "commit" else ref)
    assert (came.code, came.stops) == (1, {POLICY, "acme/queue-name"}), came
    assert came.report["settings"]["trusted"]["commit"] == at
    assert made.git("rev-parse", "--is-shallow-repository") == "true"
    assert (made.folder / "plangate.toml").read_text() == 'fail_on = "none"\n'
    assert made.git("status", "--porcelain") == "?? plan.json"


def test_a_remote_that_is_gone_is_an_error(repository: Repository, tmp_path: Path) -> None:
    at = base(repository)
    repository.git("checkout", "-q", "-b", "change")
    repository.commit(x="x")
    made = clone(repository, tmp_path / "clone", "--depth=1", "--branch", "change")
    repository.folder.rename(tmp_path / "moved")
    came = made.check("--trusted-ref", at)
    assert came.code == 2
    assert "it cannot be fetched (" in came.err


def test_a_hook_or_filter_of_the_checkout_does_not_run(repository: Repository, tmp_path: Path) -> None:
    at = base(repository)
    ran = tmp_path / "ran"
    script = f"#!/bin/sh\ntouch {ran}\ncat\n"
    repository.write(".gitattributes", "* filter=evil\n")
    repository.git("config", "core.fsmonitor", str(tmp_path / "evil.sh"))
    (tmp_path / "evil.sh").write_text(script)
    (tmp_path / "evil.sh").chmod(0o755)
    for key in ("smudge", "clean"):
        repository.git("config", f"filter.evil.{key}", str(tmp_path / "evil.sh"))
    for hook in ("post-checkout", "reference-transaction", "post-index-change"):
        path = repository.folder / ".git" / "hooks" / hook
        path.write_text(script)
        path.chmod(0o755)
    came = repository.check("--trusted-ref", at, GIT_DIR="/nonexistent", GIT_INDEX_FILE="/nonexistent")
    assert came.code == 1
    assert not ran.exists()


def test_not_a_repository_and_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, repository: Repository) -> None:
    base(repository)
    assert "there is no git on PATH" in repository.check(PATH="bin:/nonexistent").err
    other = Repository(tmp_path / "other")
    monkeypatch.chdir(other.folder)
    came = other.check("--trusted-ref", "main")
    assert (came.code, came.err.splitlines()[0]) == (
        2,
        "plangate: --trusted-ref: this is no git repository; run it in the checkout",
    )


# -- pull requests -----------------------------------------------------------------------------------------------

PULL = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request", "GITHUB_REF": "refs/pull/3/merge"}


def refused(came: Came, said: str) -> bool:
    return came.code == 2 and said in came.err and came.out == ""


def test_a_pull_request_is_not_trusted_to_judge_itself(repository: Repository) -> None:
    base(repository)
    head = repository.commit(x="x")
    came = repository.check("--trusted-ref", head, **PULL, GITHUB_SHA=head)
    assert refused(came, "this commit is the pull request's own")
    came = repository.check("--trusted-ref", "main", **PULL, GITHUB_SHA="3" * 40)
    assert refused(came, "this commit is the pull request's own")


@pytest.mark.parametrize("event", ["pull_request_target", "workflow_run", "issue_comment"])
def test_a_privileged_job_takes_nothing_from_a_checkout_that_is_not_the_base(
    repository: Repository, tmp_path: Path, event: str
) -> None:
    at = base(repository)
    environ = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": event, "GITHUB_SHA": at}
    plain = ("check", "plan.json", "-f", "json")
    repository.check()
    assert repository.run(*plain, **environ).code == 1  # the base itself is checked out
    repository.commit(**{"plangate.toml": 'fail_on = "none"\n'})
    came = repository.run(*plain, **environ)
    assert refused(came, "has the rights of the base branch")
    assert refused(repository.run(*plain, "-c", "plangate.toml", **environ), "has the rights of the base branch")
    trusted = tmp_path / "trusted.toml"
    trusted.write_text("")
    assert repository.run(*plain, "-c", str(trusted), **environ).code == 1
    assert refused(
        repository.run(*plain, "-c", str(trusted), "-p", "policies", **environ), "has the rights of the base branch"
    )
    assert repository.run(*plain, "--trusted-ref", at, **environ).stops == {POLICY, "acme/queue-name"}


def test_a_way_out_for_emergencies_is_recorded(repository: Repository) -> None:
    at = base(repository)
    repository.commit(**{"plangate.toml": WAIVER})
    environ = {**PULL, "GITHUB_ACTOR": "jane", "PLANGATE_OVERRIDE": " the site\nis down "}
    came = repository.check("--trusted-ref", at, **environ)
    assert came.code == 0
    assert came.report["settings"]["override"] == {"reason": "the site is down", "actor": "jane"}
    assert came.report["notes"][0] == (
        "PLANGATE_OVERRIDE lets the settings of the change itself hold (run by jane): the site is down"
    )
    assert any("would be waived" in line for line in came.loosened)
    assert repository.check("--trusted-ref", at, **{**environ, "PLANGATE_OVERRIDE": "  "}).code == 1


def test_the_way_out_mends_a_base_that_cannot_judge(repository: Repository) -> None:
    repository.write("plangate.toml", "= =")
    repository.commit()
    repository.write("plangate.toml", 'fail_on = "high"\n')
    assert repository.check().code == 2
    came = repository.check(PLANGATE_OVERRIDE="mend the settings")
    assert (came.code, came.stops) == (1, {POLICY})
    came = repository.check("--trusted-ref", "nowhere", PLANGATE_OVERRIDE="no base")
    assert (came.code, came.stops) == (1, {POLICY})


def test_the_way_out_is_none_for_a_fork(repository: Repository) -> None:
    base(repository)
    came = repository.check(CIRCLECI="true", CIRCLE_PR_NUMBER="3", CIRCLE_PR_REPONAME="x", PLANGATE_OVERRIDE="please")
    assert refused(came, "PLANGATE_OVERRIDE: the change comes from a fork")


def test_the_branch_a_pull_request_is_for_chooses_the_environment(repository: Repository) -> None:
    repository.write(
        "plangate.toml", '[environments.prod]\nbranch = ["main"]\n[environments.dev]\nbranch = ["dev-*"]\n'
    )
    at = repository.commit()
    repository.commit(x="x")
    environ = {**PULL, "GITHUB_HEAD_REF": "dev-1", "GITHUB_BASE_REF": "main"}
    assert repository.check("--trusted-ref", at, **environ).report["settings"]["environment"] == "prod"
    repository.write("plangate.toml", '[environments.dev]\nbranch = ["*"]\nfail_on = "none"\n')
    came = repository.check("--trusted-ref", at, **environ)
    assert (came.code, came.report["settings"]["environment"]) == (1, "prod")
    assert 'environment "prod" would be gone' in came.loosened


# -- a base that has gone on --------------------------------------------------------------------------------------


def test_a_change_that_is_behind_its_base_is_not_blamed_for_it(repository: Repository) -> None:
    repository.write("plangate.toml", 'fail_on = "high"\n')
    repository.commit(**{"policies/names.py": OWN})
    repository.git("checkout", "-q", "-b", "change")
    repository.commit(x="x")
    repository.git("checkout", "-q", "main")
    waived = WAIVER.replace('policy = "*"', f'policy = "{POLICY}"')
    repository.commit(**{"plangate.toml": STRICT + waived})  # a policy and a waiver more
    repository.git("checkout", "-q", "change")
    came = repository.check("--trusted-ref", "main")
    assert (came.code, came.stops, came.loosened) == (1, {"acme/queue-name"}, [])
    assert came.report["settings"]["fail_on"] == "medium"
    repository.write("plangate.toml", 'fail_on = "none"\n')  # what it does touch is compared
    assert "fail_on would be none instead of medium" in repository.check("--trusted-ref", "main").loosened
    repository.git("checkout", "-q", "plangate.toml")
    repository.write("envs/plangate.toml", 'fail_on = "none"\n')
    os.chdir(repository.folder / "envs")
    came = repository.run("check", "../plan.json", "-f", "json", "--trusted-ref", "main")
    assert "fail_on would be none instead of medium" in came.loosened


def test_files_that_settings_name_come_from_the_base(repository: Repository) -> None:
    policy = '{"tags": {"owner": {"tag_key": {"@@assign": "Owner"}, "enforced_for": {"@@assign": ["sqs:queue"]}}}}'
    repository.write("plangate.toml", '[settings."tagging/tag-policy-violated"]\ntag_policy = "org/policy.json"\n')
    repository.commit(**{"org/policy.json": policy})
    repository.write("org/policy.json", "{")
    came = repository.check()
    assert came.code == 1
    assert came.loosened == ["org/policy.json would be another file"]


@pytest.mark.parametrize("more", ["", '[[routes]]\nnotifiers = ["webhook"]\nevent = "failed"\nseverity = "critical"\n'])
def test_the_way_out_is_told_to_everybody_who_is_told_of_failures(repository: Repository, more: str) -> None:
    notifier = '[notifiers.webhook]\nnotify_on = "failure"\n' + more
    repository.write("plangate.toml", notifier)
    at = repository.commit()
    repository.write("plangate.toml", WAIVER + notifier)
    for override, told in (("", False), ("the site is down", True)):
        came = repository.check("--trusted-ref", at, changes=GOOD, PLANGATE_OVERRIDE=override)
        assert came.code == 0
        repository.write("report.json", came.out)
        came = repository.run("notify", "report.json", "--explain", PLANGATE_WEBHOOK_URL="https://hooks.example.com/x")
        assert (": is told" in came.out) is told, came


def test_doctor_looks_at_the_settings_of_the_base(repository: Repository) -> None:
    at = base(repository)
    repository.write("plangate.toml", "= =")
    came = repository.run("doctor", "--trusted-ref", at)
    assert f"ok      settings of {at}: plangate.toml\n" in came.out
    assert "missing" in repository.run("doctor").out
    assert "there is no commit" in repository.run("doctor", "--trusted-ref", "nowhere").out
