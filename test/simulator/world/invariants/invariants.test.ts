// Each invariant can fail: a sound world is broken in one place, through its own tables, and the
// one sentence that comes back names the rows. A world that nothing happened to is sound.
import { expect, test } from '@playwright/test';
import type { Simulator } from '../../../../simulator/simulator.js';
import type {
  JobRow,
  LoadBalancerRuleRow,
  NetworkRow,
  NicRow,
  VmRow,
  VolumeRow,
} from '../../../../simulator/world/entities.js';
import { setFaultRules } from '../../../../simulator/faults/fault-rules.js';
import { parseFaultPlan } from '../../../../simulator/faults/parse-fault-plan.js';
import { checkInvariants } from '../../../../simulator/world/invariants/invariants.js';
import type { NewRow } from '../../../../simulator/world/table.js';
import { removeRangesOf } from '../../../../simulator/world/network/vlan-ranges.js';
import { PLAIN_VOLUME } from '../../../../simulator/world/storage/volume-allocation.js';
import type { World } from '../../../../simulator/world/world.js';
import { bareVm } from '../../../support/bare-vm.js';
import { testSimulator } from '../../../support/simulator-client.js';
import { assertSound } from '../../../support/sound-world.js';

const GIB = 1024 ** 3;

/** A world with a running and a stopped VM, each with a NIC and a root volume. */
interface Situation {
  readonly world: World;
  readonly network: NetworkRow;
  readonly running: VmRow;
  readonly stopped: VmRow;
  readonly root: VolumeRow;
  readonly nic: NicRow;
}

function situation(): Situation {
  const { world }: Simulator = testSimulator().simulator;
  const network = world.networks.all().find((row) => row.name === 'NET_CS')!;
  const running = addVm(world, 'vm-running');
  const root = addVolume(world, { vmId: running.id, deviceId: 0, type: 'ROOT' });
  makeReady(world, root);
  world.vms.move(running, 'StartRequested', { hostId: world.hosts.all()[0]!.id });
  world.vms.move(running, 'OperationSucceeded');
  const nic = addNic(world, running, network, '10.203.6.10');
  const stopped = addVm(world, 'vm-stopped');
  addVolume(world, { vmId: stopped.id, deviceId: 0, type: 'ROOT' });
  addNic(world, stopped, network, '10.203.6.11');
  return { world, network, running, stopped, root, nic };
}

function addVm(world: World, name: string, changes: Partial<NewRow<VmRow>> = {}): VmRow {
  const account = world.accounts.require(world.users.all()[1]!.accountId);
  return world.vms.insert({ ...bareVm(world, name, account), memoryMib: 1_024, ...changes });
}

function addVolume(world: World, changes: Partial<NewRow<VolumeRow>> = {}): VolumeRow {
  return world.volumes.insert({
    name: 'a volume',
    type: 'DATADISK',
    state: 'Allocated',
    accountId: world.users.all()[1]!.accountId,
    zoneId: world.zones.all()[0]!.id,
    sizeBytes: GIB,
    diskOfferingId: world.diskOfferings.all()[0]!.id,
    serviceOfferingId: null,
    templateId: null,
    snapshotId: null,
    vmId: null,
    deviceId: null,
    attachedMs: null,
    poolId: null,
    ...PLAIN_VOLUME,
    origin: null,
    files: {},
    ...changes,
  });
}

function makeReady(world: World, volume: VolumeRow, poolName = 'primary1'): void {
  const pool = world.storagePools.all().find((row) => row.name.startsWith(poolName))!;
  world.volumes.move(volume, 'CreateRequested', { poolId: pool.id });
  world.volumes.move(volume, 'OperationSucceeded');
}

function addNic(world: World, vm: VmRow, network: NetworkRow, ipAddress: string): NicRow {
  const deviceId = world.nics.where('vmId', vm.id).length;
  return world.nics.insert({
    vmId: vm.id,
    networkId: network.id,
    ipAddress,
    macAddress: `02:00:00:00:00:${String(world.nics.all().length).padStart(2, '0')}`,
    deviceId,
    isDefault: deviceId === 0,
    dhcpOptions: [],
  });
}

function belongingTo({ id, vmId, networkId }: NicRow): {
  nicId: string;
  vmId: string;
  networkId: string;
} {
  return { nicId: id, vmId, networkId };
}

/** A rule for port 80 of the first public address, which the network has. */
function addRule(
  { world, network, running }: Situation,
  changes: Partial<NewRow<LoadBalancerRuleRow>> = {},
): LoadBalancerRuleRow {
  const publicIp = world.publicIps.all()[0]!;
  if (publicIp.state === 'Free') {
    const { accountId } = running;
    world.publicIps.move(publicIp, 'Allocate', { accountId, networkId: network.id });
  }
  return world.loadBalancerRules.insert({
    name: 'web',
    description: null,
    publicIpId: publicIp.id,
    networkId: network.id,
    accountId: running.accountId,
    publicPort: 80,
    privatePort: 80,
    algorithm: 'source',
    protocol: null,
    cidrList: null,
    isDisplayed: true,
    state: 'Add',
    ...changes,
  });
}

function addJob(world: World, changes: Partial<NewRow<JobRow>> = {}): JobRow {
  const user = world.users.all()[1]!;
  return world.jobs.insert({
    command: 'startVirtualMachine',
    accountId: user.accountId,
    userId: user.id,
    parameters: {},
    state: 'pending',
    resultCode: 0,
    result: null,
    instanceType: null,
    instanceId: null,
    completedMs: null,
    queue: 'vm:1',
    javaClass: null,
    startedMs: 0,
    step: 0,
    memo: {},
    slowedBy: 1,
    eventRecord: null,
    ...changes,
  });
}

test('the default world, and one with VMs and jobs, are sound', () => {
  assertSound(testSimulator().simulator);
  const { world } = situation();
  addJob(world);
  addJob(world, { startedMs: null });
  world.jobs.move(addJob(world, { queue: null }), 'OperationFailed', {
    result: { errorcode: 530 },
    completedMs: 0,
  });
  assertSound({ world });
});

/** What breaks the world, and the sentence that must come back. */
const violations: Readonly<Record<string, (s: Situation) => RegExp>> = {
  'two NICs hold one address': ({ world, network, stopped }) => {
    addNic(world, stopped, network, '10.203.6.10');
    return /^NICs \S+ and \S+ both hold 10\.203\.6\.10 in network /;
  },
  'a secondary address is that of another NIC': ({ world, nic, stopped }) => {
    const [other] = world.nics.where('vmId', stopped.id);
    const { ipAddress } = nic;
    world.nicSecondaryIps.insert({ ...belongingTo(other!), ipAddress: ipAddress! });
    return /^NICs \S+ and \S+ both hold 10\.203\.6\.10 in network /;
  },
  'a secondary address outlives its NIC': ({ world, stopped }) => {
    const [nic] = world.nics.where('vmId', stopped.id);
    world.nicSecondaryIps.insert({ ...belongingTo(nic!), ipAddress: '10.203.6.77' });
    world.nics.remove(nic!);
    return /^address 10\.203\.6\.77 is a second one of NIC \S+, which is removed$/;
  },
  'a VM has no default NIC': ({ world, nic }) => {
    world.nics.change(nic, { isDefault: false });
    return /^VM \S+ has 0 default NICs$/;
  },
  'two NICs of a VM are one device': ({ world, running, network }) => {
    const nic = addNic(world, running, network, '10.203.6.14');
    world.nics.change(nic, { deviceId: 0 });
    return /^NICs \S+ and \S+ are both device 0$/;
  },
  'two VMs of a network have one name': ({ world, network }) => {
    addNic(world, addVm(world, 'vm-running'), network, '10.203.6.12');
    return /^VMs \S+ and \S+ are both called vm-running in network /;
  },
  'two volumes are one device': ({ world, stopped }) => {
    for (const name of ['a', 'b']) addVolume(world, { name, vmId: stopped.id, deviceId: 1 });
    return /^volumes \S+ and \S+ are both device 1 of VM /;
  },
  'a VM has two root volumes': ({ world, stopped }) => {
    addVolume(world, { vmId: stopped.id, deviceId: 1, type: 'ROOT' });
    return /^VM \S+ has more than one root volume: \S+, \S+$/;
  },
  'a running VM has lost its root volume': ({ world, root }) => {
    world.volumes.change(root, { vmId: null, deviceId: null });
    return /^VM \S+ is Running without a root volume$/;
  },
  'a host gives more CPU than it has': ({ world, running }) => {
    world.vms.change(running, { cpuMhz: 32_001 });
    return /^host \S+ gives 32001 of 32000 MHz$/;
  },
  'a host gives more memory than it has': ({ world, running }) => {
    world.vms.change(running, { memoryMib: 65_537 });
    return /^host \S+ gives 65537 of 65536 MiB$/;
  },
  'a running VM has no host': ({ world, running }) => {
    world.vms.change(running, { hostId: null });
    return /^VM \S+ is Running without a host$/;
  },
  'a host of a running VM is down': ({ world, running }) => {
    world.hosts.change(world.hosts.require(running.hostId!), { up: false });
    return /^VM \S+ is Running on host \S+, which is down$/;
  },
  'a stopped VM has a host': ({ world, stopped }) => {
    world.vms.change(stopped, { hostId: world.hosts.all()[1]!.id });
    return /^VM \S+ is Stopped and has host /;
  },
  'a running VM has a volume that is not ready': ({ world, running }) => {
    addVolume(world, { vmId: running.id, deviceId: 1 });
    return /^volume \S+ of the Running VM \S+ is Allocated$/;
  },
  'a running VM has a volume on a pool of another host': ({ world, running }) => {
    const volume = addVolume(world, { vmId: running.id, deviceId: 1 });
    makeReady(world, volume, 'host2-local');
    return /^host \S+ of VM \S+ does not reach the pool of volume /;
  },
  'an allocated volume has a pool': ({ world }) => {
    addVolume(world, { poolId: world.storagePools.all()[0]!.id });
    return /^volume \S+ is Allocated and has pool /;
  },
  'a ready volume has no pool': ({ world }) => {
    const volume = addVolume(world);
    makeReady(world, volume);
    world.volumes.change(volume, { poolId: null });
    return /^volume \S+ is Ready without a pool$/;
  },
  'a volume takes less than nothing': ({ world, root }) => {
    world.volumes.change(root, { sizeBytes: -1 });
    return /^volume \S+ takes -1$/;
  },
  'a job has ended, nobody knows when': ({ world }) => {
    world.jobs.move(addJob(world, { queue: null }), 'OperationFailed');
    return /^job \S+ has ended at no time$/;
  },
  'a job has succeeded without a result': ({ world }) => {
    const job = addJob(world, { queue: null });
    world.jobs.move(job, 'OperationSucceeded', { completedMs: 0 });
    return /^job \S+ has succeeded and has no result$/;
  },
  'a pending job has a result': ({ world }) => {
    addJob(world, { result: { success: true } });
    return /^job \S+ is pending and has a result$/;
  },
  'nobody starts a VM that is Starting': ({ world, stopped }) => {
    world.vms.move(stopped, 'StartRequested');
    addJob(world, { instanceId: stopped.id, startedMs: null, queue: null });
    return /^VM \S+ is Starting, and no job works on it$/;
  },
  'nobody attaches a volume that is Attaching': ({ world }) => {
    const volume = addVolume(world, { state: 'Allocated' });
    const poolId = world.storagePools.all()[0]!.id;
    world.volumes.move(volume, 'CreateRequested', { poolId });
    world.volumes.move(volume, 'OperationSucceeded');
    world.volumes.move(volume, 'AttachRequested');
    return /^volume \S+ is Attaching, and no job works on it$/;
  },
  'nobody resizes a volume that is Resizing': ({ world }) => {
    const volume = addVolume(world);
    makeReady(world, volume);
    world.volumes.move(volume, 'ResizeRequested');
    return /^volume \S+ is Resizing, and no job works on it$/;
  },
  'nobody resizes a volume while a job works on another thing': ({ world, running }) => {
    const volume = addVolume(world);
    makeReady(world, volume);
    world.volumes.move(volume, 'ResizeRequested');
    addJob(world, { instanceId: running.id, startedMs: 0, queue: null });
    return /^volume \S+ is Resizing, and no job works on it$/;
  },
  'nobody prepares a pool for its maintenance': ({ world }) => {
    world.storagePools.move(world.storagePools.all()[0]!, 'MaintenanceRequested');
    return /^storage pool \S+ is PrepareForMaintenance, and no job works on it$/;
  },
  'a guest has the volume of another VM': ({ world, running, stopped }) => {
    const [other] = world.volumes.where('vmId', stopped.id);
    world.vms.change(running, { guestDevices: { vdb: other!.id } });
    return /^the guest of VM \S+ has volume \S+, which its VM has not$/;
  },
  'a guest has a volume twice': ({ world, running, root }) => {
    world.vms.change(running, { guestDevices: { vda: root.id, vdb: root.id } });
    return /^volume \S+ is at two nodes of the guest of VM /;
  },
  'an internal id is given twice': ({ world }) => {
    const removed = addVolume(world, {});
    world.volumes.remove(removed);
    addVolume(world, { internalId: removed.internalId });
    return /^volume \S+ and \S+ have the internal id \d+$/;
  },
  'two jobs of one queue run': ({ world }) => {
    addJob(world);
    addJob(world);
    return /^jobs \S+ and \S+ both run in queue vm:1$/;
  },
  'a job waits for nobody': ({ world }) => {
    addJob(world, { startedMs: null });
    return /^job \S+ waits in queue vm:1, where none runs$/;
  },
  'a NIC outlives its VM': ({ world, network }) => {
    const vm = addVm(world, 'vm-gone');
    addNic(world, vm, network, '10.203.6.13');
    world.vms.remove(vm);
    return /^NIC \S+ belongs to VM \S+, which is removed$/;
  },
  'a NIC outlives its network': ({ world, stopped }) => {
    const network = world.networks.all().find((row) => row.name === 'NET_SHARED')!;
    addNic(world, stopped, network, '10.204.0.10');
    removeRangesOf(world, network.id);
    world.networks.remove(network);
    return /^NIC \S+ belongs to network \S+, which is removed$/;
  },
  'a volume outlives its VM': ({ world }) => {
    const vm = addVm(world, 'vm-gone');
    addVolume(world, { vmId: vm.id, deviceId: 1 });
    world.vms.remove(vm);
    return /^volume \S+ belongs to VM \S+, which is removed$/;
  },
  'a tag outlives what it was put on': ({ world }) => {
    const volume = addVolume(world);
    world.tags.insert({
      accountId: volume.accountId,
      resourceType: 'Volume',
      resourceId: volume.id,
      key: 'a',
      value: 'b',
      customer: null,
    });
    world.volumes.remove(volume);
    return /^tag \S+ belongs to \S+, which is removed$/;
  },
  'a public address is reserved for nobody': ({ world, running }) => {
    const [publicIp] = world.publicIps.all();
    world.publicIps.move(publicIp!, 'Reserve', { accountId: running.accountId });
    world.publicIps.change(publicIp!, { accountId: null });
    return /^public address \S+ is Reserved for nobody$/;
  },
  'a public address outlives its range': ({ world }) => {
    for (const publicIp of world.publicIps.all().slice(1)) world.publicIps.remove(publicIp);
    world.vlanRanges.remove(world.vlanRanges.all().find(({ networkId }) => networkId === null)!);
    return /^public address \S+ is of range \S+, which is removed$/;
  },
  'a public address comes twice': ({ world }) => {
    const [first, second] = world.publicIps.all();
    world.publicIps.change(second!, { ipAddress: first!.ipAddress });
    return /^public addresses \S+ and \S+ are both 203\.0\.113\.10$/;
  },
  'a free public address has an owner': ({ world }) => {
    const accountId = world.accounts.all()[0]!.id;
    world.publicIps.change(world.publicIps.all()[0]!, { accountId });
    return /^public address \S+ is Free and in use$/;
  },
  'a public address outlives its network': ({ world }) => {
    const network = world.networks.all().find((row) => row.name === 'NET_SHARED')!;
    world.publicIps.move(world.publicIps.all()[0]!, 'Allocate', { networkId: network.id });
    removeRangesOf(world, network.id);
    world.networks.remove(network);
    return /^public address \S+ is in network \S+, which is removed$/;
  },
  'a network has two source NAT addresses': ({ world, network }) => {
    for (const publicIp of world.publicIps.all().slice(0, 2)) {
      world.publicIps.move(publicIp, 'Allocate', { networkId: network.id, isSourceNat: true });
    }
    return /^public addresses \S+ and \S+ both translate for network /;
  },
  'a port of an address has two rules': (s) => {
    for (const name of ['a', 'b']) addRule(s, { name });
    return /^load balancer rules \S+ and \S+ both have port 80 of \S+$/;
  },
  'a rule has the address of another network': (s) => {
    addRule(s, { networkId: s.world.networks.all().find((row) => row.name === 'NET_SHARED')!.id });
    return /^load balancer rule \S+ has the foreign address \S+$/;
  },
  'a rule has an address with static NAT': (s) => {
    const { publicIpId } = addRule(s);
    s.world.publicIps.change(s.world.publicIps.require(publicIpId), {
      vmId: s.running.id,
      vmIpAddress: s.nic.ipAddress,
    });
    return /^load balancer rule \S+ has address \S+, which has static NAT$/;
  },
  'an active rule has no member': (s) => {
    s.world.loadBalancerRules.move(addRule(s), 'MembersApplied');
    return /^load balancer rule \S+ is Active without a member$/;
  },
  'a VM is a member twice': (s) => {
    const { id: ruleId } = addRule(s);
    const member = { ruleId, vmId: s.running.id, ipAddress: '10.203.6.10' };
    for (let count = 0; count < 2; count += 1) s.world.loadBalancerMembers.insert(member);
    return /^load balancer members \S+ and \S+ are the same$/;
  },
  'a member has an address that its VM does not have': (s) => {
    const { id: ruleId } = addRule(s);
    const member = { ruleId, vmId: s.running.id, ipAddress: '10.203.6.99' };
    s.world.loadBalancerMembers.insert(member);
    return /^load balancer member \S+ is 10\.203\.6\.99, which VM \S+ does not have in network /;
  },
  'a member outlives its rule': (s) => {
    const rule = addRule(s);
    const member = { ruleId: rule.id, vmId: s.running.id, ipAddress: '10.203.6.10' };
    s.world.loadBalancerMembers.insert(member);
    s.world.loadBalancerRules.purge(rule);
    return /^load balancer member \S+ has no rule$/;
  },
  'static NAT leads to a VM that is gone': ({ world }) => {
    const vm = addVm(world, 'vm-gone');
    world.publicIps.move(world.publicIps.all()[0]!, 'Allocate', { vmId: vm.id });
    world.vms.remove(vm);
    return /^public address \S+ leads to VM \S+, which is removed$/;
  },
  'static NAT leads to an address that the VM does not have': ({ world, running, network }) => {
    world.publicIps.move(world.publicIps.all()[0]!, 'Allocate', {
      vmId: running.id,
      vmIpAddress: '10.203.6.99',
      networkId: network.id,
    });
    return /^public address \S+ leads to 10\.203\.6\.99, which VM \S+ does not have in network /;
  },
};

for (const [what, corrupt] of Object.entries(violations)) {
  test(what, () => {
    const s = situation();
    assertSound(s);
    const sentence = corrupt(s);
    const found = checkInvariants(s.world);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(sentence);
  });
}

test('a VM that its job starts is sound, and one that a fault left in Starting', () => {
  const { world, stopped } = situation();
  world.vms.move(stopped, 'StartRequested');
  const job = addJob(world, { instanceId: stopped.id });
  assertSound({ world });
  world.jobs.move(job, 'OperationFailed', { completedMs: 0 });
  expect(checkInvariants(world)).toHaveLength(1);
  const plan = [{ then: { effect: 'vm-stuck-in-starting' } }];
  setFaultRules(world, parseFaultPlan(plan, 'the plan', []));
  expect(checkInvariants(world)).toEqual([]);
});

test('static NAT to an address that the VM has is sound, and so is a VM in Error', () => {
  const { world, running, stopped, nic } = situation();
  world.publicIps.move(world.publicIps.all()[0]!, 'Allocate', {
    accountId: running.accountId,
    vmId: running.id,
    vmIpAddress: nic.ipAddress,
    networkId: nic.networkId,
  });
  world.vms.move(stopped, 'OperationFailedToError');
  for (const volume of world.volumes.where('vmId', stopped.id)) {
    world.volumes.move(volume, 'DestroyRequested');
  }
  assertSound({ world });
});
