#!/bin/sh
# Install plangate for a CodeBuild job: on hashicorp/terraform (Alpine, without Python) and on AWS' standard images.
#   sh -eu install.sh        leaves $HOME/plangate/bin/plangate; Terraform too, where the image has none
set -eu

REQUIREMENT=${PLANGATE_REQUIREMENT:-plangate==0.1.0}
TARGET=${PLANGATE_HOME:-$HOME/plangate}
here=$(cd "$(dirname "$0")" && pwd)

fits() { command -v "$1" >/dev/null 2>&1 && "$1" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    for candidate in python3 "$HOME"/.pyenv/versions/3.1[1-9]*/bin/python3 python3.14 python3.13 python3.12 python3.11; do
        if fits "$candidate"; then command -v "$candidate"; return; fi
    done
}

python=$(find_python)
if [ -z "$python" ]; then
    if command -v apk >/dev/null 2>&1; then apk add --no-cache --quiet python3 py3-pip
    elif command -v dnf >/dev/null 2>&1; then dnf install --quiet --assumeyes python3.12
    elif command -v apt-get >/dev/null 2>&1; then apt-get update -qq && apt-get install -qq -y python3 python3-venv >/dev/null
    fi
    python=$(find_python)
fi
[ -n "$python" ] || { echo "install.sh: no Python 3.11 or later, and no way to install one" >&2; exit 1; }

"$python" -m venv "$TARGET"
# With a file plangate.lock beside this one (`uv pip compile --universal --generate-hashes`) every package is checked.
if [ -e "$here/plangate.lock" ]; then
    "$TARGET/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes \
        --requirement "$here/plangate.lock"
else
    "$TARGET/bin/python" -m pip install --quiet --disable-pip-version-check --prefer-binary "$REQUIREMENT"
fi
"$TARGET/bin/plangate" --version

# The standard images have no Terraform. The digest is of releases.hashicorp.com/terraform/1.11.4, linux_amd64.
if ! command -v "${TERRAFORM:-terraform}" >/dev/null 2>&1; then
    version=${TERRAFORM_VERSION:-1.11.4}
    digest=${TERRAFORM_SHA256:-1ce994251c00281d6845f0f268637ba50c0005657eb3cf096b92f753b42ef4dc}
    curl --fail --silent --show-error --location --output /tmp/terraform.zip \
        "https://releases.hashicorp.com/terraform/$version/terraform_${version}_linux_amd64.zip"
    echo "$digest  /tmp/terraform.zip" | sha256sum -c -
    "$python" -c 'import sys, zipfile; zipfile.ZipFile("/tmp/terraform.zip").extract("terraform", sys.argv[1])' "$TARGET/bin"
    chmod 755 "$TARGET/bin/terraform"
fi
