// Proves that security groups of VMs and networks reach CloudStack. The simulated zone has none, and
// says so.
import { expect, test } from '@playwright/test';
import type { Transport } from '../../../cpi/cloudstack/transport.js';
import { at, startZone } from '../../support/cpi-zone.js';
import { manualNetwork, vmArguments } from './vm-requests.js';

const groupId = 'b0000000-0000-4000-8000-00000000000f';

/** Notes what was asked for. */
function noting(asked: Record<string, string>[]): (transport: Transport) => Transport {
  return (transport) => ({
    close: () => {
      transport.close();
    },
    send: async (request) => {
      const { body } = request;
      if (typeof body !== 'string') return transport.send(request);
      const command = new URLSearchParams(body).get('command');
      if (command === 'deployVirtualMachine')
        asked.push(Object.fromEntries(new URLSearchParams(body)));
      return transport.send(request);
    },
  });
}

for (const [about, ofVm, ofNetwork, expected] of [
  ['those of the VM', ['web', 'db'], undefined, { securitygroupnames: 'web,db' }],
  ['those of its networks', undefined, ['web'], { securitygroupnames: 'web' }],
  ['those of the VM instead of its networks', [groupId], ['web'], { securitygroupids: groupId }],
  ['one of two mentions', ['web', 'web'], undefined, { securitygroupnames: 'web' }],
] as const) {
  test(`security groups are passed on: ${about}`, async () => {
    await using zone = await startZone();
    const asked: Record<string, string>[] = [];
    const before = zone.holdings();
    const cloud = { name: 'NET_CS', security_groups: ofNetwork };
    const request = vmArguments({
      properties: { security_groups: ofVm },
      networks: { private: manualNetwork('10.203.6.40', { cloud_properties: cloud }) },
    });
    const error = await zone.error('create_vm', request, { through: noting(asked) });
    expect(asked[0]).toMatchObject(expected);
    expect(error.message).toMatch(/security group feature is not enabled per zone/);
    expect(zone.holdings()).toEqual(before);
  });
}

test('security groups by name and by id at once are refused before anything is asked for', async () => {
  await using zone = await startZone();
  const before = zone.holdings();
  const request = vmArguments({ properties: { security_groups: ['web', groupId] } });
  const error = await zone.error('create_vm', request);
  expect(error).toMatchObject({ type: 'Bosh::Clouds::CpiError', ok_to_retry: false });
  expect(error.message).toMatch(/give all names, or all ids/);
  expect(zone.holdings()).toEqual(before);
});

test('a VM without security groups is asked for without', async () => {
  await using zone = await startZone();
  const asked: Record<string, string>[] = [];
  await zone.result('create_vm', vmArguments(), { through: noting(asked) });
  expect(at(asked, 0, 'securitygroupnames') ?? at(asked, 0, 'securitygroupids')).toBeUndefined();
});
