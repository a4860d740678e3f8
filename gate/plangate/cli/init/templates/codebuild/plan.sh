#!/bin/sh
# Plan and judge in one script: whatever fails ends it, and no later phase has a plan file to apply.
#   sh -eu plan.sh           TF_ROOT  the root module (default .)      TF_DESTROY=1  plan the destruction
#                            PLANGATE_OUT  where results go (default plangate-out)
# Leaves there report.json, report.html, junit.xml, message, digest - and tfplan only when the gate let it pass.
set -eu

root=${TF_ROOT:-.}
terraform=${TERRAFORM:-terraform}
PATH=${PLANGATE_HOME:-$HOME/plangate}/bin:$PATH
export PATH TF_IN_AUTOMATION=1 TF_INPUT=0

mkdir -p "${PLANGATE_OUT:-plangate-out}"
out=$(cd "${PLANGATE_OUT:-plangate-out}" && pwd)
rm -f "$out/tfplan" "$out/report.json" "$out/message" "$out/digest" "$root/tfplan"

# A plan that fails is judged, too: there is none, so the verdict is an error, and that is reported and told.
# A plan runs code of the change (providers, external data sources): it is not handed what only messages need.
tf() { env -u SLACK_WEBHOOK_URL -u SLACK_BOT_TOKEN -u TEAMS_WEBHOOK_URL -u GITHUB_TOKEN "$terraform" -chdir="$root" "$@"; }
if tf init -no-color && tf plan -no-color ${TF_DESTROY:+-destroy} -out=tfplan; then :; else
    rm -f "$root/tfplan"
fi

set -- "$root/tfplan" --chdir "$root" --terraform "$terraform"
[ -z "${PLANGATE_NOTIFY:-}" ] || set -- "$@" --notify
[ -z "${PLANGATE_ENV:-}" ] || set -- "$@" --env "$PLANGATE_ENV"
# A pull request does not bring the settings that judge it. CodePipeline hands over no repository: there the branch that
# the pipeline builds is the trusted one.
case ${CODEBUILD_WEBHOOK_EVENT:-} in
PULL_REQUEST_*) [ ! -e "${CODEBUILD_SRC_DIR:-.}/.git" ] || set -- "$@" --trusted-ref "${CODEBUILD_WEBHOOK_BASE_REF#refs/heads/}" ;;
esac

code=0
plangate check "$@" -f text -f "json=$out/report.json" -f "html=$out/report.html" -f "junit=$out/junit.xml" || code=$?

# For the manual approval: words and numbers of our own, nothing of the plan (its field takes 1,000 characters).
python3=${PLANGATE_HOME:-$HOME/plangate}/bin/python
"$python3" - "$out" "$code" <<'PYTHON'
import json, os, sys
out, code = sys.argv[1:]
line, digest = f"plangate: ERROR (exit {code}): nothing was judged", ""
try:
    with open(os.path.join(out, "report.json"), encoding="utf-8") as file:
        report = json.load(file)
    counts = ", ".join(f"{report['summary'][name]} to {name}" for name in ("create", "update", "replace", "delete"))
    stops = sum(1 for finding in report["findings"] if finding.get("stops"))
    line = f"plangate: {report['verdict'].upper()} (exit {code}): {counts}; {stops} findings stop it, {len(report['findings'])} in all"
    digest = report["plan"]["sha256"] if code == "0" else ""
except (OSError, ValueError, KeyError):
    pass
for name, text in (("message", line), ("digest", digest)):
    with open(os.path.join(out, name), "w", encoding="utf-8") as file:
        file.write(text)
PYTHON

# S3, where a bucket is named: s3://BUCKET/BUILD/report.html, and so on.
if [ -n "${PLANGATE_BUCKET:-}" ]; then
    aws s3 cp --only-show-errors --recursive "$out" "s3://$PLANGATE_BUCKET/$CODEBUILD_BUILD_ID/"
fi

[ "$code" = 0 ] || exit "$code"
echo "$(cat "$out/digest")  $root/tfplan" | sha256sum -c -
cp "$root/tfplan" "$out/tfplan"
[ ! -e "$root/.terraform.lock.hcl" ] || cp "$root/.terraform.lock.hcl" "$out/terraform.lock.hcl"
