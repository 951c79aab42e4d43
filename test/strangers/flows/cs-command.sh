#!/bin/sh
# A flow for the command `cloudstack` of the Python package cs: shell scripts that poll by hand,
# with GET, and tell a refusal by its exit status.
set -eu

# What a filter of jq would do, with nothing but Python's own library.
field() {
  command -p python3 -c 'import json, sys
value = json.load(sys.stdin)
for key in sys.argv[1].split("."):
    value = value[int(key) if key.isdigit() else key]
print(value)' "$1"
}

finish() {
  for _ in $(seq 100); do
    reply=$(cloudstack queryAsyncJobResult jobid="$1")
    status=$(echo "$reply" | field jobstatus)
    [ "$status" = 0 ] || break
  done
  [ "$status" = "$2" ] || { echo "job $1: $reply" >&2; exit 1; }
  echo "$reply"
}

zone=$(cloudstack listZones name=zone1 | field zone.0.id)
offering=$(cloudstack listServiceOfferings name=m1.small | field serviceoffering.0.id)
template=$(cloudstack listTemplates templatefilter=executable name=ubuntu-jammy | field template.0.id)
network=$(cloudstack listNetworks keyword=NET_CS | field network.0.id)
disk_offering=$(cloudstack listDiskOfferings name=shared.custom | field diskoffering.0.id)

job=$(cloudstack --async deployVirtualMachine name=shell-1 zoneid="$zone" \
  serviceofferingid="$offering" templateid="$template" networkids="$network" | field jobid)
vm=$(finish "$job" 1 | field jobresult.virtualmachine.id)

job=$(cloudstack --async createVolume name=shell-data zoneid="$zone" \
  diskofferingid="$disk_offering" size=2 | field jobid)
volume=$(finish "$job" 1 | field jobresult.volume.id)
job=$(cloudstack --async attachVolume id="$volume" virtualmachineid="$vm" | field jobid)
[ "$(finish "$job" 1 | field jobresult.volume.vmname)" = shell-1 ]
[ "$(cloudstack listVirtualMachines id="$vm" | field virtualmachine.0.state)" = Running ]

job=$(cloudstack --async detachVolume id="$volume" | field jobid)
finish "$job" 1 >/dev/null
job=$(cloudstack --async detachVolume id="$volume" | field jobid)
[ "$(finish "$job" 2 | field jobresult.errorcode)" = 431 ]
cloudstack deleteVolume id="$volume" | grep '"success": true' >/dev/null

if refused=$(cloudstack deployVirtualMachine zoneid="$zone" 2>&1); then
  echo "a deployment without an offering was not refused" >&2
  exit 1
fi
echo "$refused" | grep 'due to missing parameter' >/dev/null

job=$(cloudstack --async destroyVirtualMachine id="$vm" | field jobid)
finish "$job" 1 >/dev/null
