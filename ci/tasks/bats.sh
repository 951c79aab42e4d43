#!/usr/bin/env bash
# The BOSH acceptance tests on a Director that create-env.sh has made.
#
# DIRECTOR: the folder that create-env.sh has written; director unless it is set.
# BATS: checkout of cloudfoundry/bosh-acceptance-tests; bosh-acceptance-tests unless it is set. It gets
#   a template for CloudStack.
# CLOUD: what the cloud has, as the JSON that docs/bats-runner/cloud.md tells of.
# RESULTS: folder of the reports; bats-results unless it is set.
# BOSH_ALL_PROXY: for the CLI, where Director or VMs are not reached without a proxy.
. "$(dirname "$0")/common.sh"
help_or_run "$@"
need CLOUD
need_programs bosh bundle tar
director=$(folder "${DIRECTOR:-director}")
bats=$(folder "${BATS:-bosh-acceptance-tests}")
results=$(folder "${RESULTS:-bats-results}")
private_cloud
build
. "$director/director.env"
bats_runner upstream --config "$private/cloud.json" --bats "$bats" \
  --stemcell "$director/stemcell.tgz" --output "$results"
