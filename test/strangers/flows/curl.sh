# What a script does with curl, as a user and as nobody.
set -eu
name=$(printf '0123456789abcdef%.0s' 1 2).qcow2
image=$STEMCELLS_URL/$name
as="$STEMCELLS_USER:$STEMCELLS_PASSWORD"

status() {
  wanted=$1
  shift
  got=$(curl --silent --output answer --write-out '%{http_code}' "$@")
  [ "$got" = "$wanted" ] || { echo "curl $*: $got instead of $wanted" >&2; exit 1; }
}

dd if=/dev/urandom of=local bs=65536 count=64 2>/dev/null
digest=$(openssl dgst -sha256 -binary local | base64)
status 400 --user "$as" --upload-file local --header "Digest: sha-256=$(echo x | base64)" "$image"
status 201 --user "$as" --upload-file local --header "Repr-Digest: sha-256=:$digest:" "$image"
status 412 --user "$as" --upload-file local --header 'If-None-Match: *' "$image"
status 204 --user "$as" --upload-file local --header 'Expect: 100-continue' "$image"
status 204 --user "$as" --upload-file - "$image" < local

status 200 "$image"
cmp answer local
status 200 --head "$image"
head -c 1000000 local > part
curl --silent --continue-at - --output part "$image"
cmp part local
curl --silent --remote-time --output copy "$image"
status 304 --time-cond copy "$image"

status 401 --user "$STEMCELLS_USER:wrong" --upload-file local "$image"
status 401 --request DELETE "$image"
status 401 "$STEMCELLS_URL/guessed.qcow2"
status 404 --user "$as" --path-as-is "$STEMCELLS_URL/../etc/passwd"
status 204 --user "$as" --request DELETE "$image"
status 404 "$image"
