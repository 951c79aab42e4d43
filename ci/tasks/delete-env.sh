#!/usr/bin/env bash
# Takes away what create-env.sh has made, with all deployments: the Director need not have come up.
#
# DIRECTOR: the folder that create-env.sh has written; director unless it is set.
# RELEASE, BOSH_DEPLOYMENT, OPS_FILES: as for create-env.sh.
# BOSH_ALL_PROXY: for the CLI, where the Director is not reached without a proxy.
. "$(dirname "$0")/common.sh"
help_or_run "$@"
need_programs bosh sha1sum sha256sum
director=$(folder "${DIRECTOR:-director}")
if [ ! -e "$director/state.json" ]; then
  echo "no Director has been made: $director has no state.json"
  exit 0
fi
export BOSH_NON_INTERACTIVE=true BOSH_LOG_PATH="$director/delete-env.log"
if [ -e "$director/director.env" ]; then
  (
    . "$director/director.env"
    # What a Director that cannot be asked any more has made is found by `cloudstack-cpi gc`.
    bosh deployments --column=name | while read -r name; do
      bosh -d "$name" delete-deployment --force </dev/null
    done
    bosh clean-up --all
  ) || echo "the Director could not be emptied; it goes all the same" >&2
fi
director_arguments "$director"
bosh delete-env "${arguments[@]}"
