#!/usr/bin/env bash
# The BOSH release: a tarball that a Director or `bosh create-env` takes.
#
# RELEASE: folder that gets it; release-tarball unless it is set.
# RELEASE_VERSION: that of package.json unless it is set.
# PLATFORMS: all (unless it is set) or host: for which machines Node.js is in it.
. "$(dirname "$0")/common.sh"
help_or_run "$@"
release=$(folder "${RELEASE:-release-tarball}")
build
options=(--output "$release" --platforms "${PLATFORMS:-all}")
[ -z "${RELEASE_VERSION-}" ] || options+=(--release-version "$RELEASE_VERSION")
run npm run --silent release -- "${options[@]}"
