# What an operator does with rclone.
set -eu
export RCLONE_CONFIG=$PWD/none RCLONE_WEBDAV_URL=$STEMCELLS_URL RCLONE_WEBDAV_USER=$STEMCELLS_USER
RCLONE_WEBDAV_PASS=$(rclone obscure "$STEMCELLS_PASSWORD")
export RCLONE_WEBDAV_PASS
mkdir -p local/deep
dd if=/dev/urandom of=local/one.qcow2 bs=65536 count=64 2>/dev/null
echo two > local/deep/two.qcow2
rclone copy local :webdav:images
rclone check --size-only local :webdav:images
rclone lsf --recursive :webdav:images > listed
sort listed > sorted
printf 'deep/\ndeep/two.qcow2\none.qcow2\n' | cmp - sorted
rclone copy :webdav:images back
diff --recursive local back
rclone moveto :webdav:images/one.qcow2 :webdav:images/moved.qcow2
rclone cat :webdav:images/moved.qcow2 | cmp - local/one.qcow2
rclone purge :webdav:images
[ -z "$(rclone lsf :webdav:)" ]
