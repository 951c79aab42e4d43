/** Cases that other CPIs have and that CloudStack, or this CPI, has no counterpart for; and why. */
export const withoutAnalogue: Readonly<Record<string, string>> = {
  'ENV-19':
    'CloudStack takes API calls with a key pair or with the cookie of a login; the CPI uses key ' +
    'pairs only, as its predecessors did.',
  'VM-21':
    'A VM of CloudStack is in one zone, which `zone` names; there is no list to choose from.',
  'VM-26':
    'The root disk is that of the stemcell or of the compute offering: what a VM needs of CPUs, ' +
    'memory and ephemeral disk says nothing of it (VM-23).',
  'VM-34': 'CloudStack gives VMs no disks of their hosts; local storage has volumes (VM-10).',
  'VM-42':
    'CloudStack lets only root admins choose a host or cluster; for others the host tags of the ' +
    'compute offering decide, and groups (VM-39).',
  'VM-44':
    'The compute offering decides what a VM can do; the CPI passes no free settings on, as its ' +
    'predecessors did not.',
  'NET-06':
    'CloudStack gives VMs of isolated networks no public address by itself; one is named in a vip ' +
    'network (NET-03).',
  'NET-07':
    'A card has a private address, and a public one only by a vip network (NET-03): there is no ' +
    'third combination.',
  'NET-15':
    'The CPI gives cards no secondary addresses, as its predecessors did not; CloudStack has ' +
    'addIpToNic for that.',
  'NET-16':
    'Isolated networks of CloudStack route by themselves and check no source; routes are settings ' +
    'of the agent (NET-20).',
  'NET-17': 'Cards have no tags in CloudStack; the VM has (MET-01).',
  'NIC-06':
    'Settings always tell the MAC address of each card (NIC-01), so that several manual networks ' +
    'need no other setting.',
  'DSK-36':
    'CloudStack chooses the pool of a volume, and passes over full ones and those in maintenance; a ' +
    'CPI names none.',
};
