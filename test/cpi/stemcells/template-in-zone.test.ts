// Proves that a VM can be created in a zone to which its stemcell was not uploaded: the stemcell is
// copied there once, and goes with the stemcell; against two simulated zones over HTTP.
import { expect, test } from '@playwright/test';
import { at, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { vmArguments } from '../methods/vm-requests.js';
import { twoZones } from './two-zones.js';

function startTwoZones(owner: 'bosh' | 'admin'): Promise<CpiZone> {
  return startZone({ world: twoZones(owner) });
}

function arguments_(agentId: string, ip: string): unknown[] {
  return vmArguments({
    agentId,
    stemcell: 'stemcell',
    properties: { zone: 'zone2' },
    networks: { private: { type: 'manual', ip, cloud_properties: { name: 'net-2' } } },
  });
}

function zonesOf(zone: CpiZone): unknown[] {
  const found = zone.admin.call('listTemplates', { templatefilter: 'all' })['template'];
  return Array.isArray(found) ? found.map((row) => at(row, 'zonename')) : [];
}

test('the first VM in another zone has the stemcell copied, the second finds it', async () => {
  await using zone = await startTwoZones('bosh');
  const [first] = (await zone.result('create_vm', arguments_('a-1', '10.2.0.11'))) as [string];
  expect(zonesOf(zone)).toEqual(['zone1', 'zone2']);
  expect(zone.diagnostics.join()).toMatch(/only in zone zone1; it is copied to the zone of the VM/);
  expect(
    at(zone.user.call('listVirtualMachines', { id: first }), 'virtualmachine', 0),
  ).toMatchObject({ state: 'Running', zonename: 'zone2', templatename: 'stemcell' });

  zone.diagnostics.length = 0;
  await zone.result('create_vm', arguments_('a-2', '10.2.0.12'));
  expect(zone.diagnostics.join()).not.toMatch(/copied/);
});

test('two VMs at once both get it', async () => {
  await using zone = await startTwoZones('bosh');
  await Promise.all([
    zone.result('create_vm', arguments_('a-1', '10.2.0.11')),
    zone.result('create_vm', arguments_('a-2', '10.2.0.12')),
  ]);
  expect(zonesOf(zone)).toEqual(['zone1', 'zone2']);
});

test('a template that the account may not copy is an error that says what to do', async () => {
  await using zone = await startTwoZones('admin');
  const before = zone.holdings();
  const { message } = await zone.error('create_vm', arguments_('a-1', '10.2.0.11'));
  expect(message).toMatch(
    /"stemcell" \(.*\) is only in zone zone1: .* own Public templates.*have its owner copy it/,
  );
  expect(zone.holdings()).toEqual(before);
});

test('one that is nowhere is named, with those that are in the zone', async () => {
  await using zone = await startTwoZones('bosh');
  const [agentId, , ...others] = arguments_('a-1', '10.2.0.11');
  const { message } = await zone.error('create_vm', [agentId, 'no-such', ...others]);
  expect(message).toMatch(/there is no template "no-such"; this account sees no template at all/);
  expect(zonesOf(zone)).toEqual(['zone1']);
});
