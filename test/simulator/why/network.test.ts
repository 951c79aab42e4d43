// Proves that `why network` tells in which state a network is, which VMs keep it from being deleted,
// what it holds, and what is full; what it says of deletion is compared with deleteNetwork.
import { expect, test } from '@playwright/test';
import { addNic, addVm, createNetworkWorld } from '../../support/network-world.js';
import { testSimulator, type TestWorld } from '../../support/simulator-client.js';
import { deployed, networkId } from '../../support/simulator-vms.js';
import { addRunningVm, addTier, addVpc, createVpcWorld } from '../../support/vpc-world.js';

function reasons({ simulator }: Pick<TestWorld, 'simulator'>, idOrName: string): string[] {
  return [...simulator.why('network', idOrName)[0]!.because];
}

test('an isolated network from before its first VM to its deletion', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const id = networkId(world, 'NET_CS');
  expect(reasons(world, 'NET_CS')).toEqual([
    expect.stringContaining(
      'It is of the type Isolated, 10.203.6.0/23, gateway 10.203.7.254, in zone zone1; it belongs to account bosh.',
    ),
    expect.stringContaining('It is Allocated: it has neither router nor source NAT address'),
    'Of its 510 addresses 509 are free.',
    'No VM has a NIC in it: deleteNetwork would succeed.',
  ]);
  const vm = deployed(world, user, { name: 'web', networkids: id })['id'];
  const sourceNat = simulator.world.publicIps.where('networkId', id)[0]!;
  user.done('createFirewallRule', {
    ipaddressid: sourceNat.id,
    protocol: 'tcp',
    startport: 22,
    endport: 22,
  });
  const told = reasons(world, 'NET_CS');
  expect(told).toEqual([
    expect.stringContaining('It is of the type Isolated'),
    'It is Implemented: a VM has started in it, and it stays so until it is deleted.',
    'Of its 510 addresses 508 are free.',
    expect.stringMatching(/^Its router is r-\d+-VM \(\S+\)\. It is Running on host host\d\.$/),
    `Public addresses that it holds: ${sourceNat.ipAddress} (source NAT).`,
    'Its rules: 1 of the firewall; they go with it.',
    expect.stringMatching(/being deleted: VM web \(\S+\), Running\.$/),
  ]);
  user.done('destroyVirtualMachine', { id: vm });
  expect(reasons(world, id).at(-1)).toMatch(/VM web \(\S+\), Destroyed\.$/);
  expect(user.run('deleteNetwork', { id }).status).toBe(2);
  admin.done('expungeVirtualMachine', { id: vm });
  expect(reasons(world, id).at(-1)).toContain('deleteNetwork would succeed');
  const { jobid } = user.call('deleteNetwork', { id });
  simulator.kernel.advanceBy(simulator.world.settings.get('duration.job'));
  const goes = reasons(world, id);
  expect(goes[1]).toMatch(/^It is Shutdown: it is being deleted, or its deletion failed/);
  expect(goes[2]).toContain(`Job ${String(jobid)} (deleteNetwork) works on it since`);
  simulator.kernel.advanceUntilIdle();
  expect(reasons(world, id)).toEqual([expect.stringMatching(/^It was deleted at \S+\.$/)]);
});

test('a network without a free address says so, and what tells who has them', () => {
  const zone = createNetworkWorld();
  for (let number = 1; number <= 4; number += 1) addNic(zone.world, addVm(zone.world), 'shared');
  const told = reasons(zone, 'shared');
  expect(told).toContain(
    'Of its 4 addresses 0 are free. No VM can be deployed into it until one is: why address tells who holds it.',
  );
  expect(told).toContain('It is Setup, as a shared network is from its creation to its end.');
});

test('a tier tells its VPC, and that nothing passes without a list', () => {
  const zone = createVpcWorld();
  const vpc = addVpc(zone);
  const tier = addTier(zone, vpc['id'] as string)['id'] as string;
  addRunningVm(zone, tier);
  const told = reasons(zone, tier).join('\n');
  expect(told).toContain(
    `It is a tier of VPC cloud (${vpc['id'] as string}): it has no list of rules, so nothing passes`,
  );
  expect(told).toMatch(/^Its router is r-\d+-VM/m);
});

test('a network that there never was', () => {
  expect(() => testSimulator().simulator.why('network', 'none')).toThrow(
    'there is and was no network with the id or the name none',
  );
});
