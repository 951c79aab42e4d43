"""A flow for Apache Libcloud: a node with a key pair, disks and power, through its own abstractions."""

import os

from libcloud.common.types import InvalidCredsError
from libcloud.compute.providers import get_driver
from libcloud.compute.types import NodeState, Provider

CloudStack = get_driver(Provider.CLOUDSTACK)
CloudStack.connectionCls.poll_interval = 0.01


def connect(secret):
    url = os.environ["CLOUDSTACK_ENDPOINT"]
    return CloudStack(key=os.environ["CLOUDSTACK_KEY"], secret=secret, url=url, secure=False)


def only(rows, name):
    """The one row with a name."""
    [row] = [row for row in rows if row.name == name]
    return row


def refusal(call, *arguments):
    """The text of what must be refused."""
    try:
        call(*arguments)
    except Exception as refused:  # libcloud raises failed jobs as plain exceptions
        return str(refused)
    raise AssertionError("the call was not refused")


driver = connect(os.environ["CLOUDSTACK_SECRET"])
location = only(driver.list_locations(), "zone1")
size = only(driver.list_sizes(), "m1.small")
image = only(driver.list_images(location), "ubuntu-jammy")
network = only(driver.ex_list_networks(), "NET_CS")
assert (size.ram, image.extra["format"]) == (2048, "QCOW2")

key_pair = driver.create_key_pair("login")
assert key_pair.private_key.startswith("-----BEGIN"), key_pair
assert [pair.name for pair in driver.list_key_pairs()] == ["login"]

node = driver.create_node(
    name="lib-1", size=size, image=image, location=location, networks=[network], ex_keyname="login", ex_start_vm=True
)
[listed] = driver.list_nodes()
assert (listed.id, listed.state) == (node.id, NodeState.RUNNING), listed
assert listed.private_ips[0].startswith("10.203."), listed.private_ips

disk_offering = only(driver.ex_list_disk_offerings(), "shared.custom")
volume = driver.create_volume(size=4, name="lib-data", location=location, ex_volume_type=disk_offering.name)
assert driver.attach_volume(node, volume)
[data] = [row for row in driver.list_volumes(node) if row.name == "lib-data"]
assert (data.size, data.extra["instance_id"]) == (4 << 30, node.id), data.extra
assert "lib-data" in [row.name for row in driver.list_volumes()]
assert driver.detach_volume(volume)
assert "not attached" in refusal(driver.detach_volume, volume)

assert driver.reboot_node(node)
assert driver.ex_stop(node) == "Stopped"
assert driver.ex_change_node_size(node, only(driver.list_sizes(), "m1.medium"))
assert driver.ex_start(node) == "Running"

address = driver.ex_allocate_public_ip(network_id=network.id)
assert address.address in [row.address for row in driver.ex_list_public_ips()]
rule = driver.ex_create_port_forwarding_rule(node, address, 2222, 22, "TCP", openfirewall=True)
[listed] = driver.list_nodes()
assert [row.id for row in listed.extra["port_forwarding_rules"]] == [rule.id], listed.extra
assert listed.public_ips == [address.address], listed.public_ips
assert driver.ex_delete_port_forwarding_rule(node, rule)
assert driver.ex_release_public_ip(address)

assert driver.destroy_node(node)
assert driver.list_nodes() == []
assert driver.destroy_volume(volume)
# It takes "success": true for a failure: it waits for the text "true" of old releases.
driver.delete_key_pair(key_pair)
assert driver.list_key_pairs() == []

try:
    connect("wrong").list_locations()
    raise AssertionError("a wrong secret was accepted")
except InvalidCredsError:
    pass
