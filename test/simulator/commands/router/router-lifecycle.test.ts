// Proves what becomes of virtual routers by command: stop, start, reboot and destroy with their states,
// what each of them means to the guests, VMs and rules of the network, who is refused, and what a
// restart of the network does.
import { expect, test } from '@playwright/test';
import { accountOf } from '../../../support/identity-world.js';
import { faultyZone, rule } from '../../../support/faulty-zone.js';
import { createOwnedWorld, takeThings } from '../../../support/owned-things.js';
import { assertSound } from '../../../support/sound-world.js';
import {
  TestClient,
  testSimulator,
  type JobOutcome,
  type Reply,
  type TestWorld,
} from '../../../support/simulator-client.js';
import { deployed, networkId } from '../../../support/simulator-vms.js';

interface Scene extends TestWorld {
  readonly networkId: string;
  readonly vmId: string;
  /** The id of the network's router. */
  readonly id: string;
}

/** A network with a VM, and so with a router. */
function scene(world: TestWorld = testSimulator()): Scene {
  const network = networkId(world, 'NET_CS');
  const vm = deployed(world, world.user, { networkids: network });
  const { id } = world.simulator.world.routers.all()[0]!;
  return { ...world, networkId: network, vmId: vm['id'] as string, id };
}

function stateOf({ admin, id }: Scene): unknown {
  return (admin.call('listRouters', { id })['router'] as Reply[] | undefined)?.[0]?.['state'];
}

/** What a guest gets of its user data, if a router answers. */
function metadata({ simulator, vmId }: Scene): number | undefined {
  return simulator.guest(vmId).get('http://data-server/latest/user-data')?.status;
}

/** A command to which the world must be indifferent. */
function fails(zone: Scene, command: string, client = zone.admin): [number, unknown] {
  const { routers } = zone.simulator.world;
  const before = JSON.stringify(routers.everyRow());
  const { status, resultcode, result }: JobOutcome = client.run(command, { id: zone.id });
  expect([status, JSON.stringify(routers.everyRow())]).toEqual([2, before]);
  return [resultcode, result['errortext']];
}

test('a router stops and starts, by steps; while it is off its guests get nothing', () => {
  const zone = scene();
  const { admin, simulator, id } = zone;
  const { settings } = simulator.world;
  expect([stateOf(zone), metadata(zone)]).toEqual(['Running', 200]);
  const { jobid } = admin.call('stopRouter', { id });
  simulator.kernel.advanceBy(settings.get('duration.job'));
  expect(stateOf(zone)).toBe('Stopping');
  assertSound(simulator);
  simulator.kernel.advanceUntilIdle();
  const { router } = admin.job(jobid).result;
  expect(router).toMatchObject({ id, state: 'Stopped' });
  for (const field of ['hostid', 'linklocalip']) expect(router).not.toHaveProperty(field);
  expect(metadata(zone)).toBeUndefined();
  assertSound(simulator);
  admin.call('startRouter', { id });
  simulator.kernel.advanceBy(settings.get('duration.job'));
  expect([stateOf(zone), metadata(zone)]).toEqual(['Starting', undefined]);
  assertSound(simulator);
  simulator.kernel.advanceUntilIdle();
  expect([stateOf(zone), metadata(zone)]).toEqual(['Running', 200]);
  assertSound(simulator);
});

test('what is on already starts, and what is off stops, with success', () => {
  const zone = scene();
  const { admin, id } = zone;
  const seq = zone.simulator.kernel.log.lastSeq;
  expect(admin.done('startRouter', { id })['router'].state).toBe('Running');
  expect(zone.simulator.kernel.log.after(seq).filter(({ entity }) => entity === 'router')).toEqual(
    [],
  );
  admin.done('stopRouter', { id });
  expect(admin.done('stopRouter', { id })['router'].state).toBe('Stopped');
});

test('a reboot is a stop and a start, and only for a router that runs', () => {
  const zone = scene();
  const { admin, simulator, id } = zone;
  const { settings, zones } = simulator.world;
  const { jobid } = admin.call('rebootRouter', { id, forced: true });
  simulator.kernel.advanceBy(settings.get('duration.job'));
  expect(stateOf(zone)).toBe('Stopping');
  simulator.kernel.advanceBy(settings.get('duration.vm.stop'));
  expect(stateOf(zone)).toBe('Starting');
  simulator.kernel.advanceUntilIdle();
  expect(admin.job(jobid).result['router']).toMatchObject({ id, state: 'Running' });
  admin.done('stopRouter', { id });
  expect(fails(zone, 'rebootRouter')).toEqual([
    530,
    `Resource [DataCenter:${zones.all()[0]!.internalId}] is unreachable: Unable to reboot domR, it ` +
      'is not in right state Stopped',
  ]);
  assertSound(simulator);
});

test('the next VM that starts in the network starts a stopped router, and makes one for a destroyed one', () => {
  const zone = scene();
  const { admin, user, simulator, id } = zone;
  admin.done('stopRouter', { id });
  deployed(zone, user, { networkids: zone.networkId });
  expect([stateOf(zone), metadata(zone)]).toEqual(['Running', 200]);
  const { router } = admin.done('destroyRouter', { id });
  expect(router).toMatchObject({ id, state: 'Expunging' });
  expect([stateOf(zone), metadata(zone)]).toEqual([undefined, undefined]);
  expect(simulator.world.networks.require(zone.networkId).state).toBe('Implemented');
  user.done('stopVirtualMachine', { id: zone.vmId });
  user.done('startVirtualMachine', { id: zone.vmId });
  const [next, ...others] = admin.call('listRouters', { listall: true })['router'];
  expect(others).toEqual([]);
  expect(next.id).not.toBe(id);
  expect(metadata(zone)).toBe(200);
  assertSound(simulator);
});

test('rules are made and end while the router is off', () => {
  const zone = scene();
  const { admin, user, simulator } = zone;
  admin.done('stopRouter', { id: zone.id });
  const { ipaddress } = user.done('associateIpAddress', { networkid: zone.networkId });
  const { portforwardingrule } = user.done('createPortForwardingRule', {
    ipaddressid: ipaddress.id,
    virtualmachineid: zone.vmId,
    protocol: 'tcp',
    publicport: 22,
    privateport: 22,
  });
  expect(portforwardingrule.state).toBe('Active');
  user.done('deletePortForwardingRule', { id: portforwardingrule.id });
  expect(stateOf(zone)).toBe('Stopped');
  assertSound(simulator);
});

test('a stopped router is destroyed at once', () => {
  const zone = scene();
  const { admin, simulator, id } = zone;
  admin.done('stopRouter', { id });
  const before = simulator.kernel.nowMs;
  admin.done('destroyRouter', { id });
  expect(simulator.kernel.nowMs - before).toBe(simulator.world.settings.get('duration.job'));
  assertSound(simulator);
});

test('what is gone is found no more, each command says it in its own words', () => {
  const zone = scene();
  const { admin, id, simulator } = zone;
  admin.done('destroyRouter', { id });
  const { internalId } = simulator.world.routers.require(id);
  expect(fails(zone, 'startRouter')).toEqual([431, "Can't find router by id"]);
  expect(fails(zone, 'stopRouter')).toEqual([431, "Can't find router by id"]);
  expect(fails(zone, 'rebootRouter')).toEqual([
    431,
    `Unable to find domain router with id ${internalId}.`,
  ]);
  expect(fails(zone, 'destroyRouter')).toEqual([530, 'Failed to destroy router']);
  expect(admin.fails('stopRouter', { id: simulator.world.vms.all()[0]!.id }).httpStatus).toBe(431);
});

test('without a host that takes it a router does not start, nor a network restart', () => {
  const zone = scene();
  const { admin, user, simulator, id } = zone;
  admin.done('stopRouter', { id });
  for (const host of simulator.world.hosts.all()) {
    simulator.world.hosts.move(host, 'Disable');
  }
  expect(fails(zone, 'startRouter')).toEqual([
    533,
    expect.stringMatching(/^Unable to create a deployment for VM instance .*"type":"DomainRouter"/),
  ]);
  for (const cleanup of [true, false]) {
    const values = { id: zone.networkId, cleanup };
    expect(user.run('restartNetwork', values)).toMatchObject({
      status: 2,
      result: { errorcode: 530, errortext: 'Failed to restart network' },
    });
  }
});

test('a router starts on a host that is up', () => {
  const zone = scene();
  const { admin, simulator, id } = zone;
  admin.done('stopRouter', { id });
  const hosts = simulator.world.hosts.all();
  for (const host of hosts.slice(0, -1)) simulator.world.hosts.change(host, { up: false });
  admin.done('startRouter', { id });
  expect(simulator.world.routers.require(id).hostId).toBe(hosts.at(-1)!.id);
});

for (const command of ['startRouter', 'stopRouter', 'rebootRouter', 'destroyRouter']) {
  test(`${command}: users may not, admins of other domains neither`, () => {
    const owned = createOwnedWorld();
    for (const name of ['bosh', 'worker']) takeThings(owned, owned.clientOf(name));
    const { id } = owned.world.routers
      .all()
      .find(({ accountId }) => accountId === accountOf(owned, 'bosh').id)!;
    expect(owned.clientOf('bosh').fails(command, { id }).httpStatus).toBe(432);
    expect(owned.clientOf('chief').run(command, { id })).toMatchObject({
      status: 2,
      resultcode: 530,
    });
    const [own] = owned.clientOf('chief').call('listRouters', { listall: true })['router'];
    expect(owned.clientOf('chief').run(command, { id: own.id })['status']).toBe(1);
    assertSound(owned.simulator);
  });
}

test("the router of a shared network is nobody's but root admins'", () => {
  const world = testSimulator();
  const { simulator, admin, user } = world;
  const shared = simulator.world.networks.all().find(({ type }) => type === 'Shared')!;
  deployed(world, user, { networkids: shared.id });
  const [router] = admin.call('listRouters', { listall: true })['router'];
  const { id: domainid } = simulator.world.domains.all()[0]!;
  const person = { firstname: 'A', lastname: 'B', email: 'a@b.example', password: 'x' };
  const { account } = admin.call('createAccount', {
    ...person,
    username: 'chief',
    accounttype: 2,
    domainid,
  });
  const { userkeys } = admin.call('registerUserKeys', { id: account.user[0].id });
  const chief = new TestClient(simulator, {
    apiKey: userkeys.apikey,
    secretKey: userkeys.secretkey,
  });
  expect(chief.run('stopRouter', { id: router.id })).toMatchObject({
    status: 2,
    result: { errortext: expect.stringContaining('does not have permission to operate') },
  });
  admin.done('stopRouter', { id: router.id });
});

test('a restart with cleanup gives the network another router, without it starts the old one', () => {
  const zone = scene();
  const { admin, user, simulator, id } = zone;
  const restart = (cleanup: boolean): unknown =>
    user.done('restartNetwork', { id: zone.networkId, cleanup });
  admin.done('stopRouter', { id });
  restart(false);
  expect(stateOf(zone)).toBe('Running');
  restart(true);
  const [next, ...others] = admin.call('listRouters', { listall: true })['router'];
  expect(others).toEqual([]);
  expect(next).toMatchObject({ state: 'Running', guestnetworkid: zone.networkId });
  expect(next.id).not.toBe(id);
  expect(stateOf(zone)).toBeUndefined();
  admin.done('destroyRouter', { id: next.id });
  restart(true);
  expect(admin.call('listRouters', { listall: true })['count']).toBe(1);
  expect(metadata(zone)).toBe(200);
  // Routers have nothing to be patched with.
  user.done('restartNetwork', { id: zone.networkId, livepatch: true });
  assertSound(simulator);
});

test('a router whose network is deleted while it stops is not there any more', () => {
  const zone = scene();
  const { admin, user, simulator, id } = zone;
  admin.done('destroyVirtualMachine', { id: zone.vmId, expunge: true });
  for (const command of ['stopRouter', 'startRouter', 'destroyRouter', 'rebootRouter']) {
    user.done('restartNetwork', { id: zone.networkId, cleanup: true });
    const [router] = admin.call('listRouters', { listall: true })['router'];
    if (command === 'startRouter') admin.done('stopRouter', { id: router.id });
    const { jobid } = admin.call(command, { id: router.id });
    simulator.kernel.advanceBy(simulator.world.settings.get('duration.job'));
    const restart = user.call('restartNetwork', { id: zone.networkId, cleanup: true });
    simulator.world.settings.set('duration.network', 1);
    simulator.kernel.advanceUntilIdle();
    expect(user.job(restart['jobid']).status).toBe(1);
    expect(admin.job(jobid), command).toMatchObject({ status: 2, resultcode: 530 });
    assertSound(simulator);
  }
  expect(stateOf({ ...zone, id })).toBeUndefined();
});

test('the network is restarted while its router starts', () => {
  const zone = scene();
  const { admin, user, simulator, id } = zone;
  admin.done('stopRouter', { id });
  admin.call('startRouter', { id });
  simulator.kernel.advanceBy(simulator.world.settings.get('duration.job'));
  user.done('restartNetwork', { id: zone.networkId });
  simulator.kernel.advanceUntilIdle();
  expect(stateOf(zone)).toBe('Running');
  assertSound(simulator);
});

const restart = { effect: 'management-server-restart' } as const;

test('a router that the management server lost while it stopped runs, while it started is stopped', () => {
  const zone = scene(faultyZone([]));
  const { admin, simulator, id } = zone;
  const lost = (command: string): void => {
    simulator.setFaults(rule({ command, step: 2, phase: 'job-step' }, restart));
    expect(admin.run(command, { id }).status).toBe(2);
    simulator.setFaults([]);
  };
  lost('stopRouter');
  expect(stateOf(zone)).toBe('Running');
  admin.done('stopRouter', { id });
  lost('startRouter');
  expect(stateOf(zone)).toBe('Stopped');
  assertSound(simulator);
});

test('a router that was left between two states is stopped again, or by force', () => {
  const zone = scene(faultyZone([]));
  const { admin, simulator, id } = zone;
  const left = (command: string): void => {
    const then = { ...restart, settlesStates: false };
    simulator.setFaults(rule({ command, step: 2, phase: 'job-step' }, then));
    admin.run(command, { id });
    simulator.setFaults([]);
  };
  left('stopRouter');
  expect(stateOf(zone)).toBe('Stopping');
  expect(fails(zone, 'startRouter')[0]).toBe(530);
  admin.done('stopRouter', { id });
  expect(stateOf(zone)).toBe('Stopped');
  left('startRouter');
  expect(stateOf(zone)).toBe('Starting');
  expect(fails(zone, 'stopRouter')[1]).toMatch(/^We cannot stop VM instance .* in state Starting$/);
  expect(admin.run('stopRouter', { id, forced: true }).result['errortext']).toMatch(
    /^We cannot proceed with stop VM .* current state: Stopped$/,
  );
  expect(stateOf(zone)).toBe('Stopped');
  left('startRouter');
  admin.done('destroyVirtualMachine', { id: zone.vmId, expunge: true });
  zone.user.done('deleteNetwork', { id: zone.networkId });
  expect(stateOf(zone)).toBeUndefined();
  assertSound(simulator);
});
