#!/bin/sh
# Plan every unit of a Terragrunt stack, and judge all of them: one report each, the worst exit code.
#   sh -eu plan.sh [DIR]        PLANGATE_OUT  where results go (default plangate-out)
#
# Terragrunt writes the plan document of each unit to OUT/plans/UNIT/tfplan.json. A unit that could not be planned has
# none, and Terragrunt's own exit code says so: then this one is never 0.
set -eu

stack=${1:-.}
mkdir -p "${PLANGATE_OUT:-plangate-out}"
out=$(cd "${PLANGATE_OUT:-plangate-out}" && pwd)
rm -rf "$out/plans" "$out/reports" "$out/binary"
mkdir -p "$out/reports"

planned=0
terragrunt run --all --non-interactive --working-dir "$stack" --out-dir "$out/binary" --json-out-dir "$out/plans" \
    plan || planned=$?

judged=0
found=0
for plan in $(cd "$out/plans" 2>/dev/null && find . -name tfplan.json | LC_ALL=C sort); do
    found=$((found + 1))
    unit=$(dirname "${plan#./}")
    code=0
    plangate check "$out/plans/$plan" --run root="$stack/$unit" --no-notify -f text -f "json=$out/reports/$found.json" || code=$?
    [ "$code" = 0 ] || judged=$code
done

# One report and one message of all of them.
if [ "$found" -gt 0 ]; then
    plangate merge "$out/reports" -f "markdown=$out/report.md" -f "json=$out/report.json" -f "junit=$out/junit.xml" >/dev/null || judged=$?
    [ -z "${PLANGATE_NOTIFY:-}" ] || plangate notify "$out/report.json"
else
    echo "plan.sh: no unit was planned" >&2
    judged=3
fi
if [ "$planned" != 0 ]; then echo "plan.sh: terragrunt could not plan every unit (exit $planned)" >&2; fi
if [ "$judged" = 0 ] && [ "$planned" != 0 ]; then judged=3; fi
exit "$judged"
