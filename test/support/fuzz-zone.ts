// What a zone under random requests begins with, and what must be true of it once all is at rest.
import { deepStrictEqual, ok } from 'node:assert';
import { checkEventLog } from '../../simulator/world/invariants/event-log-invariants.js';
import { checkInvariants } from '../../simulator/world/invariants/invariants.js';
import type { World } from '../../simulator/world/world.js';
import type { TestWorld } from './simulator-client.js';

const RESULT_CODES = new Set([0, 431, 432, 530, 533, 535, 536, 537]);
const RESTING = new Set(['Running', 'Stopped', 'Destroyed', 'Expunging', 'Error']);

/** Some VMs and volumes to begin with, so that the first requests already meet something. */
export function populate({ simulator, user, admin }: TestWorld): void {
  const { zones, templates, diskOfferings, serviceOfferings, networks } = simulator.world;
  const zoneid = zones.all()[0]!.id;
  const vm = {
    zoneid,
    templateid: templates.all()[0]!.id,
    serviceofferingid: serviceOfferings.all()[0]!.id,
    diskofferingid: diskOfferings.all()[0]!.id,
    size: 5,
  };
  const type = 'host anti-affinity';
  const affinitygroupids = user.run('createAffinityGroup', { name: 'web', type }).id!;
  admin.run('createAffinityGroup', { name: 'web', type: 'host affinity' });
  user.call('createSSHKeyPair', { name: 'web' });
  const { id } = user.run('deployVirtualMachine', { ...vm, name: 'web', affinitygroupids });
  user.run('deployVirtualMachine', { ...vm, startvm: false });
  admin.run('deployVirtualMachine', { ...vm, networkids: networks.all()[1]!.id });
  const disk = { zoneid, diskofferingid: vm.diskofferingid, size: 3 };
  const volume = user.run('createVolume', disk).id;
  user.run('createVolume', { zoneid, diskofferingid: diskOfferings.all()[2]!.id, size: 3 });
  user.run('attachVolume', { id: volume!, virtualmachineid: id! });
  user.run('associateIpAddress', { networkid: networks.all()[0]!.id });
  populateVpc(simulator.world, user, zoneid);
}

/** A VPC with a list of rules and a tier; it gets its router with the first VM there. */
function populateVpc(world: World, user: TestWorld['user'], zoneid: string): void {
  const { vpcOfferings, networkOfferings } = world;
  const vpcid = user.run('createVPC', {
    name: 'web',
    zoneid,
    vpcofferingid: vpcOfferings.all()[0]!.id,
    cidr: '10.9.0.0/16',
    start: false,
  }).id!;
  const aclid = user.run('createNetworkACLList', { name: 'web', vpcid }).id!;
  user.run('createNetworkACL', { aclid, protocol: 'tcp', startport: 80 });
  user.call('createNetwork', {
    name: 'web',
    zoneid,
    networkofferingid: networkOfferings.all().find(({ forVpc }) => forVpc)!.id,
    vpcid,
    aclid,
    gateway: '10.9.1.1',
    netmask: '255.255.255.240',
  });
}

/**
 * Whether a refused request may have changed something, as in CloudStack: a deployment that fails while
 * it allocates leaves a VM in Error, one whose extraconfig is refused a VM that is Stopped, one without
 * networks the network that its owner had none of, a rule for a network without a list leaves it one,
 * and a policy whose tags are refused stays.
 */
export function mayLeaveTraces(
  sent: { readonly command: string; readonly values: Readonly<Record<string, unknown>> },
  status: number,
  answer: string,
): boolean {
  const { command, values } = sent;
  if (command === 'createNetworkACL') return true;
  if (command === 'createSnapshotPolicy') return answer.includes('is either null or empty');
  if (command !== 'deployVirtualMachine') return false;
  // A list of commas alone names nothing (UserVmManagerImpl.createAdvancedVirtualMachine).
  const namesNetworks = Object.entries(values).some(
    ([name, value]) => /^(networkids$|iptonetworklist)/i.test(name) && /[^,]/.test(String(value)),
  );
  return !namesNetworks || status === 530 || answer.includes('attempted setting extraconfig');
}

/** Whether a request did something, and not only time that moved with it. */
export function hasLeftTraces(
  { simulator }: Pick<TestWorld, 'simulator'>,
  before: number,
): boolean {
  return simulator.kernel.log.after(before).some(({ cause }) => cause.startsWith('request:'));
}

/** Those that are to be uploaded wait for somebody outside, or for the end of their hour. */
const VOLUMES_AT_REST: ReadonlySet<string> = new Set([
  'Allocated',
  'Ready',
  'Destroy',
  'NotUploaded',
  'UploadInProgress',
  'Uploaded',
  'UploadError',
  'UploadAbandoned',
]);

/** No job hangs, nothing is left between two states, and no invariant is broken. */
export function assertAtRest({ simulator: { world } }: Pick<TestWorld, 'simulator'>): void {
  for (const job of world.jobs.all()) {
    ok(job.state !== 'pending', `job ${job.id} ${job.command} hangs`);
    ok(RESULT_CODES.has(job.resultCode), `${job.command} ended with ${JSON.stringify(job)}`);
  }
  for (const vm of world.vms.all()) ok(RESTING.has(vm.state), `VM ${vm.id} is ${vm.state}`);
  for (const volume of world.volumes.all()) {
    ok(VOLUMES_AT_REST.has(volume.state), `volume ${volume.id} is ${volume.state}`);
  }
  for (const snapshot of world.snapshots.all()) {
    ok(
      ['Allocated', 'BackedUp'].includes(snapshot.state),
      `snapshot ${snapshot.id} is ${snapshot.state}`,
    );
  }
  deepStrictEqual(checkInvariants(world), []);
  deepStrictEqual(checkEventLog(world), []);
}
