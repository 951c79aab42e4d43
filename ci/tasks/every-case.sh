#!/usr/bin/env bash
# Every case of the contract on clouds of which only URL, keys of an ordinary user and names are known,
# with an account that may expunge and with one that may not. A change is tested with a part of them.
#
# SEED: of random tests; the same each time unless it is set.
. "$(dirname "$0")/common.sh"
help_or_run "$@"
build
export SEED="${SEED:-20261125}"
run npm run --silent every-case
