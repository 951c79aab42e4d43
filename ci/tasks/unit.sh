#!/usr/bin/env bash
# All tests, with types, lint and coverage, and that generated files are as they are checked in. It
# takes about twenty minutes on two cores.
#
# SEED: of random tests; the same each time unless it is set.
. "$(dirname "$0")/common.sh"
help_or_run "$@"
need_programs node npm git
exec "$source_root/.ci/run"
