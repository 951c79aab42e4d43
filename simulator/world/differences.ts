import type { Difference } from '../kernel/difference.js';

/** How the cloud behind the API is otherwise. */
export const worldDifferences: readonly Difference[] = [
  {
    about: 'Failures',
    cloudStack: 'Hosts, storage and links fail by themselves, and high availability restarts VMs.',
    here: 'Nothing fails unless a fault plan says so, and nothing is restarted.',
  },
  {
    about: 'Usage',
    cloudStack: 'Measures processor time, memory, disk operations and traffic.',
    here: 'Leaves out the fields that tell them, or tells 0: VMs have a size and do no work.',
  },
  {
    about: 'What root admins write into a volume',
    cloudStack: 'updateVolume writes any state and any pool of the zone into the database.',
    here:
      'It takes the state Ready for a volume on a pool, and a pool that has room and is in reach; ' +
      'what would be true of no volume is refused.',
  },
  {
    about: 'Details of resources',
    cloudStack:
      'addResourceDetail puts details on some thirty types of resources, hidden ones too.',
    here:
      'VMs, templates, networks and offerings have details, none of them hidden; for other types ' +
      'it is refused by name.',
  },
  {
    about: 'Unused networks',
    cloudStack: 'Shuts an isolated network down some time after its last VM (`network.gc.*`).',
    here: 'Keeps it implemented until it is deleted.',
  },
  {
    about: 'Virtual routers',
    cloudStack: 'Take room on hosts and minutes to come up, and are checked for their health.',
    here:
      'Take no room, are there as soon as their network or VPC needs them, and are always well; a ' +
      'redundant VPC has one as well.',
  },
  {
    about: 'Traffic',
    cloudStack: 'Forwards and filters packets.',
    here: 'Keeps addresses and rules; no packet flows, so nothing is ever filtered.',
  },
  {
    about: 'Kinds of networks',
    cloudStack:
      'Has basic zones, security groups, IPv6 in all kinds of networks, BGP, external providers.',
    here:
      'Has advanced zones without security groups, IPv4 with the virtual router, and IPv6 in shared ' +
      'networks.',
  },
  {
    about: 'VPCs',
    cloudStack:
      'Have VPN and private gateways, static routes, load balancers inside, and offerings that admins make.',
    here: 'Have tiers, lists of rules and public addresses, with the offerings that CloudStack ships.',
  },
  {
    about: 'MAC addresses',
    cloudStack: 'Takes the prefix from the deployment.',
    here: 'Always begins with `02:00` for VMs, `1e:00` for the public side of routers.',
  },
  {
    about: 'What is in use of storage pools',
    cloudStack: 'Asks the storage, and finds what guests have written.',
    here: 'Counts the templates on a pool, and all of it where a fault plan has filled it.',
  },
  {
    about: 'Templates on storage pools',
    cloudStack: 'Stay for a while when the last disk made of them is gone.',
    here: 'Are gone with it.',
  },
  {
    about: 'Sizes of snapshots',
    cloudStack: 'A snapshot takes what was written to the volume.',
    here: 'It takes the size of the volume: nobody writes to simulated disks.',
  },
  {
    about: 'Snapshots on XenServer',
    cloudStack: 'Backs up the difference to the snapshot before (`snapshot.delta.max`).',
    here: 'Backs each up as a whole, and copies it to other zones without those before it.',
  },
  {
    about: 'Snapshots of running VMs on KVM without memory',
    cloudStack: 'Asks the guest agent to freeze the disks, and keeps a snapshot of each (`GROUP`).',
    here: 'Finds every guest willing, and keeps the snapshot of the VM alone.',
  },
  {
    about: 'Going back to a snapshot of a running VM that was scaled since',
    cloudStack: 'Scales the VM to what it was, where dynamic scaling allows it.',
    here: 'Fails, as CloudStack does where it does not.',
  },
  {
    about: 'Room for VMs that move to another host',
    cloudStack: 'Must be below the thresholds of the cluster (`cluster.*.disablethreshold`), too.',
    here: 'Is looked for on the host alone; VMs that start look at the thresholds.',
  },
  {
    about: 'System VMs',
    cloudStack:
      'Are a secondary storage VM and console proxies in each zone, on hosts and addresses.',
    here: 'Are not there to list or to log in to; a fault plan can take the work of the former away.',
  },
  {
    about: 'Alerts',
    cloudStack: 'Tell admins what went wrong and what is running short, by mail and in lists.',
    here: 'Are not sent; the log of the simulator tells what happened, and listCapacity what is left.',
  },
  {
    about: 'Dedicated hosts',
    cloudStack: 'Reserves hosts for a domain or an account (`ExplicitDedication`).',
    here: 'Has no such reservations.',
  },
  {
    about: 'Backups',
    cloudStack:
      'Keeps backups of VMs where a plugin for them is set up. restoreBackup alone takes volumes and ' +
      'VMs to the state Restoring.',
    here: 'Has no backups, and so nothing is ever Restoring; restoreVirtualMachine does without.',
  },
  {
    about: 'Limits',
    cloudStack:
      'Counts backups, buckets and object storage, too. Limits VMs by host tags and disks by storage ' +
      'tags where `resource.limit.host.tags` and `resource.limit.storage.tags` name any.',
    here:
      'Counts the first twelve types of resources. Names no such tags, as a new CloudStack does: the ' +
      'parameter `tag` is refused by name, and nobody has `taggedresources`.',
  },
];
