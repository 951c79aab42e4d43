# What the tasks share; each of them sources it. A task takes its settings from the environment, reads
# and writes folders that are named there, and may be started in any folder, by CI or by a person.
set -euo pipefail

source_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
task=$(basename "$0")

# Prints the comment at the head of the task if it is asked for; there are no other arguments.
help_or_run() {
  case ${1-} in
    '') ;;
    -h | --help)
      sed -n '2,/^[^#]/ { s/^# \{0,1\}//p }' "$0"
      exit 0
      ;;
    *)
      echo "$task: there is no argument $1 ($task --help tells what it needs)" >&2
      exit 2
      ;;
  esac
}

# Ends with 2 unless all of these variables have values.
need() {
  local name missing=()
  for name in "$@"; do
    [ -n "${!name-}" ] || missing+=("$name")
  done
  [ ${#missing[@]} -eq 0 ] && return
  echo "$task: ${missing[*]}: not set ($task --help tells what it needs)" >&2
  exit 2
}

# Ends with 3 unless all of these programs are there.
need_programs() {
  local name
  for name in "$@"; do
    command -v "$name" >/dev/null && continue
    echo "$task: $name is not on the PATH" >&2
    exit 3
  done
}

# Runs a program, and ends it when the task is told to end: bash by itself would wait for it first. It is
# told by SIGTERM, whatever the task was told by; then the task ends as a signal would have ended it. It
# has a process group of its own, or it would hear of a Ctrl-C twice.
run() {
  local status
  starting=yes
  set -m
  "$@" &
  child=$!
  set +m
  [ -z "$ended" ] || kill -TERM "$child" 2>/dev/null || true
  while true; do
    status=0
    wait "$child" || status=$?
    # A signal ends `wait` also while the program goes on.
    kill -0 "$child" 2>/dev/null || break
  done
  child='' starting=''
  [ -z "$ended" ] || exit "$ended"
  return "$status"
}

end() {
  ended=$1
  if [ -n "$child" ]; then
    kill -TERM "$child" 2>/dev/null || true
  elif [ -z "$starting" ]; then
    exit "$ended"
  fi
}

child='' starting='' ended=''
trap 'end 130' INT
trap 'end 143' TERM

# The absolute path of a folder, which is made if it is not there.
folder() {
  mkdir -p "$1"
  (cd "$1" && pwd)
}

# Programs of the package, from the sources.
build() {
  need_programs node npm
  cd "$source_root"
  [ node_modules/.package-lock.json -nt package-lock.json ] || run npm ci
  run npm run --silent build
}

bats_runner() {
  run node "$source_root/dist/bundle/bats-runner.js" "$@"
}

# Writes a text with secrets to a file that nobody else can read.
secret_file() {
  (umask 077 && printf '%s\n' "$2" >"$1")
}

# Sets `private` to a folder that is gone when the task ends, with CLOUD in its cloud.json. Programs that
# are started from now on, those that npm installs among them, do not have it in their environment.
private_cloud() {
  private=$(mktemp -d)
  trap 'rm -rf "$private"' EXIT
  secret_file "$private/cloud.json" "$CLOUD"
  unset CLOUD
}

# The one tarball in the folder of the release.
release_tarball() {
  local folder found
  folder=$(folder "${RELEASE:-release-tarball}")
  found=("$folder"/*.tgz)
  if [ ! -e "${found[0]}" ]; then
    echo "$task: RELEASE: $folder has no release's tarball in it; release.sh makes one" >&2
    exit 2
  elif [ ${#found[@]} -gt 1 ]; then
    echo "$task: RELEASE: $folder has ${#found[@]} tarballs in it, and nothing tells which is" \
      "meant; remove all but one: ${found[*]##*/}" >&2
    exit 2
  fi
  echo "${found[0]}"
}

# Sets `arguments` to what `bosh create-env` and `bosh delete-env` are both told of the Director.
director_arguments() {
  local release deployment file ops_files stemcell=$1/stemcell.tgz
  deployment=$(folder "${BOSH_DEPLOYMENT:-bosh-deployment}")
  release=$(release_tarball)
  arguments=("$deployment/bosh.yml" -o "$source_root/release/ops/cpi.yml")
  read -ra ops_files <<<"${OPS_FILES-}"
  for file in ${ops_files[@]+"${ops_files[@]}"}; do arguments+=(-o "$source_root/$file"); done
  arguments+=(
    --vars-file "$1/vars.yml"
    --vars-store "$1/creds.yml"
    --state "$1/state.json"
    -v "cloudstack_cpi_release_url=file://$release"
    -v "cloudstack_cpi_release_sha1=sha256:$(sha256sum "$release" | cut -d' ' -f1)"
    -v "stemcell_url=file://$stemcell"
    -v "stemcell_sha1=$(cat "$1/stemcell.sha1")"
  )
}
