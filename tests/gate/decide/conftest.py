"""Repositories with settings files, for the tests that read them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from plangate.decide.load import load
from plangate.errors import UsageError


@pytest.fixture
def write() -> Callable[[Path, str], Path]:
    """Write a file, with the folders it needs."""

    def write(path: Path, text: str) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def root(tmp_path: Path) -> Callable[..., str]:
    """Make `folder` a repository with this `plangate.toml`; gives its path."""

    def root(text: str, folder: Path = tmp_path) -> str:
        (folder / ".git").mkdir(exist_ok=True)
        (folder / "plangate.toml").write_text(text, encoding="utf-8")
        return str(folder)

    return root


@pytest.fixture
def refusal(root: Callable[..., str]) -> Callable[..., str]:
    """The line that a `plangate.toml` is refused with."""

    def refusal(text: str, **options: Any) -> str:
        with pytest.raises(UsageError) as caught:
            load(root(text), **options)
        return caught.value.line()

    return refusal
