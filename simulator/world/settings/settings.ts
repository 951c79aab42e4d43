import { limitSettings } from './limit-settings.js';
import { setting, type SettingDeclaration } from './setting.js';

/**
 * The settings of a zone: CloudStack's global settings that clients can notice, under their own
 * names and with their own defaults, and the simulator's own, which say how long things take.
 */
export const settingDeclarations = {
  'cloudstack.version': setting<string>(
    '4.20.2.0',
    'The version that clients are told; of 4.18 and 4.19 also texts on which clients match',
  ),
  'default.page.size': setting<number>(500, 'Rows of a list without paging, and of a page at most'),
  'expunge.delay': setting<number>(86_400, 'Seconds until a destroyed VM may be expunged'),
  'expunge.interval': setting<number>(86_400, 'Seconds between two runs of the expunge thread'),
  'allow.user.expunge.recover.vm': setting<boolean>(false, 'Ordinary users may expunge their VMs'),
  'allow.user.expunge.recover.volume': setting<boolean>(true, 'Users may expunge their volumes'),
  'allow.domain.admins.to.create.tagged.offerings': setting<boolean>(
    false,
    'Domain admins may make offerings with host or storage tags',
  ),
  'allow.user.create.projects': setting<boolean>(true, 'Ordinary users may create projects'),
  'allow.user.force.stop.vm': setting<boolean>(true, 'Stops of VMs may be forced'),
  'allow.user.view.destroyed.vm': setting<boolean>(false, 'Ordinary users see destroyed VMs'),
  'vm.destroy.forcestop': setting<boolean>(
    false,
    'A destruction forces the stop of a VM that an operation has left between two states',
  ),
  'destroy.root.volume.on.vm.destruction': setting<boolean>(
    false,
    'The root volume of a VM is destroyed with it, and not only when it is expunged',
  ),
  'vm.password.length': setting<number>(6, 'Characters of a password that is drawn for a VM'),
  'enable.dynamic.scale.vm': setting<boolean>(false, 'Running VMs can get a larger offering'),
  'vm.userdata.max.length': setting<number>(32_768, 'Longest user data, in base64 characters'),
  'instance.name': setting<string>('VM', 'Prefix of default VM names and suffix of instance names'),
  'custom.diskoffering.size.min': setting<number>(1, 'Smallest volume of a custom offering, GiB'),
  'custom.diskoffering.size.max': setting<number>(
    1_024,
    'Largest volume of a custom offering, GiB',
  ),
  'storage.max.volume.size': setting<number>(2_000, 'Largest volume of all, in GiB'),
  'storage.cleanup.enabled': setting<boolean>(true, 'Destroyed volumes are deleted by themselves'),
  'storage.cleanup.delay': setting<number>(
    86_400,
    'Seconds until a destroyed volume may be deleted',
  ),
  'storage.cleanup.interval': setting<number>(
    86_400,
    'Seconds between two cleanups of the storage',
  ),
  'storage.overprovisioning.factor': setting<number>(
    2,
    'How many times its size a storage pool may promise to volumes',
  ),
  'pool.storage.allocated.capacity.disablethreshold': setting<number>(
    0.85,
    'Share of what a pool may promise above which it gets no more volumes, 0 to 1',
  ),
  'pool.storage.capacity.disablethreshold': setting<number>(
    0.85,
    'Share of a pool in use from which it gets no more volumes, 0 to 1',
  ),
  'volume.resize.allowed.beyond.allocation': setting<boolean>(
    false,
    'Volumes may grow on a pool that gets no more of them',
  ),
  'pool.storage.allocated.resize.capacity.disablethreshold': setting<number>(
    0.9,
    'Share of what a pool may promise above which its volumes do not grow either, 0 to 1',
  ),
  'volume.allocation.algorithm': setting<string>(
    'random',
    'Which of the pools that suit gets a volume: random, firstfit, userdispersing, ' +
      'userconcentratedpod_random, userconcentratedpod_firstfit or firstfitleastconsumed',
  ),
  'cpu.overprovisioning.factor': setting<number>(
    1,
    'How many times their MHz the hosts of a cluster may promise to VMs',
  ),
  'mem.overprovisioning.factor': setting<number>(
    1,
    'How many times their memory the hosts of a cluster may promise to VMs',
  ),
  'cluster.cpu.allocated.capacity.disablethreshold': setting<number>(
    0.85,
    'Share of its MHz that a cluster may promise above which it gets no more VMs, 0 to 1',
  ),
  'cluster.memory.allocated.capacity.disablethreshold': setting<number>(
    0.85,
    'Share of its memory that a cluster may promise above which it gets no more VMs, 0 to 1',
  ),
  'cluster.threshold.enabled': setting<boolean>(
    true,
    'These shares count when a VM starts again, too, and not only when it is new',
  ),
  'enable.storage.migration': setting<boolean>(
    true,
    'Shared volumes move to the cluster where their VM starts',
  ),
  'host.capacityType.to.order.clusters': setting<string>(
    'CPU',
    'Of what the least used cluster gets the next VM: CPU or RAM',
  ),
  'kvm.snapshot.enabled': setting<boolean>(false, 'Volumes of running VMs on KVM have snapshots'),
  'snapshot.max.hourly': setting<number>(8, 'Most snapshots of a volume by hourly policies'),
  'snapshot.max.daily': setting<number>(8, 'Most snapshots of a volume by daily policies'),
  'snapshot.max.weekly': setting<number>(8, 'Most snapshots of a volume by weekly policies'),
  'snapshot.max.monthly': setting<number>(8, 'Most snapshots of a volume by monthly policies'),
  'snapshot.poll.interval': setting<number>(300, 'Seconds between two looks at snapshot policies'),
  'kvm.vmstoragesnapshot.enabled': setting<boolean>(
    false,
    'Running VMs on KVM have snapshots of their disks alone',
  ),
  'vmsnapshot.max': setting<number>(10, 'Most snapshots of a VM'),
  'secondary.storage.capacity.threshold': setting<number>(
    0.9,
    'Share of secondary storage in use above which it is given nothing more, 0 to 1',
  ),
  'snapshot.backup.to.secondary': setting<boolean>(true, 'Snapshots go to secondary storage'),
  'max.template.iso.size': setting<number>(50, 'Largest template, in GiB'),
  'storage.max.volume.upload.size': setting<number>(500, 'Largest volume that is uploaded, in GiB'),
  'allow.duplicate.networkname': setting<boolean>(true, 'Networks of an account may share a name'),
  'vm.network.nic.max.secondary.ipaddresses': setting<number>(
    10,
    'Most secondary addresses of a NIC',
  ),
  'network.throttling.rate': setting<number>(
    200,
    'Mbit a second of networks whose offering says nothing',
  ),
  'network.guest.cidr.limit': setting<number>(22, 'Shortest prefix of a network by users'),
  'allow.end.users.to.specify.vr.mtu': setting<boolean>(
    false,
    'Who makes a network chooses the largest packet of its router',
  ),
  'vr.public.interface.max.mtu': setting<number>(
    1_500,
    'Largest packet on the public interfaces of routers, in bytes',
  ),
  'vr.private.interface.max.mtu': setting<number>(
    1_500,
    'Largest packet on the guest interfaces of routers, in bytes',
  ),
  'vm.serviceoffering.cpu.cores.max': setting<number>(0, 'Most cores of a VM; 0: no limit'),
  'vm.serviceoffering.ram.size.max': setting<number>(0, 'Most memory of a VM in MiB; 0: no limit'),
  'vmware.root.disk.controller': setting<string>(
    'ide',
    'What the root disks of VMs on VMware are connected to',
  ),
  'hypervisor.list': setting<string>(
    'Hyperv,KVM,XenServer,VMware,BareMetal,Ovm,LXC,Ovm3',
    'What listHypervisors answers when asked for no zone',
  ),
  'api.key.access': setting<boolean>(true, 'Requests may be signed with keys'),
  'ssh.key.length': setting<number>(2_048, 'Bits of the SSH keys that createSSHKeyPair makes'),
  'account.cleanup.interval': setting<number>(
    86_400,
    'Seconds until the rest of a deleted account is looked at again',
  ),
  'vpc.max.networks': setting<number>(3, 'Most networks of a VPC'),
  'vpc.cleanup.interval': setting<number>(
    3_600,
    'Seconds until the rest of a deleted VPC is looked at again',
  ),
  'job.expire.minutes': setting<number>(1_440, 'Minutes until a job is forgotten'),
  'job.cancel.threshold.minutes': setting<number>(
    60,
    'Minutes for which a job may keep the others of its VM waiting',
  ),
  'upload.operation.timeout': setting<number>(60, 'Minutes until an unused upload URL expires'),
  'upload.monitoring.interval': setting<number>(60, 'Seconds between two looks at uploads'),
  'ssvm.uploadUrl': setting<string>('', 'Base of upload URLs; empty: the address of the API'),
  'disable.extraction': setting<boolean>(
    false,
    'Only root admins get URLs of templates and volumes',
  ),
  'extract.url.expiration.interval': setting<number>(
    14_400,
    'Seconds that a URL of an extracted image lives at least',
  ),
  'extract.url.cleanup.interval': setting<number>(
    7_200,
    'Seconds between two looks for URLs of extracted images that have lived long enough',
  ),
  'ssvm.allowLoopback': setting<boolean>(
    false,
    'Templates may come from 127.0.0.1, which CloudStack refuses',
  ),
  'validate.url.is.resolvable.before.registering.template': setting<boolean>(
    true,
    'Hosts in URLs of templates are checked; names are not resolved',
  ),
  'allow.public.user.templates': setting<boolean>(true, 'Ordinary users may have public templates'),
  'duration.job': setting<number>(50, 'Milliseconds until a job is picked up'),
  'duration.vm.deploy': setting<number>(
    0,
    'Milliseconds of a deployment before the VM is started, or left stopped',
  ),
  'duration.vm.start': setting<number>(4_000, 'Milliseconds that a VM needs to start'),
  'duration.vm.stop': setting<number>(2_500, 'Milliseconds that a VM needs to stop'),
  'duration.vm.reboot': setting<number>(3_000, 'Milliseconds that a reboot of a VM takes'),
  'duration.vm.destroy': setting<number>(1_000, 'Milliseconds of a destruction after the stop'),
  'duration.vm.expunge': setting<number>(1_500, 'Milliseconds that expunging a VM takes'),
  'duration.vm.migrate': setting<number>(5_000, 'Milliseconds to move a running VM to a host'),
  'duration.vm.scale': setting<number>(1_500, 'Milliseconds to change the size of a running VM'),
  'xenserver.pvdriver.version': setting<string>(
    'xenserver61',
    'What templates for XenServer are said to bring along',
  ),
  'duration.template.copy': setting<number>(2_000, 'Milliseconds to copy a template to a pool'),
  'duration.template.zonecopy': setting<number>(5_000, 'Milliseconds to copy a template to a zone'),
  'duration.template.download': setting<number>(
    5_000,
    'Least milliseconds that the bytes of a template need',
  ),
  'duration.template.create': setting<number>(3_000, 'Milliseconds to make a template of a disk'),
  'duration.template.install': setting<number>(2_000, 'Milliseconds to install a downloaded image'),
  'duration.iso.attach': setting<number>(1_000, 'Milliseconds to change the ISO of a running VM'),
  'duration.volume.attach': setting<number>(1_500, 'Milliseconds to attach a volume'),
  'duration.volume.detach': setting<number>(1_500, 'Milliseconds to detach a volume'),
  'duration.volume.resize': setting<number>(1_500, 'Milliseconds to resize a volume'),
  'duration.volume.migrate': setting<number>(
    5_000,
    'Milliseconds to move a volume to another pool',
  ),
  'duration.volume.copy': setting<number>(
    3_000,
    'Milliseconds to copy a volume between secondary storage and a pool',
  ),
  'duration.volume.restore': setting<number>(
    3_000,
    'Milliseconds to fill a volume from a snapshot',
  ),
  'duration.snapshot.take': setting<number>(1_500, 'Milliseconds to take a snapshot'),
  'duration.snapshot.backup': setting<number>(3_000, 'Milliseconds to back a snapshot up'),
  'duration.snapshot.copy': setting<number>(5_000, 'Milliseconds to copy a snapshot to a zone'),
  'duration.snapshot.revert': setting<number>(3_000, 'Milliseconds to revert a volume'),
  'duration.snapshot.delete': setting<number>(1_000, 'Milliseconds to delete a snapshot'),
  'duration.vmsnapshot.create': setting<number>(3_000, 'Milliseconds to take a snapshot of a VM'),
  'duration.vmsnapshot.revert': setting<number>(3_000, 'Milliseconds to revert a VM'),
  'duration.vmsnapshot.delete': setting<number>(2_000, 'Milliseconds to delete a snapshot of a VM'),
  'duration.network': setting<number>(3_000, 'Milliseconds to end or restart a virtual router'),
  'duration.address': setting<number>(500, 'Milliseconds to program an address into the router'),
  ...limitSettings,
} as const;

export type SettingName = keyof typeof settingDeclarations;
export type SettingValue<Name extends SettingName> =
  (typeof settingDeclarations)[Name] extends SettingDeclaration<infer T> ? T : never;

/** The settings in force: the defaults, and what the world changed. */
export class Settings {
  readonly #values: Partial<Record<SettingName, string | number | boolean>>;

  constructor(values: Partial<Record<SettingName, string | number | boolean>>) {
    this.#values = { ...values };
  }

  /** What differs from the defaults. */
  get changed(): Readonly<Partial<Record<SettingName, string | number | boolean>>> {
    return { ...this.#values };
  }

  get<Name extends SettingName>(name: Name): SettingValue<Name> {
    return (this.#values[name] ?? settingDeclarations[name].default) as SettingValue<Name>;
  }

  set<Name extends SettingName>(name: Name, value: SettingValue<Name>): void {
    this.#values[name] = value;
  }
}
