#!/usr/bin/env bash
# Finds what interrupted runs of the contract have left on a cloud, and what killed calls of any CPI have
# left in the account and is older than a day (`cloudstack-cpi gc`).
#
# CLOUD: what the cloud has, as the JSON that docs/bats-runner/cloud.md tells of.
# DELETE: true deletes it; without it nothing is changed.
# RESULTS: the folder in which the runs wrote their reports; bats-results unless it is set.
. "$(dirname "$0")/common.sh"
help_or_run "$@"
need CLOUD
results=$(folder "${RESULTS:-bats-results}")
delete=()
[ "${DELETE-}" != true ] || delete=(--delete)
private_cloud
build
status=0
bats_runner sweep --config "$private/cloud.json" --output "$results" ${delete[@]+"${delete[@]}"} \
  || status=$?
# There must be an address for agents; `gc` makes none.
(umask 077 && node -e '
  const { cloudstack, cpi, zone } = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
  const agent = { mbus: "nats://127.0.0.1:4222" };
  console.log(JSON.stringify({ cloudstack: { ...cpi, ...cloudstack, default_zone: zone }, agent }));
' "$private/cloud.json" >"$private/cpi.json")
run node "$source_root/dist/bundle/cloudstack-cpi.cjs" --config "$private/cpi.json" gc \
  ${delete[@]+"${delete[@]}"} || status=$?
exit "$status"
