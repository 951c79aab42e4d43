// Proves that delete_vm parks addresses in the range that a network names for it, only there, and
// tells what stays held; for a user who may not expunge, against the simulated zone over HTTP.
import { expect, test } from '@playwright/test';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { startZone, type CpiZone } from '../../support/cpi-zone.js';
import { manualNetwork, vmArguments } from './vm-requests.js';

function vmParkedIn(parking: string | undefined, number = 1): unknown[] {
  return vmArguments({
    agentId: `a0000000-0000-4000-8000-00000000000${number}`,
    networks: {
      private: manualNetwork('10.203.6.40', { cloud_properties: { name: 'NET_CS', parking } }),
    },
  });
}

async function createAndDelete(zone: CpiZone, request: unknown[]): Promise<string> {
  const [vm] = (await zone.result('create_vm', request)) as [string];
  await zone.result('delete_vm', [vm]);
  return vm;
}

/** Where CloudStack keeps the NIC of a destroyed VM, which no ordinary user sees. */
function addressOf({ simulator }: CpiZone, vmId: string): string | null | undefined {
  return simulator.world.nics.where('vmId', vmId)[0]?.ipAddress;
}

test('addresses are parked in the range of the network', async () => {
  await using zone = await startZone();
  const parked = [];
  for (const number of [1, 2, 3]) {
    const vm = await createAndDelete(zone, vmParkedIn('10.203.6.100-10.203.6.102', number));
    parked.push(addressOf(zone, vm));
  }
  expect(parked.sort()).toEqual(['10.203.6.100', '10.203.6.101', '10.203.6.102']);
});

test('a range that is full holds no other address, and that is told', async () => {
  await using zone = await startZone();
  await createAndDelete(zone, vmParkedIn('10.203.6.100', 1));
  const vm = await createAndDelete(zone, vmParkedIn('10.203.6.100', 2));
  expect(addressOf(zone, vm)).toBe('10.203.6.40');
  expect(zone.diagnostics.join('\n')).toContain('CloudStack keeps 10.203.6.40');
});

test('without a range it is the highest address that is free', async () => {
  await using zone = await startZone();
  const vm = await createAndDelete(zone, vmParkedIn(undefined));
  expect(addressOf(zone, vm)).toBe('10.203.7.253');
});

test('where all addresses but one are taken that one is found', async () => {
  const world = structuredClone(advancedKvm);
  const cidr = '10.206.0.0/28';
  const place = { cidr, gateway: '10.206.0.1' };
  world.zones[0]!.networks!.push({ name: 'NET_FULL', type: 'Isolated', account: 'bosh', ...place });
  await using zone = await startZone({ world }, 'direct');
  const properties = { cloud_properties: { name: 'NET_FULL' } };
  const inFull = (number: number): unknown[] =>
    vmArguments({
      agentId: `a0000000-0000-4000-8000-0000000000${10 + number}`,
      networks: { n: manualNetwork(`10.206.0.${number}`, properties) },
    });
  const vms: string[] = [];
  for (let number = 3; number <= 14; number += 1) {
    vms.push(((await zone.result('create_vm', inFull(number))) as [string])[0]);
  }
  await zone.result('delete_vm', [vms[0]]);
  expect(addressOf(zone, vms[0]!)).toBe('10.206.0.2');
  await zone.result('delete_vm', [vms[1]]);
  expect(addressOf(zone, vms[1]!)).toBe('10.206.0.3');
});

for (const [failures, isFree] of [
  [1, true],
  [2, false],
] as const) {
  test(`an address is ${isFree ? 'free' : 'held'} when its NIC is not moved at ${failures} of two tries`, async () => {
    await using zone = await startZone();
    const [vm] = (await zone.result('create_vm', vmParkedIn(undefined))) as [string];
    const text = 'the virtual router does not answer';
    zone.simulator.setFaults([
      {
        when: { command: 'updateVmNicIp', phase: 'job-step', times: failures },
        then: { effect: 'job-fails', text },
      },
    ]);
    await zone.result('delete_vm', [vm]);
    expect(zone.simulator.faults[0]?.fired).toBe(failures);
    expect(addressOf(zone, vm) === '10.203.6.40').toBe(!isFree);
    expect(zone.diagnostics.join('\n').includes('CloudStack keeps 10.203.6.40')).toBe(!isFree);
    if (isFree) await zone.result('create_vm', vmParkedIn(undefined, 2));
  });
}

test('in a shared network whose top addresses are not its own CloudStack chooses', async () => {
  const world = structuredClone(advancedKvm);
  world.zones[0]!.networks!.push({
    name: 'NET_SMALL',
    type: 'Shared',
    account: 'admin',
    cidr: '10.205.0.0/24',
    startIp: '10.205.0.10',
    endIp: '10.205.0.60',
  });
  await using zone = await startZone({ world });
  const networks = {
    n: manualNetwork('10.205.0.40', { cloud_properties: { name: 'NET_SMALL' } }),
  };
  const vm = await createAndDelete(zone, vmArguments({ networks }));
  expect(addressOf(zone, vm)).toMatch(/^10\.205\.0\.(?!40$)/);
  expect(zone.diagnostics.join('\n')).toContain(
    '10.205.0.40 is free: its NIC is parked at another',
  );
  await zone.result('create_vm', vmArguments({ networks }));
});

test('an account that may expunge parks nothing', async () => {
  await using zone = await startZone();
  const shared = { name: 'NET_SHARED', parking: '10.204.0.100-10.204.0.110' };
  const networks = {
    n: manualNetwork('10.204.0.40', { gateway: '10.204.0.1', cloud_properties: shared }),
  };
  const as = { as: 'Admin' as const };
  const [vm] = (await zone.result('create_vm', vmArguments({ networks }), as)) as [string];
  await zone.result('delete_vm', [vm], as);
  expect(zone.simulator.world.vms.require(vm)).toMatchObject({ state: 'Expunging' });
  expect(zone.diagnostics.join('\n')).not.toContain('updateVmNicIp');
});

for (const [problem, parking] of [
  ['no range', 'top'],
  ['a range of another network', '10.204.0.100-10.204.0.110'],
  ['a range that reaches out of the network', '10.203.7.250-10.203.8.10'],
  ['a range backwards', '10.203.6.102-10.203.6.100'],
  ['a range of three', '10.203.6.1-10.203.6.2-10.203.6.3'],
] as const) {
  test(`refused before anything is created: ${problem} for parking`, async () => {
    await using zone = await startZone();
    const before = zone.holdings();
    const error = await zone.error('create_vm', vmParkedIn(parking));
    expect(error).toMatchObject({ type: 'Bosh::Clouds::CpiError', ok_to_retry: false });
    expect(error.message).toMatch(/network private: parking must be a range .* 10\.203\.6\.0\/23/);
    expect(zone.holdings()).toEqual(before);
  });
}
