// CPIs whose calls are right one by one, or nearly so, and that break what Director and CLI make of
// several of them.
import {
  after,
  answers,
  argument,
  asked,
  errs,
  bad,
  good,
  handles,
  insteadOf,
  later,
  losesDisks,
  type Break,
  type BrokenCpis,
} from '../broken-cpi.js';

/** Attaches a disk to one VM; once that has let it go it only says that it attaches it to another. */
export const forgetsDisks: Break = (cpi) => {
  const firsts = new Map<string, { vm: string; isHeld: boolean; answer: unknown }>();
  return handles(async (request, call) => {
    const [vm, disk] = request.arguments;
    const first = firsts.get(disk);
    if (request.method === 'attach_disk' && first?.isHeld === false && first.vm !== vm) {
      return first.answer;
    }
    const answer = await call(request);
    if (answer.error !== null) return answer;
    if (request.method === 'attach_disk') firsts.set(disk, { vm, isHeld: true, answer });
    for (const [held, known] of firsts) {
      const isLetGo =
        request.method === 'delete_vm' || (request.method === 'detach_disk' && held === disk);
      if (isLetGo && known.vm === vm) firsts.set(held, { ...known, isHeld: false });
    }
    return answer;
  })(cpi);
};

/** Attaches each disk once; when asked again it says that it has. */
export const attachesOnce: Break = (cpi) => {
  const done = new Map<string, unknown>();
  return handles(async (request, call) => {
    const key = request.arguments.join();
    if (request.method === 'detach_disk') done.delete(key);
    if (request.method !== 'attach_disk') return call(request);
    if (!done.has(key)) done.set(key, await call(request));
    return done.get(key);
  })(cpi);
};

/** Attaches one disk to a VM; of others it says that they are where the first is. */
export const hasRoomForOne: Break = (cpi) => {
  const taken = new Map<string, { disk: string; answer: unknown }>();
  return handles(async (request, call) => {
    const [vm, disk] = request.arguments;
    const own = taken.get(vm);
    if (request.method === 'detach_disk' && own?.disk === disk) taken.delete(vm);
    if (request.method !== 'attach_disk') return call(request);
    if (own !== undefined && own.disk !== disk) return own.answer;
    const answer = await call(request);
    if (answer.error === null) taken.set(vm, { disk, answer });
    return answer;
  })(cpi);
};

/** Gives a VM that is made in the place of another the address beside it. */
export const movesAddresses: Break = (cpi) => {
  const seen = new Set<string>();
  return argument('create_vm', 3, (networks: Record<string, { ip?: string }>) =>
    Object.fromEntries(
      Object.entries(networks).map(([name, network]) => {
        const ip = network.ip ?? '';
        if (seen.has(ip)) return [name, { ...network, ip: ip.replace('.1.', '.2.') }];
        seen.add(ip);
        return [name, network];
      }),
    ),
  )(cpi);
};

/** Takes all snapshots of the disk that it took the first one of. */
export const snapshotsOfTheFirst: Break = (cpi) => {
  let first: unknown;
  return argument('snapshot_disk', 0, (disk) => (first ??= disk))(cpi);
};

/** Detaches the disks of a VM that it reboots. */
export const detachesAtReboot: Break = (cpi) => {
  const attached = new Map<string, string>();
  return handles(async (request, call) => {
    const [vm, disk] = request.arguments;
    if (request.method === 'attach_disk') attached.set(disk, vm);
    if (request.method === 'reboot_vm') {
      for (const [held] of [...attached].filter(([, holder]) => holder === vm)) {
        await call({ ...request, method: 'detach_disk', arguments: [vm, held] });
      }
    }
    return call(request);
  })(cpi);
};

/** Makes each VM with the argument at a position that the first one had. */
function keepsFirst(position: number): Break {
  return (cpi) => {
    let first: unknown;
    return argument('create_vm', position, (value) => (first ??= value))(cpi);
  };
}

/** Makes room at an address that is taken, by deleting whoever has it. */
export const evicts: Break = (cpi) => {
  const holders = new Map<string, string>();
  return handles(async (request, call) => {
    if (request.method !== 'create_vm') return call(request);
    const key = JSON.stringify(request.arguments[3]);
    let answer = await call(request);
    const holder = holders.get(key);
    if (answer.error !== null && holder !== undefined) {
      await call({ ...request, method: 'delete_vm', arguments: [holder] });
      answer = await call(request);
    }
    if (answer.error === null) holders.set(key, answer.result[0]);
    return answer;
  })(cpi);
};

/** Takes the disks that a new VM is to have from the VMs that have them. */
export const takesDisks: Break = (cpi) => {
  const holders = new Map<string, string>();
  return handles(async (request, call) => {
    const [vm, disk] = request.arguments;
    if (request.method === 'create_vm') {
      for (const told of request.arguments[4] as string[]) {
        const holder = holders.get(told);
        if (holder === undefined) continue;
        await call({ ...request, method: 'detach_disk', arguments: [holder, told] });
        await call({ ...request, method: 'delete_vm', arguments: [holder] });
      }
    }
    const answer = await call(request);
    if (request.method === 'attach_disk') holders.set(disk, vm);
    return answer;
  })(cpi);
};

/** Takes each stemcell after the first for a current one. */
const forgetsVersion1: Break = (cpi) => {
  let made = 0;
  return asked((request) => {
    if (request.method !== 'create_vm' || (made += 1) === 1) return request;
    return { ...request, context: { ...request.context, vm: { stemcell: { api_version: 3 } } } };
  })(cpi);
};

/** Goes on with the properties of the first CPI that it is called as. */
const knowsOneCpi: Break = (cpi) => {
  let first: unknown;
  return asked((request) => ({
    ...request,
    context: { ...request.context, cloudstack: (first ??= request.context?.cloudstack) },
  }))(cpi);
};

const anySize = { disk_offering: 'any-size' };

export const brokenFlows: BrokenCpis = {
  'FLOW-01': [
    'answers before VMs are gone',
    later('delete_vm'),
    /create_vm failed with VMCreationFailed: create_vm: Address \S+ in network \S+ is held by VM/,
  ],
  'FLOW-02': [
    'forgets the disk of a VM that is made anew',
    forgetsDisks,
    /the agent of VM \S+ looks for disk \S+ at/,
  ],
  'FLOW-03': [
    'loses disks with their VM',
    losesDisks,
    /attach_disk failed with DiskNotFound: Disk \S+ does not exist or is being/,
  ],
  'FLOW-04': [
    'deletes what it detaches',
    after('detach_disk', (_, { arguments: [, disk] }) => ({
      method: 'delete_disk',
      arguments: [disk],
    })),
    /disk \S+ is not there/,
  ],
  'FLOW-05': [
    'makes all VMs of the first stemcell',
    keepsFirst(1),
    "expect(row?.['templateid']).toBe(stemcell.cid)",
  ],
  'FLOW-06': [
    'makes all VMs of the first type',
    keepsFirst(2),
    /VM \S+ has \d+ ephemeral disks, not \d+/,
  ],
  'FLOW-07': ['has room for one disk', hasRoomForOne, /the agent of VM \S+ looks for disk \S+ at/],
  'FLOW-08': ['resizes nothing', insteadOf('resize_disk'), /disk \S+ has \d+ MiB, not \d+ MiB/],
  'FLOW-09': [
    'keeps the offering',
    argument('update_disk', 2, () => anySize),
    /disk \S+ is of the offering any-size, not other-size/,
  ],
  'FLOW-10': ['has room for one disk', hasRoomForOne, /the agent of VM \S+ looks for disk \S+ at/],
  'FLOW-11': [
    'forgets disks that come to another VM',
    forgetsDisks,
    /the agent of VM \S+ looks for disk \S+ at/,
  ],
  'FLOW-12': [
    'has no disks',
    insteadOf('has_disk', () => good(false)),
    'expect([...ledger.disks.keys()]).toEqual(before)',
  ],
  'FLOW-13': [
    'has VMs for ever',
    insteadOf('has_vm', () => good(true)),
    'expect(found.map((problem) => problem.kind)).toEqual([kind])',
  ],
  'FLOW-14': [
    'misses what is not there',
    insteadOf('has_vm', () => bad('VMNotFound')),
    'has_vm failed with VMNotFound: broken',
  ],
  'FLOW-15': ['reboots nothing', insteadOf('reboot_vm'), /VM \S+ is in state Stopped, not Running/],
  'FLOW-16': [
    'has no VMs',
    insteadOf('has_vm', () => good(false)),
    'expect(found.map((problem) => problem.kind)).toEqual([kind])',
  ],
  'FLOW-17': ['keeps VMs', insteadOf('delete_vm'), /disk \S+ is attached to VM \S+, not to no VM/],
  'FLOW-18': [
    'has disks for ever',
    insteadOf('has_disk', () => good(true)),
    /VM \S+ does not see disk \S+/,
  ],
  'FLOW-19': [
    'detaches nothing',
    insteadOf('detach_disk'),
    /disk \S+ is attached to VM \S+, not to no VM/,
  ],
  'FLOW-20': ['attaches once', attachesOnce, /the agent of VM \S+ looks for disk \S+ at/],
  'FLOW-21': [
    'detaches disks at a reboot',
    detachesAtReboot,
    /disk \S+ is attached to no VM, not to VM \S+/,
  ],
  'FLOW-22': [
    'takes all snapshots of the first disk',
    snapshotsOfTheFirst,
    /snapshot \S+ is of volume \S+, not /,
  ],
  'FLOW-23': ['keeps snapshots', insteadOf('delete_snapshot'), /left over: snapshot \S+/],
  'FLOW-24': [
    'gives up',
    errs((error) => ({ ...error, ok_to_retry: false })),
    'create_vm failed with VMCreationFailed: CloudStack deployVirtualMachine failed with code 533',
  ],
  'FLOW-25': ['answers before VMs are gone', later('delete_vm'), /left over: VM \S+/],
  'FLOW-26': [
    'hides that it could not attach',
    answers((response, { method }) =>
      method === 'attach_disk' && response.error !== null ? good('/dev/vdb') : response,
    ),
    /disk \S+ is attached to no VM, not to VM \S+/,
  ],
  'FLOW-27': [
    'gives VMs that are made anew another address',
    movesAddresses,
    /VM \S+ has \S+ and not \S+/,
  ],
  'FLOW-28': ['keeps stemcells', insteadOf('delete_stemcell'), /left over: template \S+/],
  'FLOW-29': ['makes room at an address by deleting a VM', evicts, /VM \S+ is not there/],
  'FLOW-30': [
    'loses disks with their VM',
    losesDisks,
    /attach_disk failed with DiskNotFound: Disk \S+ does not exist/,
  ],
  'FLOW-31': [
    'has no disks',
    insteadOf('has_disk', () => good(false)),
    'expect(found.map((problem) => problem.kind)).toEqual([kind])',
  ],
  'FLOW-32': ['deletes a VM whose disk another is to have', takesDisks, /VM \S+ is not there/],
  'FLOW-33': [
    'tells the registry nothing of VMs that are made anew',
    forgetsVersion1,
    'cannot be told: the registry has no settings of it',
  ],
  'FLOW-34': ['knows one CPI', knowsOneCpi, /stemcell \S+ is in zone zone1, not in zone2/],
};
