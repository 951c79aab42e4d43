#!/usr/bin/env bash
# Every case of the contract on clouds of which only URL, keys of an ordinary user and names are known,
# with an account that may expunge and with one that may not. A change is tested with a part of them.
#
# SEED: of random tests; the same each time unless it is set.
. "$(dirname "$0")/common.sh"
help_or_run "$@"
build
export EVERY_CASE=1 SEED="${SEED:-20261125}"
run npx playwright test -c test/playwright.config.ts \
  test/bats-runner/contract/on-a-cloud test/bats-runner/contract/expunging
