// Proves that `why router` tells whom a router serves, what its state means to them, why it cannot
// start, and that a stop or start that was lost left it between two states.
import { expect, test } from '@playwright/test';
import { rule } from '../../support/faulty-zone.js';
import { testSimulator, type TestWorld } from '../../support/simulator-client.js';
import { deployed, networkId } from '../../support/simulator-vms.js';
import { addRunningVm, addTier, addVpc, createVpcWorld } from '../../support/vpc-world.js';

function reasons({ simulator }: Pick<TestWorld, 'simulator'>, idOrName: string): string[] {
  return [...simulator.why('router', idOrName)[0]!.because];
}

/** The default world with a VM in NET_CS, and the id of its router. */
function withRouter(): TestWorld & { readonly id: string } {
  const world = testSimulator();
  deployed(world, world.user, { networkids: networkId(world, 'NET_CS') });
  return { ...world, id: world.simulator.world.routers.all()[0]!.id };
}

test('one that runs: for which network, where, with which addresses, and how it ends', () => {
  const world = withRouter();
  const { name } = world.simulator.world.routers.require(world.id);
  expect(reasons(world, name)).toEqual([
    expect.stringMatching(/^It serves network NET_CS \(\S+\)\.$/),
    expect.stringMatching(/^It is Running on host host\d\.$/),
    expect.stringMatching(
      /^Its addresses: to its VMs 10\.203\.7\.254; outside 203\.0\.113\.\d+; to its host 169\.254\.\S+\.$/,
    ),
    expect.stringContaining('restartNetwork with cleanup=true puts a new one in its place'),
  ]);
});

test('a stopped one: what its VMs lack, what starts it, and that no host would take it', () => {
  const world = withRouter();
  const { admin, simulator, id } = world;
  const { jobid } = admin.call('stopRouter', { id });
  simulator.kernel.advanceBy(simulator.world.settings.get('duration.job'));
  expect(reasons(world, id)).toContainEqual(
    expect.stringMatching(/^It is Stopping\. Until it runs/),
  );
  expect(reasons(world, id)).toContainEqual(
    expect.stringContaining(`Job ${String(jobid)} (stopRouter) works on it since`),
  );
  simulator.kernel.advanceUntilIdle();
  const stopped = reasons(world, id);
  expect(stopped[1]).toMatch(/^It is Stopped\. Until it runs, VMs there get no address by DHCP/);
  expect(stopped.join('\n')).not.toContain('It cannot start');
  for (const host of simulator.world.hosts.all()) {
    admin.call('updateHost', { id: host.id, allocationstate: 'Disable' });
  }
  expect(reasons(world, id)).toContain(
    'It cannot start: no host of the zone is up and Enabled; why host tells why.',
  );
  expect(admin.run('startRouter', { id }).status).toBe(2);
  admin.done('destroyRouter', { id });
  expect(reasons(world, id)).toEqual([expect.stringMatching(/^It was destroyed at \S+\.$/)]);
});

test('one that a lost job left between two states says so', () => {
  const world = withRouter();
  const { admin, simulator, id } = world;
  simulator.setFaults(
    rule(
      { command: 'stopRouter', phase: 'job-step', step: 2 },
      { effect: 'management-server-restart', settlesStates: false },
    ),
  );
  admin.run('stopRouter', { id });
  expect(reasons(world, id)[1]).toMatch(
    /^It is Stopping, and no job works on it: the job was lost\./,
  );
});

test('that of a VPC tells the tiers that it serves', () => {
  const zone = createVpcWorld();
  const vpc = addVpc(zone)['id'] as string;
  const { id } = zone.world.routers.where('vpcId', vpc)[0]!;
  expect(reasons(zone, id)[0]).toBe(
    `It serves the tiers of VPC cloud (${vpc}): none of which has come to life.`,
  );
  addRunningVm(zone, addTier(zone, vpc)['id'] as string);
  expect(reasons(zone, id)[0]).toBe(`It serves the tiers of VPC cloud (${vpc}): tier1.`);
  expect(reasons(zone, id).join('\n')).toContain('to its VMs 10.0.1.1; outside 203.0.113.');
});

test('a router that there never was', () => {
  expect(() => testSimulator().simulator.why('router', 'r-9-VM')).toThrow(
    'there is and was no router with the id or the name r-9-VM',
  );
});
