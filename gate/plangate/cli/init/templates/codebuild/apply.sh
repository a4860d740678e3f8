#!/bin/sh
# Apply exactly the plan that was judged, or nothing.
#   sh -eu apply.sh DIGEST   the plan's SHA-256, which comes from the build that judged it and not from the artefact
#                            PLANGATE_OUT  where the plan file lies (default plangate-out)      TF_ROOT  as in plan.sh
set -eu

digest=${1:?the digest of the plan that was judged}
root=${TF_ROOT:-.}
terraform=${TERRAFORM:-terraform}
PATH=${PLANGATE_HOME:-$HOME/plangate}/bin:$PATH
export PATH TF_IN_AUTOMATION=1 TF_INPUT=0
out=$(cd "${PLANGATE_OUT:-plangate-out}" && pwd)

# CodeBuild starts later phases after a failure, too.
[ "${CODEBUILD_BUILD_SUCCEEDING:-1}" = 1 ] || { echo "apply.sh: the build has failed: nothing is applied" >&2; exit 1; }

# A copy of our own: what is compared is what is applied.
plan=$(mktemp)
trap 'rm -f "$plan"' EXIT
cp "$out/tfplan" "$plan"
echo "$digest  $plan" | sha256sum -c - >/dev/null || { echo "apply.sh: this is not the plan that was judged" >&2; exit 1; }

[ ! -e "$out/terraform.lock.hcl" ] || cp "$out/terraform.lock.hcl" "$root/.terraform.lock.hcl"
"$terraform" -chdir="$root" init -no-color -lockfile=readonly
"$terraform" -chdir="$root" apply -no-color "$plan"
