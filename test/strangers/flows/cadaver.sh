# What an operator types into cadaver.
set -eu
export HOME=$PWD
host=${STEMCELLS_URL#http://}
umask 077
printf 'machine %s\nlogin %s\npassword %s\n' "${host%%:*}" "$STEMCELLS_USER" "$STEMCELLS_PASSWORD" > .netrc
echo 'content of an image' > image.qcow2
cadaver "$STEMCELLS_URL/" > told <<'COMMANDS'
put image.qcow2
ls
mkcol old
copy image.qcow2 old/
move image.qcow2 moved.qcow2
get moved.qcow2 back
get old/image.qcow2 copy
ls old
rmcol old
delete moved.qcow2
quit
COMMANDS
cat told
cmp back image.qcow2
cmp copy image.qcow2
if grep -i 'fail\|error\|401\|404' told; then exit 1; fi
