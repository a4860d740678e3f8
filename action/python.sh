#!/usr/bin/env bash
# Find a Python 3.11 or later on the runner and start install.py with it. Nothing is downloaded here.
#
# Its own Python may be named in PLANGATE_PYTHON; otherwise what is on PATH, then what the runner's images keep in the
# tool cache ($RUNNER_TOOL_CACHE/Python/VERSION/ARCH).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# -I: neither the checkout nor the job's environment has a say in what Python imports.
fits() {
    command -v "$1" >/dev/null 2>&1 && "$1" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

candidates=()
if [ -n "${PLANGATE_PYTHON:-}" ]; then
    candidates=("${PLANGATE_PYTHON//\\//}")
else
    candidates=(python3 python python3.14 python3.13 python3.12 python3.11)
    if [ -n "${RUNNER_TOOL_CACHE:-}" ]; then
        shopt -s nullglob
        for found in "${RUNNER_TOOL_CACHE//\\//}"/Python/3.*/*/{bin/python3,python.exe}; do
            candidates+=("$found")
        done
        shopt -u nullglob
    fi
fi

for candidate in "${candidates[@]}"; do
    if fits "$candidate"; then
        exec "$candidate" -I -X utf8 "$here/install.py" "$@"
    fi
done

echo "::error title=plangate::no Python 3.11 or later on this runner: add actions/setup-python before this step, or name one in the input python"
exit 2
