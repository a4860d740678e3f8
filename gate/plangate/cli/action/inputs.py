"""The action's inputs: PLANGATE_INPUT_NAME for each, as action.yml puts them into the step's environment."""

from __future__ import annotations

import glob
import os

from plangate.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from plangate.cli.options import Option

PREFIX = "PLANGATE_INPUT_"
_YES = ("true", "yes", "on", "1")
_NO = ("", "false", "no", "off", "0")
# Inputs that are options by name but do not become one as they stand.
_OWN = ("expect", "format", "notify", "no_notify", "trusted_ref", "terraform")


class Inputs:
    """The inputs by name (`fail-on`); a missing one is empty."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._found = {
            name[len(PREFIX) :].lower().replace("_", "-"): value.strip()
            for name, value in environ.items()
            if name.startswith(PREFIX)
        }

    def text(self, name: str) -> str:
        """One line. Raises UsageError for more."""
        value = self._found.get(name, "")
        if "\n" in value:
            raise UsageError("it has more than one line", where=name, fix="give one value")
        return value

    def raw(self, name: str) -> str:
        """All lines."""
        return self._found.get(name, "")

    def lines(self, name: str) -> list[str]:
        """One value a line; blank lines and lines that begin with # do not count."""
        found = [line.strip() for line in self._found.get(name, "").splitlines()]
        return [line for line in found if line and not line.startswith("#")]

    def flag(self, name: str) -> bool:
        """true or false. Raises UsageError for anything else."""
        value = self.text(name).lower()
        if value not in (*_YES, *_NO):
            raise UsageError("it is neither true nor false", where=name, fix="write true or false")
        return value in _YES

    def choice(self, name: str, words: tuple[str, ...]) -> str:
        """One of `words`, the first where nothing is said; yes and no count as true and false. Raises UsageError."""
        value = self.text(name).lower() or words[0]
        value = "true" if value in _YES else "false" if value in _NO else value
        if value not in words:
            raise UsageError(f"it is none of {', '.join(words)}", where=name, fix=f"leave it out for {words[0]}")
        return value

    def files(self, name: str) -> list[str]:
        """Paths, one a line; a pattern stands for the files it matches, in order. What matches nothing stays as it is:
        it will be missed by name."""
        found: list[str] = []
        for line in self.lines(name):
            matched = [] if os.path.exists(line) else sorted(glob.glob(line, recursive=True))
            found += [path for path in matched or [line] if path not in found]
        return found

    def options(self, table: tuple[Option, ...]) -> list[str]:
        """The words of a command line for every input that is an option of a command."""
        words: list[str] = []
        for option in table:
            name = option.name.replace("_", "-")
            if option.name in _OWN:
                continue
            if option.kind == "flag":
                words += [f"--{name}"] if self.flag(name) else []
            elif option.kind == "list":
                words += [f"--{name}={value}" for value in self.lines(name)]
            elif self.text(name):
                words.append(f"--{name}={self.text(name)}")
        return words
