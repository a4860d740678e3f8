"""The program's edges as one value: streams, environment, what kind of terminal it talks to."""

from __future__ import annotations

from plangate.render.inert import terminal as inert

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO, TextIO

    from plangate.errors import PlangateError


class Streams:
    """stdin (bytes), stdout and stderr (text), and the environment."""

    def __init__(self, input: BinaryIO, out: TextIO, err: TextIO, environ: dict[str, str]) -> None:
        self.input, self.out, self.err, self.environ = input, out, err, environ
        self.terminal = out.isatty()
        self.color = self.terminal and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"
        self._err_terminal = err.isatty()
        self._shown = False
        self.verdict = 5  # the exit code, once it is known

    @property
    def columns(self) -> int:
        """The width of the terminal, 80 where it does not say; 100 elsewhere."""
        if not self.terminal:
            return 100
        import os

        try:
            return os.get_terminal_size(self.out.fileno()).columns or 80  # 0: a terminal that nobody looks at
        except (OSError, ValueError):
            return 80

    def error(self, error: PlangateError) -> None:
        """One line on stderr."""
        self.say(f"plangate: {inert(error.line())}")

    def progress(self, text: str) -> None:
        """What is going on, on a terminal only; overwritten by what comes next."""
        if self._err_terminal:
            self._write(f"\r\x1b[K{inert(text)}")
            self._shown = True

    def say(self, line: str) -> None:
        """A line on stderr."""
        self.clear()
        self._write(line + "\n")

    def clear(self) -> None:
        """Take the progress line away."""
        if self._shown:
            self._write("\r\x1b[K")
            self._shown = False

    def _write(self, text: str) -> None:
        try:
            self.err.write(text)
            self.err.flush()
        except (OSError, ValueError):
            pass  # nobody listens; the exit code still says it
        except UnicodeEncodeError:
            self.err.write(text.encode("ascii", "backslashreplace").decode("ascii"))
