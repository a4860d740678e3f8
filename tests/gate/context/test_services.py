"""Each CI service by an environment as it sets it; sources stand in context/ci.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plangate.context import ci
from plangate.context.facts import FACTS
from plangate.context.run import facts
from plangate.errors import UsageError

SHA = "9fceb02d0ae598e95dc970b74767f19372d61af8"
MERGE = "1111111111111111111111111111111111111111"
BASE = "2222222222222222222222222222222222222222"

GITHUB = {
    "CI": "true",
    "GITHUB_ACTIONS": "true",
    "GITHUB_REPOSITORY": "acme/infra",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_RUN_ID": "1658821493",
    "GITHUB_RUN_ATTEMPT": "2",
    "GITHUB_WORKFLOW": "terraform",
    "GITHUB_ACTOR": "mona",
    "GITHUB_TRIGGERING_ACTOR": "hubot",
}
PULL = {
    **GITHUB,
    "GITHUB_EVENT_NAME": "pull_request",
    "GITHUB_SHA": MERGE,
    "GITHUB_REF": "refs/pull/42/merge",
    "GITHUB_REF_NAME": "42/merge",
    "GITHUB_HEAD_REF": "feature/x",
    "GITHUB_BASE_REF": "main",
}


def pull(head: str | None = "acme/infra") -> dict[str, Any]:
    return {
        "action": "synchronize",
        "number": 42,
        "pull_request": {
            "number": 42,
            "html_url": "https://github.com/acme/infra/pull/42",
            "title": "${jndi:ldap://x} `$(id)` </script>",
            "head": {"sha": SHA, "ref": "feature/x", "repo": head and {"full_name": head}},
            "base": {"sha": BASE, "ref": "main", "repo": {"full_name": "acme/infra"}},
        },
    }


def known(environ: dict[str, str], folder: Path, *given: str) -> dict[str, Any]:
    """The facts that are known."""
    return {name: value for name, value in facts(environ, str(folder), given).items() if value is not None}


@pytest.fixture
def event(tmp_path: Path) -> Any:
    def write(content: Any) -> str:
        path = tmp_path / "event.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return str(path)

    return write


def test_github_pull_request_is_its_head_and_no_merge_commit(tmp_path: Path, event: Any) -> None:
    assert known({**PULL, "GITHUB_EVENT_PATH": event(pull())}, tmp_path) == {
        "ci": "github",
        "repository": "acme/infra",
        "commit": SHA,
        "ref": "feature/x",
        "base_ref": "main",
        "base_commit": BASE,
        "pull_request": "42",
        "pull_request_url": "https://github.com/acme/infra/pull/42",
        "url": "https://github.com/acme/infra/actions/runs/1658821493/attempts/2",
        "actor": "hubot",
        "workflow": "terraform",
        "server": "https://github.com",
        "fork": False,
    }


@pytest.mark.parametrize("head", ["mallory/infra", None])
def test_github_fork(tmp_path: Path, event: Any, head: str | None) -> None:
    assert known({**PULL, "GITHUB_EVENT_PATH": event(pull(head))}, tmp_path)["fork"] is True


def test_github_pull_request_target_runs_on_the_base_and_is_about_the_head(tmp_path: Path, event: Any) -> None:
    environ = {
        **GITHUB,
        "GITHUB_EVENT_NAME": "pull_request_target",
        "GITHUB_SHA": BASE,
        "GITHUB_REF": "refs/heads/main",
        "GITHUB_REF_NAME": "main",
        "GITHUB_HEAD_REF": "feature/x",
        "GITHUB_BASE_REF": "main",
        "GITHUB_EVENT_PATH": event(pull("mallory/infra")),
    }
    found = known(environ, tmp_path)
    assert (found["commit"], found["pull_request"], found["fork"]) == (SHA, "42", True)


def test_github_after_another_workflow(tmp_path: Path, event: Any) -> None:
    given = {
        "workflow_run": {
            "head_sha": SHA,
            "head_branch": "feature/x",
            "pull_requests": [],
            "repository": {"full_name": "acme/infra"},
            "head_repository": {"full_name": "mallory/infra"},
        }
    }
    environ = {**GITHUB, "GITHUB_EVENT_NAME": "workflow_run", "GITHUB_SHA": BASE, "GITHUB_REF": "refs/heads/main"}
    found = known({**environ, "GITHUB_EVENT_PATH": event(given)}, tmp_path)
    assert (found["commit"], found["ref"], found["fork"]) == (SHA, "feature/x", True)
    assert "pull_request" not in found


def test_github_push(tmp_path: Path) -> None:
    environ = {
        **GITHUB,
        "GITHUB_EVENT_NAME": "push",
        "GITHUB_SHA": SHA,
        "GITHUB_REF": "refs/heads/main",
        "GITHUB_REF_NAME": "main",
        "GITHUB_HEAD_REF": "",
        "GITHUB_BASE_REF": "",
    }
    found = known(environ, tmp_path)
    assert (found["commit"], found["ref"]) == (SHA, "main")
    assert not {"pull_request", "pull_request_url", "base_ref"} & set(found)


@pytest.mark.parametrize("broken", ["", "{", "[1]", '{"pull_request": 3, "number": {}}', "[" * 100_000])
def test_github_event_file_that_is_none_leaves_what_the_variables_say(tmp_path: Path, event: Any, broken: str) -> None:
    found = known({**PULL, "GITHUB_EVENT_PATH": event(broken)}, tmp_path)
    assert (found["pull_request"], found["base_ref"]) == ("42", "main")


# name: (environment, what is known of it besides `ci`)
OTHERS: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "codebuild": (
        {
            "CI": "true",
            "CODEBUILD_CI": "true",
            "CODEBUILD_BUILD_ID": "infra-plan:b1e6661e-e4f2-4156-9ab9-82a19EXAMPLE",
            "CODEBUILD_INITIATOR": "GitHub-Hookshot/0bb2d3b",
            "CODEBUILD_SOURCE_REPO_URL": "https://github.com/acme/infra.git",
            "CODEBUILD_SOURCE_VERSION": "pr/7",
            "CODEBUILD_RESOLVED_SOURCE_VERSION": SHA,
            "CODEBUILD_WEBHOOK_TRIGGER": "pr/7",
            "CODEBUILD_WEBHOOK_HEAD_REF": "refs/heads/feature/x",
            "CODEBUILD_WEBHOOK_BASE_REF": "refs/heads/main",
            "CODEBUILD_BUILD_URL": "https://eu-west-1.console.aws.amazon.com/codebuild/home?region=eu-west-1#/builds/x",
        },
        {
            "repository": "acme/infra",
            "commit": SHA,
            "ref": "feature/x",
            "base_ref": "main",
            "pull_request": "7",
            "url": "https://eu-west-1.console.aws.amazon.com/codebuild/home?region=eu-west-1#/builds/x",
            "actor": "GitHub-Hookshot/0bb2d3b",
            "workflow": "infra-plan",
        },
    ),
    "codepipeline": (
        {
            "CODEBUILD_BUILD_ID": "infra-gate:aaaa",
            "CODEBUILD_INITIATOR": "codepipeline/infra",
            "CODEBUILD_SOURCE_VERSION": "arn:aws:s3:::codepipeline-eu-west-1-1/infra/src/abc",
            "CODEBUILD_RESOLVED_SOURCE_VERSION": SHA,
            "CODEBUILD_BUILD_URL": "https://console.aws.amazon.com/codebuild/x",
        },
        {
            "commit": SHA,
            "url": "https://console.aws.amazon.com/codebuild/x",
            "actor": "codepipeline/infra",
            "workflow": "infra",
        },
    ),
    "gitlab": (
        {
            "CI": "true",
            "GITLAB_CI": "true",
            "CI_SERVER_URL": "https://gitlab.example.com",
            "CI_PROJECT_PATH": "acme/platform/infra",
            "CI_COMMIT_SHA": MERGE,
            "CI_COMMIT_REF_NAME": "refs/merge-requests/3/merge",
            "CI_MERGE_REQUEST_IID": "3",
            "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "feature/x",
            "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": SHA,
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
            "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": BASE,
            "CI_MERGE_REQUEST_PROJECT_PATH": "acme/platform/infra",
            "CI_MERGE_REQUEST_PROJECT_URL": "https://gitlab.example.com/acme/platform/infra",
            "CI_MERGE_REQUEST_SOURCE_PROJECT_PATH": "mallory/infra",
            "CI_JOB_URL": "https://gitlab.example.com/acme/platform/infra/-/jobs/9",
            "CI_JOB_NAME": "gate",
            "GITLAB_USER_LOGIN": "jane",
        },
        {
            "repository": "acme/platform/infra",
            "commit": SHA,
            "ref": "feature/x",
            "base_ref": "main",
            "base_commit": BASE,
            "pull_request": "3",
            "pull_request_url": "https://gitlab.example.com/acme/platform/infra/-/merge_requests/3",
            "url": "https://gitlab.example.com/acme/platform/infra/-/jobs/9",
            "actor": "jane",
            "workflow": "gate",
            "server": "https://gitlab.example.com",
            "fork": True,
        },
    ),
    "jenkins": (
        {
            "JENKINS_URL": "https://ci.example.com/",
            "EXECUTOR_NUMBER": "1",
            "BUILD_NUMBER": "153",
            "JOB_NAME": "infra/PR-12",
            "BRANCH_NAME": "PR-12",
            "CHANGE_ID": "12",
            "CHANGE_BRANCH": "feature/x",
            "CHANGE_TARGET": "main",
            "CHANGE_URL": "https://git.example.com/acme/infra/pulls/12",
            "CHANGE_AUTHOR": "jane",
            "CHANGE_FORK": "mallory",
            "GIT_URL": "git@git.example.com:acme/infra.git",
            "GIT_COMMIT": SHA,
            "BUILD_URL": "https://ci.example.com/job/infra/153/",
            "WORKSPACE": "/var/jenkins/ws",
        },
        {
            "repository": "acme/infra",
            "commit": SHA,
            "ref": "feature/x",
            "base_ref": "main",
            "pull_request": "12",
            "pull_request_url": "https://git.example.com/acme/infra/pulls/12",
            "url": "https://ci.example.com/job/infra/153/",
            "actor": "jane",
            "workflow": "infra/PR-12",
            "server": "https://ci.example.com/",
            "fork": True,
        },
    ),
    "circleci": (
        {
            "CI": "true",
            "CIRCLECI": "true",
            "CIRCLE_PROJECT_USERNAME": "acme",
            "CIRCLE_PROJECT_REPONAME": "infra",
            "CIRCLE_SHA1": SHA,
            "CIRCLE_BRANCH": "feature/x",
            "CIRCLE_PULL_REQUEST": "https://github.com/acme/infra/pull/12",
            "CIRCLE_BUILD_URL": "https://circleci.com/gh/acme/infra/77",
            "CIRCLE_USERNAME": "jane",
            "CIRCLE_JOB": "gate",
        },
        {
            "repository": "acme/infra",
            "commit": SHA,
            "ref": "feature/x",
            "pull_request": "12",
            "pull_request_url": "https://github.com/acme/infra/pull/12",
            "url": "https://circleci.com/gh/acme/infra/77",
            "actor": "jane",
            "workflow": "gate",
        },
    ),
    "azure": (
        {
            "TF_BUILD": "True",
            "BUILD_REPOSITORY_NAME": "infra",
            "BUILD_SOURCEVERSION": MERGE,
            "BUILD_SOURCEBRANCH": "refs/pull/12/merge",
            "SYSTEM_PULLREQUEST_PULLREQUESTID": "12",
            "SYSTEM_PULLREQUEST_SOURCEBRANCH": "refs/heads/feature/x",
            "SYSTEM_PULLREQUEST_SOURCECOMMITID": SHA,
            "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main",
            "SYSTEM_PULLREQUEST_ISFORK": "False",
            "SYSTEM_COLLECTIONURI": "https://dev.azure.com/acme/",
            "SYSTEM_TEAMPROJECT": "Cloud Platform",
            "BUILD_BUILDID": "99",
            "BUILD_REQUESTEDFOR": "Jane Doe",
            "BUILD_DEFINITIONNAME": "infra-gate",
        },
        {
            "repository": "infra",
            "commit": SHA,
            "ref": "feature/x",
            "base_ref": "main",
            "pull_request": "12",
            "url": "https://dev.azure.com/acme/Cloud%20Platform/_build/results?buildId=99",
            "actor": "Jane Doe",
            "workflow": "infra-gate",
            "server": "https://dev.azure.com/acme/",
        },
    ),
    "bitbucket": (
        {
            "CI": "true",
            "BITBUCKET_BUILD_NUMBER": "5",
            "BITBUCKET_REPO_FULL_NAME": "acme/infra",
            "BITBUCKET_COMMIT": SHA,
            "BITBUCKET_BRANCH": "feature/x",
            "BITBUCKET_PR_ID": "12",
            "BITBUCKET_PR_DESTINATION_BRANCH": "main",
            "BITBUCKET_STEP_TRIGGERER_UUID": "{c1a2}",
        },
        {
            "repository": "acme/infra",
            "commit": SHA,
            "ref": "feature/x",
            "base_ref": "main",
            "pull_request": "12",
            "pull_request_url": "https://bitbucket.org/acme/infra/pull-requests/12",
            "url": "https://bitbucket.org/acme/infra/pipelines/results/5",
            "actor": "{c1a2}",
        },
    ),
    "buildkite": (
        {
            "CI": "true",
            "BUILDKITE": "true",
            "BUILDKITE_REPO": "git@github.com:acme/infra.git",
            "BUILDKITE_COMMIT": SHA,
            "BUILDKITE_BRANCH": "mallory:feature/x",
            "BUILDKITE_PULL_REQUEST": "12",
            "BUILDKITE_PULL_REQUEST_BASE_BRANCH": "main",
            "BUILDKITE_PULL_REQUEST_REPO": "git@github.com:mallory/infra.git",
            "BUILDKITE_BUILD_URL": "https://buildkite.com/acme/infra/builds/5",
            "BUILDKITE_JOB_ID": "d593f546",
            "BUILDKITE_BUILD_CREATOR": "Jane",
            "BUILDKITE_PIPELINE_SLUG": "infra",
        },
        {
            "repository": "acme/infra",
            "commit": SHA,
            "ref": "mallory:feature/x",
            "base_ref": "main",
            "pull_request": "12",
            "url": "https://buildkite.com/acme/infra/builds/5#d593f546",
            "actor": "Jane",
            "workflow": "infra",
            "fork": True,
        },
    ),
    "hcp-terraform": (
        {
            "TFC_RUN_ID": "run-1",
            "TFC_WORKSPACE_NAME": "prod-app-front-end",
            "TFC_WORKSPACE_SLUG": "acme/prod-app-front-end",
            "TFC_CONFIGURATION_VERSION_GIT_BRANCH": "main",
            "TFC_CONFIGURATION_VERSION_GIT_COMMIT_SHA": SHA,
        },
        {
            "commit": SHA,
            "ref": "main",
            "workflow": "acme/prod-app-front-end",
            "workspace": "prod-app-front-end",
        },
    ),
    "atlantis": (
        {
            "ATLANTIS_TERRAFORM_VERSION": "1.11.4",
            "BASE_REPO_OWNER": "acme",
            "BASE_REPO_NAME": "infra",
            "BASE_BRANCH_NAME": "main",
            "HEAD_REPO_OWNER": "mallory",
            "HEAD_REPO_NAME": "infra",
            "HEAD_BRANCH_NAME": "feature/x",
            "HEAD_COMMIT": SHA,
            "PULL_NUM": "12",
            "PULL_URL": "https://github.com/acme/infra/pull/12",
            "USER_NAME": "jane",
            "PROJECT_NAME": "prod",
            "REPO_REL_DIR": "envs/prod",
            "WORKSPACE": "staging",
        },
        {
            "repository": "acme/infra",
            "commit": SHA,
            "ref": "feature/x",
            "base_ref": "main",
            "pull_request": "12",
            "pull_request_url": "https://github.com/acme/infra/pull/12",
            "actor": "jane",
            "workflow": "prod",
            "workspace": "staging",
            "root": "envs/prod",
            "fork": True,
        },
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_service(name: str, tmp_path: Path) -> None:
    environ, expected = OTHERS[name]
    assert known(environ, tmp_path) == {"ci": name, "fork": False, **expected}


def test_every_service_of_the_table_has_a_test_and_a_source() -> None:
    rows = ci.services()
    assert {row["ci"] for row in rows} == {"github", *OTHERS}
    for row in rows:
        assert row["sources"]
        assert all(source.startswith("https://") for source in row["sources"])
        assert set(row) <= {"ci", "title", "sources", "when", "fork", *FACTS}


def test_outside_of_a_pull_request_nothing_is_said_of_one(tmp_path: Path) -> None:
    environ = {**OTHERS["buildkite"][0], "BUILDKITE_PULL_REQUEST": "false", "BUILDKITE_PULL_REQUEST_REPO": ""}
    found = known(environ, tmp_path)
    assert found["fork"] is False
    assert not {"pull_request", "base_ref"} & set(found)
    environ = {**OTHERS["codebuild"][0], "CODEBUILD_WEBHOOK_TRIGGER": "branch/main", "CODEBUILD_SOURCE_VERSION": SHA}
    del environ["CODEBUILD_WEBHOOK_HEAD_REF"]
    assert known(environ, tmp_path)["ref"] == "main"


def test_actions_on_a_codebuild_runner_are_github(tmp_path: Path) -> None:
    assert known({**OTHERS["codebuild"][0], **GITHUB, "GITHUB_SHA": SHA}, tmp_path)["ci"] == "github"


def test_what_is_written_beats_what_is_found(tmp_path: Path) -> None:
    environ = {**OTHERS["codepipeline"][0], "PLANGATE_RUN_REPOSITORY": "acme/infra", "PLANGATE_RUN_REF": "main"}
    found = known(environ, tmp_path, "ref=refs/heads/release", "pull-request=pr/9", "root=./envs/prod/", "actor=")
    assert found["repository"] == "acme/infra"
    assert (found["ref"], found["pull_request"], found["root"]) == ("release", "9", "envs/prod")
    assert "actor" not in found


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("comit=abc", 'did you mean "commit"'),
        ("commit", "is no KEY=VALUE"),
        ("commit=main", "this is no commit"),
        ("root=../elsewhere", "this is no root"),
        ("root=/etc", "this is no root"),
        ("url=javascript:alert(1)", "this is no url"),
        ("pull_request=the first", "this is no pull_request"),
    ],
)
def test_a_wrong_fact_is_refused(tmp_path: Path, given: str, said: str) -> None:
    with pytest.raises(UsageError, match="--run") as error:
        facts({}, str(tmp_path), (given,))
    assert said in error.value.line()
    if "=" in given:
        key, _, value = given.partition("=")
        with pytest.raises(UsageError, match="PLANGATE_RUN_"):
            facts({f"PLANGATE_RUN_{key.upper()}": value}, str(tmp_path))
