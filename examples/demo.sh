#!/bin/sh
# Judge the two example plans, tell people of them, and say what to look at.
#
#   sh examples/demo.sh
#   PLANGATE="python3 -m plangate" sh examples/demo.sh
#   CHECKOV=off sh examples/demo.sh      without Checkov's checks, installing nothing
#
# Exit 0: the clean plan passed (exit 0 of plangate) and the risky one failed (exit 1).
# Exit 1: one of them behaved otherwise.

cd "$(dirname "$0")" || exit 1
behaved=0

heading() {
    printf '\n=== %s\n' "$1"
}

# judge PLAN EXPECTED: run plangate, compare its exit code with the expected one.
judge() {
    printf '\n$ plangate check %s\n\n' "$1"
    ${PLANGATE:-plangate} check "$1" --checkov "${CHECKOV:-auto}" # unquoted: PLANGATE may be several words
    code=$?
    if [ "$code" -eq "$2" ]; then
        printf '\n--- exit code %s, as expected\n' "$code"
    else
        printf '\n--- exit code %s, expected %s\n' "$code" "$2"
        behaved=1
    fi
}

# Checkov's checks judge beside plangate's own; it gets an environment of its own, outside of this one.
heading "Checkov, from its own environment"
if [ "${CHECKOV:-auto}" = off ]; then
    echo 'Left out: CHECKOV=off.'
elif ${PLANGATE:-plangate} checkov status >/dev/null 2>&1; then
    ${PLANGATE:-plangate} checkov status
else
    echo 'Installing it: some 30 seconds and 290 MB, once. It goes into the cache of this user.'
    ${PLANGATE:-plangate} checkov install || echo 'It could not be installed, so only our own policies judge.'
fi

heading 'clean: a small, well-made estate'
cat <<'LOOK'
Fourteen resources are created, and nothing stops them. Look at:
  - the bucket's encryption is a resource of its own, whose bucket id is unknown until apply:
    plangate joins the two through their references;
  - the KMS key is unknown too, but the configuration sets it, so it will be there;
  - the HTTP listener only redirects to HTTPS, which is fine.
LOOK
judge clean/plan.json 0

heading 'risky: a change that should not go through'
cat <<'LOOK'
Seven to add, one to change, three to destroy, says Terraform. Look at:
  - aws_db_instance.orders: an update in place, and yet it takes away the deletion protection, the
    backups and the final snapshot;
  - aws_db_instance.ledger and aws_s3_bucket.audit are replaced, aws_efs_file_system.archive is
    deleted: data goes with them;
  - aws_efs_file_system.shared never mentions encryption, which for EFS means none;
  - aws_ebs_volume.scratch and aws_lb_listener.http are in clear; the old TLS of aws_lb_listener.https
    is medium, so it is shown (-v) and does not stop.
LOOK
judge risky/plan.json 1

if [ "${CHECKOV:-auto}" != off ]; then
heading 'risky, by Checkov alone'
cat <<'LOOK'
What Checkov says of the same plan: bare, one line a failure. Above, what both found was shown once, as ours
(-v names Checkov's ids with "also found"), and what the plan leaves alone did not stop it.
LOOK
printf '\n$ plangate checkov run risky/plan.json | grep FAILED\n\n'
${PLANGATE:-plangate} checkov run risky/plan.json | grep FAILED
fi

heading 'people are told'
cat <<'LOOK'
Both plans once more, in one message a channel: Slack, Teams, mail and a webhook, over real HTTP and SMTP, to a small
inbox on this machine. Nothing leaves it.
LOOK
inbox=$(mktemp -d "${TMPDIR:-/tmp}/plangate-inbox.XXXXXX") || exit 1
${PLANGATE:-plangate} notify --inbox "$inbox" 2>/dev/null &
taking=$!
waited=0
while [ ! -f "$inbox/addresses" ] && [ "$waited" -lt 20 ]; do
    sleep 1
    waited=$((waited + 1))
done
printf '\n$ plangate check clean/plan.json risky/plan.json -f json={n}.json\n$ plangate notify 1.json 2.json\n\n'
(
    unset SLACK_BOT_TOKEN # the inbox takes webhooks
    . "$inbox/addresses" || exit 1
    ${PLANGATE:-plangate} check clean/plan.json risky/plan.json --no-notify -q --checkov "${CHECKOV:-auto}" -f "json=$inbox/{n}.json"
    ${PLANGATE:-plangate} notify "$inbox/1.json" "$inbox/2.json" --only slack --only teams --only email --only webhook
)
kill "$taking" 2>/dev/null
wait "$taking" 2>/dev/null
arrived=$(find "$inbox" -name '00[1-4]-*.json' | wc -l)
if [ "$arrived" -eq 4 ]; then
    printf '\nFour messages arrived. Open this page to see them as their readers do:\n  %s\n' "$inbox/arrived.html"
else
    echo "Not every message arrived: $inbox"
    behaved=1
fi

heading 'verdict of this demonstration'
if [ "$behaved" -eq 0 ]; then
    echo 'Both plans were judged as they should be, and people were told.'
else
    echo 'At least one thing did not go as it should; see above.'
fi
exit "$behaved"
