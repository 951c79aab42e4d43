#!/usr/bin/env bash
# A Director on a cloud, by `bosh create-env` with bosh-deployment and this release.
#
# DIRECTOR: folder for what has to be kept: state, credentials, variables, stemcell, and director.env,
#   which a shell sources to log in; director unless it is set. It holds secrets.
# DIRECTOR_VARS: YAML or JSON with the variables of release/ops/cpi.yml and of bosh.yml, all but those
#   of release and stemcell (docs/cpi/install.md has them).
# RELEASE: folder with the release's tarball; release-tarball unless it is set.
# BOSH_DEPLOYMENT: checkout of cloudfoundry/bosh-deployment; bosh-deployment unless it is set.
# STEMCELL_URL, STEMCELL_SHA1: of a stemcell for this cloud (docs/cpi/stemcells.md); file:// will do.
# OPS_FILES: more operations, as paths from the root of the sources, with spaces between.
# BOSH_ALL_PROXY: for the CLI, where the Director is not reached without a proxy.
. "$(dirname "$0")/common.sh"
help_or_run "$@"
need DIRECTOR_VARS STEMCELL_URL STEMCELL_SHA1
need_programs bosh curl sha1sum sha256sum
director=$(folder "${DIRECTOR:-director}")
umask 077
secret_file "$director/vars.yml" "$DIRECTOR_VARS"
unset DIRECTOR_VARS
run curl --fail --location --silent --show-error --output "$director/stemcell.tgz" "$STEMCELL_URL"
echo "$STEMCELL_SHA1  $director/stemcell.tgz" | sha1sum --check --quiet
echo "$STEMCELL_SHA1" >"$director/stemcell.sha1"

director_arguments "$director"
export BOSH_NON_INTERACTIVE=true BOSH_LOG_PATH="$director/create-env.log"
run bosh create-env "${arguments[@]}"

of() {
  bosh interpolate --path "$2" "$director/$1"
}
address=$(of vars.yml /internal_ip)
password=$(of creds.yml /admin_password)
certificate=$(of creds.yml /director_ssl/ca)
secret_file "$director/director.env" "$(
  printf 'export %s=%q\n' BOSH_ENVIRONMENT "$address" BOSH_CLIENT admin \
    BOSH_CLIENT_SECRET "$password" BOSH_CA_CERT "$certificate"
)"
echo "to log in: source $director/director.env"
