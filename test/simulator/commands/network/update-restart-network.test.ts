// Proves that updateNetwork renames and that restartNetwork works in the two states in which
// CloudStack restarts, each beside its refusals.
import { expect, test } from '@playwright/test';
import { implementNetwork } from '../../../../simulator/world/network/networks.js';
import { createNetworkWorld, networkNamed } from '../../../support/network-world.js';
import { jobFails, unchanged } from './network-requests.js';

test('updateNetwork changes name and text, each if it is given', () => {
  const { user, world } = createNetworkWorld();
  const { id } = networkNamed(world, 'isolated');
  const { network } = user.done('updateNetwork', { id, name: 'renamed' });
  expect(network).toMatchObject({ id, name: 'renamed', displaytext: 'isolated' });
  user.done('updateNetwork', { id, displaytext: 'A text' });
  expect(networkNamed(world, 'renamed').displayText).toBe('A text');
});

test('a network that is implemented or set up can be restarted', () => {
  const { user, admin, world } = createNetworkWorld();
  const network = networkNamed(world, 'isolated');
  implementNetwork(world, network);
  expect(user.done('restartNetwork', { id: network.id, cleanup: true })).toEqual({ success: true });
  expect(network.state).toBe('Implemented');
  admin.done('restartNetwork', { id: networkNamed(world, 'shared').id });
});

test('a network that no VM has used yet cannot', () => {
  const zone = createNetworkWorld();
  const { id } = networkNamed(zone.world, 'isolated');
  expect(jobFails(zone, zone.user, 'restartNetwork', { id })).toEqual([
    431,
    'Network is not in the right state to be restarted. Correct states are: Implemented, Setup',
  ]);
});

for (const command of ['updateNetwork', 'restartNetwork']) {
  test(`${command}: strangers, ids that are none and networks that are gone`, () => {
    const zone = createNetworkWorld();
    const { user, other, world } = zone;
    const network = networkNamed(world, 'isolated');
    const fails = (client = user, values = {}): [number, string] =>
      unchanged(zone, () => {
        const { httpStatus, errortext } = client.fails(command, values);
        return [httpStatus, errortext];
      });
    expect(fails(other, { id: network.id })[0]).toBe(531);
    expect(fails()[1]).toContain('missing parameter id');
    expect(fails(user, { id: world.templates.all()[0]!.id })[1]).toContain('does not exist');
    expect(fails(user, { id: network.id, vpcid: '1' })[0]).toBe(432);
    world.networks.move(network, 'DestroyNetwork');
    world.networks.remove(network);
    expect(fails(user, { id: network.id })).toEqual([
      431,
      `Network ID=${network.internalId} doesn't exist`,
    ]);
  });

  test(`${command}: a network that goes before the job comes`, () => {
    const { user, world, simulator } = createNetworkWorld();
    const network = networkNamed(world, 'isolated');
    implementNetwork(world, network);
    const { jobid } = user.call(command, { id: network.id });
    for (const event of ['DestroyNetwork', 'OperationSucceeded', 'DestroyNetwork'] as const) {
      world.networks.move(network, event);
    }
    for (const publicIp of world.publicIps.all())
      world.publicIps.change(publicIp, { networkId: null });
    world.networks.remove(network);
    simulator.kernel.advanceUntilIdle();
    expect(user.job(jobid)).toMatchObject({ status: 2, resultcode: 431 });
  });
}
