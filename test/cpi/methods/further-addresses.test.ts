// Proves that a VM with several static addresses loses none of them to a deployment that is refused
// because a further one is held, by an account that may not expunge what is then left: a VM that holds
// one is removed before, if it was forgotten, or named, and nothing is deployed.
import { expect, test } from '@playwright/test';
import { forgetVms } from '../../crash/forgotten-vm-scenarios.js';
import { createVm, otherAgent } from '../../crash/made-before.js';
import { sharedNetwork, twoNics, warmBothNetworks } from '../../crash/several-nic-scenarios.js';
import type { SettingValues } from '../../../simulator/world/settings/parse-setting.js';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { at, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { agentId, manualNetwork, vmArguments } from './vm-requests.js';

const holder = { agentId: otherAgent, networks: { n: sharedNetwork('10.204.0.40') } };
const networks = { private: manualNetwork(), shared: sharedNetwork('10.204.0.40') };

function addressesOf(zone: CpiZone, vm: string): unknown[] {
  const { virtualmachine } = zone.user.call('listVirtualMachines', { id: vm });
  const nics = at(virtualmachine, 0, 'nic') as object[];
  return nics.map((nic) => at(nic, 'ipaddress'));
}

test('what a forgotten VM holds is freed before the VM is deployed', async () => {
  await using zone = await startZone({}, 'direct');
  await warmBothNetworks(zone);
  await forgetVms(zone, [holder]);
  const [vm] = (await zone.result('create_vm', vmArguments(twoNics))) as [string];
  expect(addressesOf(zone, vm)).toEqual(['10.203.6.40', '10.204.0.40']);
  expect(zone.simulator.world.vms.all().filter(({ state }) => state === 'Error')).toEqual([]);
});

test('what a VM in use holds is named, and the first address is free as soon as that VM is gone', async () => {
  await using zone = await startZone({}, 'direct');
  await warmBothNetworks(zone);
  const [other] = await createVm(zone, holder);
  const before = zone.holdings();
  const error = await zone.error('create_vm', vmArguments({ networks }));
  expect(error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: false });
  expect(error.message).toMatch(/10\.204\.0\.40 in network NET_SHARED is held by VM .*delete that/);
  expect(error.message).toContain(other);
  expect(zone.holdings()).toEqual(before);
  await zone.result('delete_vm', [other]);
  const [vm] = (await zone.result('create_vm', vmArguments({ networks }))) as [string];
  expect(addressesOf(zone, vm)).toEqual(['10.203.6.40', '10.204.0.40']);
});

test('an earlier attempt for the same agent, whose name is not the first, is no other VM', async () => {
  await using zone = await startZone({}, 'direct');
  await warmBothNetworks(zone);
  const create = async (): Promise<string> =>
    ((await zone.result('create_vm', vmArguments({ networks }))) as [string])[0];
  const first = await create();
  const second = await create();
  expect(await zone.result('has_vm', [first])).toBe(false);
  // The first is expunged, and its name is free again.
  zone.simulator.kernel.advanceBy(3 * 24 * 3_600_000);
  const third = await create();
  expect(await zone.result('has_vm', [second])).toBe(false);
  expect(addressesOf(zone, third)).toEqual(['10.203.6.40', '10.204.0.40']);
  expect(zone.simulator.world.vms.all().filter(({ state }) => state === 'Error')).toEqual([]);
});

test('the one further address that such an attempt holds is freed before the VM is deployed', async () => {
  await using zone = await startZone({}, 'direct');
  await warmBothNetworks(zone);
  const create = async (asked: object): Promise<string> =>
    ((await zone.result('create_vm', vmArguments({ networks: asked }))) as [string])[0];
  await create(holder.networks);
  const leftover = await create(holder.networks);
  // The first one is expunged, and its name is free again.
  zone.simulator.kernel.advanceBy(3 * 24 * 3_600_000);
  expect(addressesOf(zone, await create(networks))).toEqual(['10.203.6.40', '10.204.0.40']);
  expect(await zone.result('has_vm', [leftover])).toBe(false);
  expect(zone.simulator.world.vms.all().filter(({ state }) => state === 'Error')).toEqual([]);
});

/** A zone in which a VM that nobody was told of was destroyed, and keeps the second address. */
async function withDestroyed(
  agent: string,
  settings: SettingValues,
): Promise<CpiZone & { readonly destroyed: string }> {
  const zone = await startZone({ world: { ...advancedKvm, settings } }, 'direct');
  await warmBothNetworks(zone);
  const [destroyed] = (await zone.result(
    'create_vm',
    vmArguments({ ...holder, agentId: agent }),
  )) as [string];
  zone.user.done('destroyVirtualMachine', { id: destroyed });
  return Object.assign(zone, { destroyed });
}

const sees = { 'allow.user.view.destroyed.vm': true };

for (const [whose, agent] of [
  ['for the same agent', agentId],
  ['for another agent', otherAgent],
] as const) {
  test(`a destroyed VM ${whose} is named by an account that sees it and may not expunge, and nothing is deployed`, async () => {
    await using zone = await withDestroyed(agent, sees);
    const { destroyed } = zone;
    for (const asked of [networks, holder.networks]) {
      const error = await zone.error('create_vm', vmArguments({ networks: asked }));
      expect(error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: false });
      expect(error.message).toMatch(
        /10\.204\.0\.40 in network NET_SHARED is held by VM .*, Destroyed\): CloudStack frees it when/,
      );
      expect(error.message).toContain(destroyed);
    }
    const { nics, vms } = zone.simulator.world;
    expect(nics.all().filter(({ ipAddress }) => ipAddress === '10.203.6.40')).toEqual([]);
    expect(vms.require(destroyed).state).toBe('Destroyed');
  });

  test(`a destroyed VM ${whose} is expunged by an account that sees it and may`, async () => {
    const mayExpunge = { ...sees, 'allow.user.expunge.recover.vm': true };
    await using zone = await withDestroyed(agent, mayExpunge);
    const { destroyed } = zone;
    const [vm] = (await zone.result('create_vm', vmArguments({ networks }))) as [string];
    expect(addressesOf(zone, vm)).toEqual(['10.203.6.40', '10.204.0.40']);
    expect(zone.simulator.world.vms.require(destroyed).state).toBe('Expunging');
  });

  test(`a destroyed VM ${whose} that the account does not see is supposed, and waited for`, async () => {
    await using zone = await withDestroyed(agent, {});
    const error = await zone.error('create_vm', vmArguments({ networks }));
    expect(error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: true });
    expect(error.message).toMatch(/cannot see: a destroyed VM that is not expunged yet/);
    zone.simulator.kernel.advanceBy(3 * 24 * 3_600_000);
    const [vm] = (await zone.result('create_vm', vmArguments({ networks }))) as [string];
    expect(addressesOf(zone, vm)).toEqual(['10.203.6.40', '10.204.0.40']);
  });
}
