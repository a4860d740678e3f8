"""The settings of a run: the defaults at once, or what the files say."""

from __future__ import annotations

import os

from plangate.decide.find import NAME, find
from plangate.decide.settings import Settings
from plangate.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def load(
    cwd: str,
    *,
    config: str | None = None,
    env_name: str | None = None,
    require: bool = False,
    facts: Mapping[str, str | None] | None = None,
    home: str | None = None,
) -> Settings:
    """What holds in `cwd` (absolute).

    `config` is the file to read instead of the nearest one, `env_name` the environment by name, else
    it is chosen by `facts` (`workspace`, `path` of the plan, `branch`; None where not known). `require`
    makes no file an error. Raises UsageError for whatever is wrong with the files, by file and line.
    """
    if env_name is not None and not env_name.strip():
        raise UsageError("the name of the environment is blank", where="--env")
    if config == "":
        raise UsageError("the path of the settings is blank", where="--config")
    path = os.path.join(cwd, config) if config else find(cwd, home)
    if path is None:
        if require:
            raise UsageError(
                f"no {NAME} from {cwd} up to the root of the repository, and --require-config asks for one",
                fix="write one, or give it with --config FILE",
            )
        return Settings(environment=env_name, origins={"environment": "--env"} if env_name else {})
    from plangate.decide.settings_build import build

    return build(os.path.abspath(path), cwd=cwd, env_name=env_name, facts=facts or {})
