#!/usr/bin/env bash
# Takes away what create-env.sh has made: all deployments, then the Director, which need not have come
# up. One that cannot be emptied stays, because nobody else knows what it has deployed.
#
# DIRECTOR: the folder that create-env.sh has written; director unless it is set. Keep it until this has
#   ended well.
# RELEASE, BOSH_DEPLOYMENT, OPS_FILES: as for create-env.sh.
# ABANDON: true deletes also a Director that cannot be emptied, after its deployments by --force; what the
#   CPI cannot delete of them stays on the cloud.
# BOSH_ALL_PROXY: for the CLI, where the Director is not reached without a proxy.
. "$(dirname "$0")/common.sh"
help_or_run "$@"
need_programs bosh sha256sum
director=$(folder "${DIRECTOR:-director}")
if [ ! -e "$director/state.json" ]; then
  echo "no Director has been made: $director has no state.json"
  exit 0
fi

tell_of_state() {
  [ $? -eq 0 ] || echo "$task: the Director is still there, and its state is in $director:" \
    "keep that folder until $task has ended well" >&2
}
trap tell_of_state EXIT

# Ends with 1 if anything may be left.
empty() {
  local names name
  # What a run of the acceptance tests that was ended had begun would hold the lock of its deployment.
  run bosh cancel-tasks --state=queued --state=processing || return 1
  # Waits for the one that is being cancelled, if there is one.
  run bosh task || true
  names=$(bosh deployments --column=name) || return 1
  for name in $names; do
    run bosh -d "$name" delete-deployment && continue
    [ "${ABANDON-}" = true ] || return 1
    echo "$task: $name is deleted with --force: what the CPI cannot delete of it stays" >&2
    run bosh -d "$name" delete-deployment --force || return 1
  done
  run bosh clean-up --all || return 1
}

umask 077
export BOSH_NON_INTERACTIVE=true BOSH_LOG_PATH="$director/delete-env.log"
director_arguments "$director"
if [ -e "$director/director.env" ]; then
  . "$director/director.env"
  if ! empty; then
    if [ "${ABANDON-}" != true ]; then
      echo "$task: the Director could not be emptied, so it stays (ABANDON=true deletes it all the" \
        "same, and leaves what it has deployed)" >&2
      exit 1
    fi
    echo "$task: the Director could not be emptied; it goes all the same" >&2
  fi
fi
run bosh delete-env "${arguments[@]}"
