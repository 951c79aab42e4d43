// A flow for go-cloudstack, on which Terraform's and Packer's support of CloudStack stands: the
// client waits for its jobs itself, counts what has a name, and tells "gone" by an error's text.
package main

import (
	"log"
	"os"
	"strings"

	"github.com/xanzy/go-cloudstack/cloudstack"
)

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func hold(holds bool, what string, got ...interface{}) {
	if !holds {
		log.Fatal(what, ": ", got)
	}
}

func refused(err error, part string) {
	hold(err != nil && strings.Contains(err.Error(), part), "refusal with "+part, err)
}

func main() {
	endpoint, key := os.Getenv("CLOUDSTACK_ENDPOINT"), os.Getenv("CLOUDSTACK_KEY")
	cs := cloudstack.NewAsyncClient(endpoint, key, os.Getenv("CLOUDSTACK_SECRET"), false)
	zone, _, err := cs.Zone.GetZoneID("zone1")
	must(err)
	offering, _, err := cs.ServiceOffering.GetServiceOfferingID("m1.small")
	must(err)
	template, _, err := cs.Template.GetTemplateID("ubuntu-jammy", "executable", zone)
	must(err)
	network, _, err := cs.Network.GetNetworkID("NET_CS")
	must(err)
	diskOffering, _, err := cs.DiskOffering.GetDiskOfferingID("shared.custom")
	must(err)

	group, err := cs.AffinityGroup.CreateAffinityGroup(
		cs.AffinityGroup.NewCreateAffinityGroupParams("apart", "host anti-affinity"))
	must(err)

	deployment := cs.VirtualMachine.NewDeployVirtualMachineParams(offering, template, zone)
	deployment.SetName("go-1")
	deployment.SetNetworkids([]string{network})
	deployment.SetAffinitygroupids([]string{group.Id})
	vm, err := cs.VirtualMachine.DeployVirtualMachine(deployment)
	must(err)
	hold(vm.State == "Running" && strings.HasPrefix(vm.Nic[0].Ipaddress, "10.203."), "deployed", vm)

	creation := cs.Volume.NewCreateVolumeParams()
	creation.SetName("go-data")
	creation.SetZoneid(zone)
	creation.SetDiskofferingid(diskOffering)
	creation.SetSize(2)
	volume, err := cs.Volume.CreateVolume(creation)
	must(err)
	attachment := cs.Volume.NewAttachVolumeParams(volume.Id, vm.Id)
	attached, err := cs.Volume.AttachVolume(attachment)
	must(err)
	hold(attached.Vmname == "go-1" && attached.State == "Ready", "attached", attached)
	growth := cs.Volume.NewResizeVolumeParams(volume.Id)
	growth.SetSize(5)
	grown, err := cs.Volume.ResizeVolume(growth)
	must(err)
	hold(grown.Size == 5<<30, "size after growing", grown.Size)

	found, count, err := cs.VirtualMachine.GetVirtualMachineByName("go-1")
	must(err)
	hold(count == 1 && found.Id == vm.Id && len(found.Affinitygroup) == 1, "found by name", found)

	_, err = cs.Volume.DeleteVolume(cs.Volume.NewDeleteVolumeParams(volume.Id))
	refused(err, "Please specify a volume that is not attached to any VM.")
	detachment := cs.Volume.NewDetachVolumeParams()
	detachment.SetId(volume.Id)
	_, err = cs.Volume.DetachVolume(detachment)
	must(err)
	_, err = cs.Volume.DetachVolume(detachment)
	refused(err, "The specified volume is not attached to a VM.")
	_, err = cs.Volume.DeleteVolume(cs.Volume.NewDeleteVolumeParams(volume.Id))
	must(err)

	_, err = cs.VirtualMachine.DestroyVirtualMachine(
		cs.VirtualMachine.NewDestroyVirtualMachineParams(vm.Id))
	must(err)
	_, count, err = cs.VirtualMachine.GetVirtualMachineByName("go-1")
	hold(count == 0 && err != nil, "a destroyed VM is not found", count, err)
	deletion := cs.AffinityGroup.NewDeleteAffinityGroupParams()
	deletion.SetName("apart")
	_, err = cs.AffinityGroup.DeleteAffinityGroup(deletion)
	must(err)

	_, count, err = cs.VirtualMachine.GetVirtualMachineByID("00000000-0000-4000-8000-000000000000")
	hold(count == 0, "an id of nothing", count)
	refused(err, "No match found for")
	wrong := cloudstack.NewClient(endpoint, key, "wrong", false)
	_, err = wrong.Zone.ListZones(wrong.Zone.NewListZonesParams())
	refused(err, "unable to verify user credentials")
}
