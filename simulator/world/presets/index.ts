import type { WorldDescriptionInput } from '../description/world-description.js';
import { advancedKvm } from './advanced-kvm.js';
import { advancedVmware } from './advanced-vmware.js';
import { advancedXenserver } from './advanced-xenserver.js';
import { large } from './large.js';
import { severalClusters } from './several-clusters.js';

/** The worlds that come with the simulator, by name. */
export const presets: Readonly<Record<string, WorldDescriptionInput>> = {
  'advanced-kvm': advancedKvm,
  'advanced-xenserver': advancedXenserver,
  'advanced-vmware': advancedVmware,
  'several-clusters': severalClusters,
  large,
};

export const DEFAULT_PRESET = 'advanced-kvm';

/** What each of them is, for the page about worlds. */
export const presetTexts: Readonly<Record<string, string>> = {
  'advanced-kvm':
    'The default: an advanced zone `zone1` with three KVM hosts, a shared and three local pools, an ' +
    'isolated network `NET_CS`, a shared one `NET_SHARED`, twenty public addresses, a ready QCOW2 ' +
    'template, a root admin `admin`, and an ordinary user `bosh` who may not expunge. A VM has 32 ' +
    'data disks at most. Volumes of running VMs have no snapshots unless `kvm.snapshot.enabled` is ' +
    'true, volumes never shrink, and one of a running VM does not move to another pool.',
  'advanced-xenserver':
    'The same on XenServer: the template is a VHD file with the OS type `Other PV (64-bit)`, local ' +
    'pools are of the type EXT, a VM has 253 data disks at most. Volumes of running VMs have ' +
    'snapshots whatever `kvm.snapshot.enabled` says, several at a time, but change their size only ' +
    'while the VM is stopped, and never shrink.',
  'advanced-vmware':
    'The same on VMware: the template is an OVA file with the OS type `Other Linux (64-bit)`, local ' +
    'pools are of the type VMFS, a VM has 59 data disks at most, and its details name disk ' +
    'controllers: that of the root disk by `vmware.root.disk.controller`, of the data disks the ' +
    "same if it is SCSI, otherwise `osdefault`. Volumes of running VMs have snapshots, and don't " +
    'shrink by another offering.',
  'several-clusters':
    'The default with two clusters of two hosts, each host with a local pool and each cluster with a ' +
    'shared one, and a pool of the whole zone for the disk offering `zone.custom`. The compute ' +
    'offerings `m1.cluster1` and `m1.cluster2` keep VMs in a cluster by a host tag.',
  large: '1,000 KVM hosts and 25,000 running VMs of 25 tenants, beside what the default world has.',
};
