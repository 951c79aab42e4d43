// Proves that with cloudstack.expunge_vm false a VM can still be recovered by the cloud's operator after
// delete_vm, although the account may expunge, and that its address is free all the same; and that the
// names of the earlier releases for it are read.
import { expect, test } from '@playwright/test';
import { at, startZone, type CallOptions } from '../../support/cpi-zone.js';
import { manualNetwork, vmArguments } from './vm-requests.js';

const mayExpunge = { 'allow.user.expunge.recover.vm': true };

for (const [title, properties, states] of [
  ['unless told otherwise it is gone', {}, []],
  ['expunge_vm true', { expunge_vm: true }, []],
  ['expunge_vm false', { expunge_vm: false }, ['Destroyed']],
  ['cpi.force_expunge false', { cpi: { force_expunge: false } }, ['Destroyed']],
  ['cpi.force_expunge true', { cpi: { force_expunge: true } }, []],
] as const) {
  test(`a deleted VM: ${title}`, async () => {
    await using zone = await startZone({ settings: mayExpunge }, 'direct');
    const options: CallOptions = { properties };
    const properties2 = { disk: 1_024, ephemeral_disk_offering: 'ephemeral' };
    const request = vmArguments({ properties: properties2 });
    const vm = at(await zone.result('create_vm', request, options), 0);
    await zone.result('delete_vm', [vm], options);
    const { vms, volumes } = zone.simulator.world;
    expect(vms.all().map(({ state }) => state)).toEqual(states);
    expect(volumes.all().filter(({ type }) => type === 'DATADISK')).toEqual([]);
    const next = vmArguments({ networks: { private: manualNetwork() } });
    await zone.result('create_vm', next, options);
    if (states.length === 0) return;
    zone.admin.call('recoverVirtualMachine', { id: String(vm) });
    expect(vms.require(String(vm)).state).toBe('Stopped');
  });
}

test('what stays held is told with the property that would free it', async () => {
  await using zone = await startZone({ settings: mayExpunge }, 'direct');
  const properties = { expunge_vm: false };
  const vm = at(await zone.result('create_vm', vmArguments()), 0);
  await zone.result('delete_vm', [vm], { properties, refuse: 'updateVmNicIp' });
  expect(zone.diagnostics.join('\n')).toMatch(/CloudStack keeps 10\.203\.6\.40 .*expunge_vm true/);
});
