#!/usr/bin/env bash
# Finds what interrupted runs of the contract have left on a cloud, and nothing else.
#
# CLOUD: what the cloud has, as the JSON that docs/bats-runner/cloud.md tells of.
# DELETE: true deletes it; without it nothing is changed.
# RESULTS: the folder in which the runs wrote their reports; bats-results unless it is set.
. "$(dirname "$0")/common.sh"
help_or_run "$@"
need CLOUD
results=$(folder "${RESULTS:-bats-results}")
private=$(mktemp -d)
trap 'rm -rf "$private"' EXIT
secret_file "$private/cloud.json" "$CLOUD"
options=(--config "$private/cloud.json" --output "$results")
[ "${DELETE-}" != true ] || options+=(--delete)
build
bats_runner sweep "${options[@]}"
