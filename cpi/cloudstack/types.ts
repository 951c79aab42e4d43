// What CloudStack answers, reduced to the fields that we use. CloudStack omits fields that are
// null, so whatever can be unset is optional. Sizes: `memory` is MiB, offering sizes are GiB,
// volume and template sizes are bytes.

/** Zone, as listZones shows it. */
export interface Zone {
  readonly id: string;
  readonly name: string;
  readonly networktype?: string;
  readonly localstorageenabled?: boolean;
  readonly allocationstate?: string;
}

/** What this CloudStack can do (listCapabilities). */
export interface Capabilities {
  readonly cloudstackversion?: string;
  readonly allowuserexpungerecovervm?: boolean;
  /** Whether volumes of running VMs can have snapshots on KVM. */
  readonly kvmsnapshotenabled?: boolean;
  /** GiB. */
  readonly customdiskofferingmaxsize?: number;
}

/** Compute offering. A custom one (`iscustomized`) has no CPU and memory of its own. */
export interface ServiceOffering {
  readonly id: string;
  readonly name: string;
  readonly cpunumber?: number;
  readonly cpuspeed?: number;
  readonly memory?: number;
  readonly iscustomized?: boolean;
  readonly storagetype?: string;
  /** Comma-separated; only hosts with these tags take VMs of the offering. */
  readonly hosttags?: string;
  /** Comma-separated; only storage with these tags takes root disks of the offering. */
  readonly storagetags?: string;
  /** The limits of a custom one: `mincpunumber`, `maxcpunumber`, `minmemory`, `maxmemory` (MiB). */
  readonly serviceofferingdetails?: Readonly<Record<string, string>>;
  /** GiB of the root disk, where the offering fixes it. */
  readonly rootdisksize?: number;
  /** Whether the IOPS of its root disk are for the caller to name. */
  readonly iscustomizediops?: boolean;
}

/** Disk offering. A custom one (`iscustomized`) has `disksize` 0. */
export interface DiskOffering {
  readonly id: string;
  readonly name: string;
  /** GiB. */
  readonly disksize?: number;
  readonly iscustomized?: boolean;
  /** Whether the IOPS of its disks are for the caller to name. */
  readonly iscustomizediops?: boolean;
  /** `local` or `shared`. */
  readonly storagetype?: string;
  /** Comma-separated; only storage with these tags takes disks of the offering. */
  readonly tags?: string;
}

/** Guest network. */
export interface Network {
  readonly id: string;
  readonly name: string;
  readonly displaytext?: string;
  readonly zoneid?: string;
  readonly zonename?: string;
  /** `Isolated`, `Shared` or `L2`. */
  readonly type?: string;
  readonly state?: string;
  /** Where its VMs get addresses of. */
  readonly cidr?: string;
  /** All of it, where a part is kept from VMs (updateNetwork, `guestvmcidr`). */
  readonly networkcidr?: string;
  readonly gateway?: string;
  readonly netmask?: string;
  readonly vpcid?: string;
  /** The rules of a tier. */
  readonly aclid?: string;
  readonly aclname?: string;
  /** Only root admins see it. */
  readonly vlan?: string;
  /** Only of networks with IPv6 addresses. */
  readonly ip6cidr?: string;
  readonly ip6gateway?: string;
  readonly created?: string;
  readonly tags?: readonly Tag[];
  readonly networkofferingid?: string;
  readonly service?: readonly NetworkService[];
}

/** A service that a network or a network offering has; before 4.22 networks name no providers. */
export interface NetworkService {
  /** For example `UserData`. */
  readonly name: string;
  readonly provider?: readonly { readonly name: string }[];
}

/** Networks behind one router, its tiers. */
export interface Vpc {
  readonly id: string;
  readonly name: string;
  /** All tiers are within it. */
  readonly cidr?: string;
}

/** A list of rules about what may pass in and out of a tier. */
export interface NetworkAclList {
  readonly id: string;
  readonly name: string;
}

/** What a network can be created from. */
export interface NetworkOffering {
  readonly id: string;
  readonly name: string;
  /** `Isolated`, `Shared` or `L2`. */
  readonly guestiptype?: string;
  /** Whether the creator has to name a VLAN, which only root admins may. */
  readonly specifyvlan?: boolean;
  readonly forvpc?: boolean;
  readonly service?: readonly NetworkService[];
}

/** Guest operating system type; its description is the name people see. */
export interface OsType {
  readonly id: string;
  readonly description: string;
}

/** Template, one per template and zone. */
export interface Template {
  readonly id: string;
  readonly name: string;
  readonly displaytext?: string;
  readonly zoneid?: string;
  readonly zonename?: string;
  readonly isready?: boolean;
  readonly status?: string;
  readonly hypervisor?: string;
  /** Bytes, as the guest sees the disk. */
  readonly size?: number;
  readonly ostypeid?: string;
  readonly created?: string;
  /** Where it was downloaded from, as its owner sees it. */
  readonly url?: string;
  /** Of one made of a volume: the template that the volume was made of. */
  readonly sourcetemplateid?: string;
  readonly tags?: readonly Tag[];
}

/** Where and how to upload an image (getUploadParamsForTemplate). */
export interface UploadParams {
  readonly id: string;
  readonly postURL: string;
  readonly metadata: string;
  readonly expires: string;
  readonly signature: string;
}

/** Network card of a VM. */
export interface Nic {
  readonly id: string;
  readonly networkid: string;
  readonly ipaddress?: string;
  readonly secondaryip?: readonly { readonly ipaddress: string }[];
  readonly netmask?: string;
  readonly gateway?: string;
  readonly ip6address?: string;
  readonly macaddress?: string;
  readonly type?: string;
}

/** Virtual machine. */
export interface VirtualMachine {
  readonly id: string;
  readonly name: string;
  readonly displayname?: string;
  readonly state: string;
  readonly account?: string;
  readonly domainid?: string;
  /** Instead of `account`. */
  readonly projectid?: string;
  readonly zoneid?: string;
  readonly created?: string;
  readonly hypervisor?: string;
  /** The description of its OS type. */
  readonly osdisplayname?: string;
  readonly nic?: readonly Nic[];
  readonly tags?: readonly Tag[];
  readonly details?: Readonly<Record<string, string>>;
  /** Base64; only when listed with `userdata=true`. */
  readonly userdata?: string;
  readonly publicip?: string;
  readonly publicipid?: string;
  readonly affinitygroup?: readonly AffinityGroup[];
  /** The names of its SSH key pairs, with commas between them. */
  readonly keypairs?: string;
  /** From 4.20 on. */
  readonly deleteprotection?: boolean;
}

/** Affinity group; inside of a VM without its type and its VMs. */
export interface AffinityGroup {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  /** For example `host anti-affinity`. */
  readonly type?: string;
}

/** Volume. Attached ones name their VM and device; those fields are absent when detached. */
export interface Volume {
  readonly id: string;
  readonly name: string;
  /** `ROOT` or `DATADISK`. */
  readonly type?: string;
  readonly state?: string;
  /** Bytes. */
  readonly size?: number;
  readonly zoneid?: string;
  readonly virtualmachineid?: string;
  readonly vmname?: string;
  readonly deviceid?: number;
  readonly diskofferingid?: string;
  /** The name of its storage pool, and the id of the cluster of that; only root admins see both. */
  readonly storage?: string;
  readonly clusterid?: string;
  readonly created?: string;
  readonly attached?: string;
  readonly tags?: readonly Tag[];
  /** From 4.20 on. */
  readonly deleteprotection?: boolean;
}

/** Snapshot of a volume; it may outlive it. */
export interface Snapshot {
  readonly id: string;
  readonly name: string;
  /** `BackedUp` once it can be used. */
  readonly state?: string;
  readonly created?: string;
  readonly tags?: readonly Tag[];
}

/** A key and value on a resource. */
export interface Tag {
  readonly key: string;
  readonly value: string;
  readonly resourceid?: string;
}

/** Public address. */
export interface PublicIpAddress {
  readonly id: string;
  readonly ipaddress: string;
  readonly state?: string;
  readonly issourcenat?: boolean;
  readonly isstaticnat?: boolean;
  readonly virtualmachineid?: string;
  readonly associatednetworkid?: string;
  /** Of an address of a VPC, whether it leads to one of its tiers or not yet. */
  readonly vpcid?: string;
  /** When the account got it. */
  readonly allocated?: string;
  /** Whether ports are led, balanced or opened, or a VPN ends at it (FirewallRuleVO). */
  readonly hasrules?: boolean;
  readonly tags?: readonly Tag[];
}

/** A command that the caller may call (listApis). */
export interface Api {
  readonly name: string;
}

/** A global setting and its value, as administrators see it (listConfigurations). */
export interface ConfigurationSetting {
  readonly name: string;
  readonly value?: string;
}

/** Shares the connections to a port of a public address out among VMs. Ports are texts. */
export interface LoadBalancerRule {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly networkid?: string;
  readonly publicip?: string;
  readonly publicport?: string;
  readonly privateport?: string;
  readonly algorithm?: string;
  /** `Add`, `Active` or `Deleting`. */
  readonly state?: string;
}

/** Leads ports of a public address to a VM. Ports are texts. */
export interface PortForwardingRule {
  readonly id: string;
  readonly publicport?: string;
  readonly publicendport?: string;
  readonly protocol?: string;
  readonly virtualmachineid?: string;
  readonly virtualmachinename?: string;
}

/** SSH key pair; CloudStack keeps the public key. */
export interface SshKeyPair {
  readonly id: string;
  readonly name: string;
  readonly fingerprint?: string;
}

/** State of a job: 0 pending, 1 done, 2 failed. */
export interface AsyncJob {
  readonly jobid?: string;
  /** What it is about: of a job on a volume the volume's id. */
  readonly jobinstanceid?: string;
  readonly jobstatus: number;
  readonly jobresultcode?: number;
  /** Absent while pending, and for jobs that a restart of the management server ended. */
  readonly jobresult?: unknown;
}

/** Answer of commands that return nothing but whether they worked. */
export interface Success {
  readonly success: boolean | string;
  readonly displaytext?: string;
}
