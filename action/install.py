"""Install plangate from this checkout, for the action: `install.py locate`, then `install.py install`.

`locate` tells GITHUB_OUTPUT where wheels are kept and under which key they may be cached. `install` makes a virtual
environment from locks/runtime.lock: every wheel is checked against its hash there, whether it comes from the cache or
from the package index, so a cache that was tampered with is a failed step and no foreign code. Then plangate itself is
built from the files beside this one, without a network.

Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "locks" / "runtime.lock"
CHECKOV = ROOT / "gate" / "plangate" / "checkov" / "checkov.lock"


def temp() -> Path:
    """The job's own folder: it is emptied before and after each job."""
    return Path(os.environ["RUNNER_TEMP"])


def locate() -> None:
    """Where things are and what they are called."""
    python = f"{sys.implementation.name}-{sys.version_info[0]}.{sys.version_info[1]}"
    system = f"{os.environ.get('RUNNER_OS', sys.platform)}-{os.environ.get('RUNNER_ARCH', '')}"
    tell(
        {
            "python": Path(sys.executable).as_posix(),  # bash runs it, on Windows too
            "wheels": str(temp() / "plangate-wheels"),
            "key": f"plangate-{system}-{python}-{digest(LOCK)}",
            "checkov-cache": str(temp() / "plangate-cache"),
            "checkov-key": f"plangate-checkov-{system}-{python}.{sys.version_info[2]}-{digest(CHECKOV)}",
        }
    )


def install() -> None:
    """The environment in RUNNER_TEMP, made once a job."""
    began = time.monotonic()
    folder, wheels = temp() / "plangate-venv", temp() / "plangate-wheels"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    done = folder / "plangate-is-installed"
    stamp = f"{ROOT}\n{digest(LOCK)}\n"
    if not (done.is_file() and done.read_text(encoding="utf-8") == stamp):
        shutil.rmtree(folder, ignore_errors=True)
        run(sys.executable, "-I", "-m", "venv", str(folder))
        pip = (str(python), "-I", "-m", "pip", "--disable-pip-version-check", "--quiet", "--no-input")
        locked = ("--require-hashes", "--only-binary", ":all:", "--requirement", str(LOCK))
        cached = wheels.is_dir() and any(wheels.iterdir())
        if not cached:
            wheels.mkdir(parents=True, exist_ok=True)
            run(*pip, "download", *locked, "--dest", str(wheels))
        own = ("--no-index", "--find-links", str(wheels))
        run(*pip, "install", "--no-compile", *own, *locked)
        run(*pip, "install", "--no-index", "--no-deps", "--no-build-isolation", str(ROOT))
        done.write_text(stamp, encoding="utf-8")
        where = "the cache" if cached else "the package index"
        print(f"plangate is installed, its dependencies from {where} ({time.monotonic() - began:.1f} s)")
    tell({"program": python.as_posix()})


def digest(path: Path) -> str:
    """Of a file, short enough for a name."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:32]


def run(*command: str) -> None:
    """Run it; of the variables of pip and Python it is given those of PIP alone."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "PYTHON")) or k in PIP}
    subprocess.run(command, check=True, env=kept, cwd=temp())


# What may say where the package index is, and how to reach it: what comes from it is checked by its hash.
PIP = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_TRUSTED_HOST", "PIP_CERT", "PIP_PROXY", "PIP_CONFIG_FILE",
       "PIP_FIND_LINKS", "PIP_TIMEOUT", "PIP_RETRIES")  # fmt: skip


def tell(outputs: dict[str, str]) -> None:
    """Write outputs of the step; none of them holds a line break."""
    with open(os.environ["GITHUB_OUTPUT"], "a", encoding="utf-8", newline="\n") as file:
        for name, value in outputs.items():
            if "\n" in value or "\r" in value:
                raise SystemExit(f"{name} holds a line break")
            file.write(f"{name}={value}\n")


if __name__ == "__main__":
    try:
        {"locate": locate, "install": install}[sys.argv[1]]()
    except subprocess.CalledProcessError as error:
        step = " ".join(word for word in error.cmd[:9] if not word.startswith("-"))
        print(f"::error title=plangate::it could not be installed ({Path(step.split()[0]).name} ended with "
              f"{error.returncode}): the log says why")  # fmt: skip
        raise SystemExit(2) from None
