#!/usr/bin/env bash
# Keeps what is known of a Director that delete-env.sh could not delete: in CI the folder is gone with the
# build. It is an archive with a passphrase, because it holds the keys to everything.
#
# DIRECTOR: the folder that create-env.sh has written; director unless it is set.
# KEPT: folder that gets the archive; kept-state unless it is set.
# STATE_PASSPHRASE: of the archive. With it, this gives back the folder, for delete-env.sh:
#   openssl enc -d -aes-256-cbc -pbkdf2 -pass env:STATE_PASSPHRASE -in FILE | tar -xz
. "$(dirname "$0")/common.sh"
help_or_run "$@"
need STATE_PASSPHRASE
need_programs openssl tar
director=$(folder "${DIRECTOR:-director}")
kept=$(folder "${KEPT:-kept-state}")
if [ ! -e "$director/state.json" ]; then
  echo "$task: there is nothing to keep: $director has no state.json" >&2
  exit 1
fi
export STATE_PASSPHRASE
archive=$kept/director-$(date -u +%Y%m%dT%H%M%SZ).tgz.enc
tar -C "$(dirname "$director")" --exclude=stemcell.tgz -cz "$(basename "$director")" \
  | openssl enc -aes-256-cbc -pbkdf2 -pass env:STATE_PASSPHRASE -out "$archive"
echo "the state of the Director is kept in ${archive##*/} ($task --help tells how to use it)"
