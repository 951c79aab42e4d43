"""A flow for cs, the Python library: a VM at an address of its own, with user data, tags and a disk."""

import base64
import os

from cs import CloudStack, CloudStackApiException

connection = {
    "endpoint": os.environ["CLOUDSTACK_ENDPOINT"],
    "key": os.environ["CLOUDSTACK_KEY"],
    "poll_interval": 0.01,
    "fetch_result": True,
}
cloud = CloudStack(secret=os.environ["CLOUDSTACK_SECRET"], method="post", **connection)


def only(rows, name):
    """The one row with a name."""
    [row] = [row for row in rows if row["name"] == name]
    return row


def refusal(code, call, **parameters):
    """The text of a request or job that must be refused with a code."""
    try:
        call(**parameters)
    except CloudStackApiException as refused:
        assert refused.error["errorcode"] == code, refused.error
        return refused.error["errortext"]
    raise AssertionError("the call was not refused")


zone = only(cloud.listZones(fetch_list=True), "zone1")
offering = only(cloud.listServiceOfferings(fetch_list=True), "m1.small")
template = only(
    cloud.listTemplates(templatefilter="executable", fetch_list=True), "ubuntu-jammy"
)
network = only(cloud.listNetworks(fetch_list=True), "NET_CS")
disk_offering = only(cloud.listDiskOfferings(fetch_list=True), "shared.custom")

assert cloud.listVirtualMachines(fetch_list=True) == []
assert cloud.listVirtualMachines() == {}

deployment = {
    "zoneid": zone["id"],
    "serviceofferingid": offering["id"],
    "templateid": template["id"],
    "iptonetworklist": [{"networkid": network["id"], "ip": "10.203.6.77"}],
    "userdata": base64.b64encode("größer als leer".encode()).decode(),
}
vm = cloud.deployVirtualMachine(name="web-1", **deployment)["virtualmachine"]
assert vm["state"] == "Running" and vm["nic"][0]["ipaddress"] == "10.203.6.77", vm
text = refusal(530, cloud.deployVirtualMachine, name="web-2", **deployment)
assert text.startswith("Internal error executing command"), text
[failed] = cloud.listVirtualMachines(name="web-2", fetch_list=True)
assert failed["state"] == "Error", failed
cloud.destroyVirtualMachine(id=failed["id"])

cloud.createTags(
    resourceids=[vm["id"]],
    resourcetype="UserVm",
    tags=[{"key": "tier", "value": "web"}, {"key": "owner", "value": "a*b c&d"}],
)
found = cloud.listVirtualMachines(tags={"key": "owner", "value": "a*b c&d"}, fetch_list=True)
assert [row["id"] for row in found] == [vm["id"]], found

disk = {"zoneid": zone["id"], "diskofferingid": disk_offering["id"], "size": 3}
volumes = [cloud.createVolume(name=f"data-{n}", **disk)["volume"] for n in range(3)]
cloud.attachVolume(id=volumes[0]["id"], virtualmachineid=vm["id"])
attached = cloud.listVolumes(virtualmachineid=vm["id"], type="DATADISK")
assert attached["count"] == 1 and attached["volume"][0]["deviceid"] == 1, attached
second = cloud.listVolumes(page=2, pagesize=2, keyword="data-")
assert (second["count"], len(second["volume"])) == (3, 1), second
assert cloud.listVolumes(page=3, pagesize=2, keyword="data-") == {"count": 3}

text = refusal(431, cloud.deleteVolume, id=volumes[0]["id"])
assert text == "Please specify a volume that is not attached to any VM.", text
cloud.detachVolume(id=volumes[0]["id"])
for volume in volumes:
    assert cloud.deleteVolume(id=volume["id"])["success"] is True

cloud.stopVirtualMachine(id=vm["id"])
cloud.destroyVirtualMachine(id=vm["id"])
text = refusal(431, cloud.startVirtualMachine, id="00000000-0000-4000-8000-000000000000")
assert "Invalid parameter id value=00000000-0000-4000-8000-000000000000" in text, text

wrong = CloudStack(secret="wrong", **connection)
assert "unable to verify user credentials" in refusal(401, wrong.listZones)
late = CloudStack(secret=os.environ["CLOUDSTACK_SECRET"], expiration=0, **connection)
assert "unable to verify user credentials" in refusal(401, late.listZones)
