"""What `plangate doctor` finds on the machine and in the job."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ..notifiers.server import Answer, Server  # noqa: TID252 - the tests are no package
from .composite import SOURCES


def doctor(folder: Path, path: Path, **env: str) -> tuple[int, str]:
    kept = {name: os.environ[name] for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "plangate", "doctor"],
        cwd=folder,
        env={**kept, "PYTHONPATH": SOURCES, "PATH": f"{path}:/usr/bin:/bin", **env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


def tool(tools: Path, name: str, script: str) -> None:
    (tools / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (tools / name).chmod(0o755)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("""echo '{"terraform_version": "1.11.4"}'""", "ok      terraform 1.11.4"),
        ("""echo '{"terraform_version": "1.5.7"}'""", "note    terraform 1.5.7: its plans do not say"),
        ("""echo '[command]terraform-bin'; echo '{"terraform_version": "1.11.4"}'""", "terraform_wrapper: false"),
        ("echo no", "missing terraform: it does not say its version"),
        ("exit 1", "missing terraform: it does not say its version"),
    ],
)
def test_terraform_its_version_and_its_wrapper(tmp_path: Path, tools: Path, script: str, said: str) -> None:
    tool(tools, "terraform", script)
    code, out = doctor(tmp_path, tools)
    assert said in out
    assert code == int("missing" in out)


def test_the_wrapper_is_known_by_what_lies_beside_it(tmp_path: Path, tools: Path) -> None:
    for name in ("tofu", "tofu-bin"):
        tool(tools, name, """echo '{"terraform_version": "1.9.0"}'""")
    assert "tofu_wrapper: false" in doctor(tmp_path, tools, TOFU_CLI_PATH=str(tools))[1]


def test_a_settings_file_of_terraform_that_is_not_there(tmp_path: Path, tools: Path) -> None:
    code, out = doctor(tmp_path, tools, TF_CLI_CONFIG_FILE=str(tmp_path / "no"))
    assert code == 1
    assert "TF_CLI_CONFIG_FILE" in out


def test_checkov_that_the_settings_want(tmp_path: Path, tools: Path) -> None:
    assert "note    Checkov is not installed" in doctor(tmp_path, tools)[1]
    (tmp_path / "plangate.toml").write_text('[checkov]\nmode = "required"\n', encoding="utf-8")
    code, out = doctor(tmp_path, tools)
    assert (code, "missing Checkov" in out) == (1, True)


def test_checkov_in_an_environment_of_ones_own(tmp_path: Path, tools: Path) -> None:
    (tmp_path / "plangate.toml").write_text('[checkov]\nmode = "required"\n', encoding="utf-8")
    code, out = doctor(tmp_path, tools, PLANGATE_CHECKOV_PYTHON=sys.executable)
    assert (code, "the environment that PLANGATE_CHECKOV_PYTHON names" in out) == (0, True)
    code, out = doctor(tmp_path, tools, PLANGATE_CHECKOV_PYTHON=str(tmp_path / "no"))
    assert (code, "missing Checkov: there is no Python" in out) == (1, True)


def test_the_hook(tmp_path: Path, tools: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    assert "plangate init pre-push" in doctor(tmp_path, tools)[1]
    hook = tmp_path / ".git/hooks/pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexec plangate pre-push\n", encoding="utf-8")
    assert "git asks plangate" in doctor(tmp_path, tools)[1]
    hook.write_text("#!/bin/sh\n# pre-commit\n", encoding="utf-8")
    assert "plangate init pre-push" in doctor(tmp_path, tools)[1]
    (tmp_path / ".pre-commit-config.yaml").write_text("repos: [{hooks: [{id: plangate}]}]\n", encoding="utf-8")
    assert "git asks plangate" in doctor(tmp_path, tools)[1]


@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [
        (Answer(200, {}), 0, "ok      GITHUB_TOKEN"),
        (Answer(200, {}, {"X-OAuth-Scopes": "repo, gist"}), 0, "may comment"),
        (Answer(200, {}, {"X-OAuth-Scopes": "gist"}), 1, "lacks the scope repo"),
        (Answer(401, {"message": "Bad credentials"}), 1, "does not know it"),
        (Answer(404, {}), 1, "may not see acme/infra (404)"),
    ],
)
def test_what_the_token_may_do(tmp_path: Path, tools: Path, answer: Answer, code: int, said: str) -> None:
    with Server() as server:
        server.usual = answer
        env = {
            "GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "acme/infra", "GITHUB_TOKEN": "ghs_nobodySeesThis",
            "GITHUB_API_URL": server.url, "PLANGATE_ALLOW_INSECURE": "1",
        }  # fmt: skip
        ended, out = doctor(tmp_path, tools, **env)
        assert server.requests[0].path == "/repos/acme/infra"
    assert said in out
    assert ended == code
    assert "ghs_nobodySeesThis" not in out


def test_a_step_without_a_token(tmp_path: Path, tools: Path) -> None:
    out = doctor(tmp_path, tools, GITHUB_ACTIONS="true", GITHUB_REPOSITORY="acme/infra")[1]
    assert "pull-requests: write" in out
