#!/usr/bin/env bash
# The contract between BOSH and this CPI, case by case, on simulators or on a cloud.
#
# TARGET: simulator (unless it is set) or cloud.
# CLOUD: what the cloud has, as the JSON that docs/bats-runner/cloud.md tells of; for TARGET=cloud.
# CASES: ids of cases, with spaces between; all unless it is set.
# RESULTS: folder of the reports; bats-results unless it is set.
. "$(dirname "$0")/common.sh"
help_or_run "$@"
results=$(folder "${RESULTS:-bats-results}")
options=(--target "${TARGET:-simulator}" --output "$results")
if [ "${TARGET:-simulator}" = cloud ]; then
  need CLOUD
  private_cloud
  options+=(--config "$private/cloud.json")
fi
build
read -ra cases <<<"${CASES-}"
[ ${#cases[@]} -eq 0 ] || options+=(--case "${cases[@]}")
bats_runner contract "${options[@]}"
