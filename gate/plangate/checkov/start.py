"""Start a process in Checkov's environment."""

from __future__ import annotations

import os
import shutil

from plangate.policy.talk import Talk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Only the rooms named are plangate's there: nothing of its other dependencies is, or is wanted.
_START = """\
import sys, types
package = types.ModuleType("plangate")
package.__path__ = [{here!r}]
sys.modules["plangate"] = package
from plangate.checkov.inside.{module} import main
main()
"""


def command(python: str, module: str, *arguments: str) -> list[str]:
    """The command line that runs `plangate.checkov.inside.MODULE` in an environment, isolated from all others."""
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return [python, "-I", "-X", "utf8", "-c", _START.format(here=here, module=module), *arguments]


class Empty:
    """An empty folder, for a home and a working directory; gone afterwards with all that was put there."""

    def __init__(self) -> None:
        from tempfile import mkdtemp

        self.path = mkdtemp(prefix="plangate-checkov-")

    def remove(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)


class Process:
    """Checkov's process, started and told what to do; see policy.talk.Talk for what it says."""

    def __init__(self, python: str, request: dict[str, Any], data: bytes, environ: dict[str, str]) -> None:
        self._folder = Empty()
        try:
            self.talk = Talk(request, data, environ, command(python, "main"), self._folder.path)
        except BaseException:
            self._folder.remove()
            raise

    def end(self) -> None:
        """End it, with everything that it started."""
        self.talk.kill()
        self._folder.remove()
