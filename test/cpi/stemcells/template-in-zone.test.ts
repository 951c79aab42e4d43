// Proves that a VM can be created in a zone to which its stemcell was not uploaded: the stemcell is
// copied there once, after all that can be checked was, and goes with the stemcell; that a copy which
// is under way is waited for, and one that fails is told of; against two simulated zones.
import { expect, test } from '@playwright/test';
import { idOf } from '../../support/simulator-vms.js';
import { at, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { dropUnfinishedImages } from '../../../simulator/world/storage/inner-images.js';
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

/** Has the stemcell copied, past the CPI; answers at once. */
function beginCopy({ simulator, user }: CpiZone): void {
  const { templates, zones } = simulator.world;
  const id = idOf(templates.all(), 'stemcell');
  const sourcezoneid = idOf(zones.all(), 'zone1');
  user.call('copyTemplate', { id, sourcezoneid, destzoneid: idOf(zones.all(), 'zone2') });
  simulator.kernel.advanceBy(100);
}

function setImageServer({ simulator }: CpiZone, zoneName: string, isUp: boolean): void {
  const { zones } = simulator.world;
  const zone = zones.all().find(({ name }) => name === zoneName);
  if (zone === undefined) throw new Error(`there is no zone ${zoneName}`);
  zones.change(zone, { secondaryStorageVmUp: isUp });
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

for (const [what, more, message] of [
  ['user data that are too large', { env: { bosh: { big: 'x'.repeat(40_000) } } }, /user data/],
  ['a root disk without end', { properties: { root_disk_size: 0 } }, /root_disk_size/],
  ['a custom offering without sizes', { properties: { compute_offering: 'custom' } }, /cpu/],
  [
    'security groups by name and by id',
    { properties: { security_groups: ['web', '00000000-0000-4000-8000-0000000000aa'] } },
    /security_groups are given by name and by id/,
  ],
] as const) {
  test(`a VM with ${what} is refused before anything is copied`, async () => {
    const offerings = twoZones('bosh');
    const custom = { name: 'custom' };
    const serviceOfferings = [...(offerings.serviceOfferings ?? []), custom];
    await using zone = await startZone({ world: { ...offerings, serviceOfferings } }, 'direct');
    const before = zone.holdings();
    const [agentId, stemcell, properties, networks, disks] = arguments_('a-1', '10.2.0.11');
    const { env = {}, properties: changed = {} } = more as { env?: object; properties?: object };
    const error = await zone.error('create_vm', [
      agentId,
      stemcell,
      { ...(properties as object), ...changed },
      networks,
      disks,
      env,
    ]);
    expect(error.message).toMatch(message);
    expect(zonesOf(zone)).toEqual(['zone1']);
    expect(zone.holdings()).toEqual(before);
  });
}

test('a copy that is under way is waited for, and no second one is ordered', async () => {
  await using zone = await startZone({ world: twoZones('bosh') }, 'direct');
  beginCopy(zone);
  // Only who ordered it asks for its job, by which time goes on.
  zone.onDiagnostic((line) => {
    if (line.includes('is not ready yet')) zone.simulator.kernel.advanceBy(60_000);
  });
  const commands: string[] = [];
  await zone.result('create_vm', arguments_('a-1', '10.2.0.11'), {
    through: (transport) => ({
      close: () => {
        transport.close();
      },
      send: (request) => {
        if (typeof request.body === 'string') {
          commands.push(new URLSearchParams(request.body).get('command') ?? '');
        }
        return transport.send(request);
      },
    }),
  });
  expect(commands).toContain('deployVirtualMachine');
  expect(commands).not.toContain('copyTemplate');
  expect(zone.diagnostics.join()).toMatch(/is being copied to the zone of the VM; waiting for it/);
});

test('a copy that fails is told at once, and the next call makes it anew', async () => {
  await using zone = await startZone({ world: twoZones('bosh') }, 'direct');
  setImageServer(zone, 'zone2', false);
  const { message } = await zone.error('create_vm', arguments_('a-1', '10.2.0.11'));
  expect(message).toMatch(
    /"stemcell" \(.*\) was to be copied from zone zone1 .* not ready there .*secondary storage VMs/,
  );
  expect(zone.user.call('listVirtualMachines')).toEqual({});
  setImageServer(zone, 'zone2', true);
  await zone.result('create_vm', arguments_('a-1', '10.2.0.11'));
  expect(zonesOf(zone)).toEqual(['zone1', 'zone2']);
});

test('one that was under way and fails is made anew by who waited for it', async () => {
  await using zone = await startZone({ world: twoZones('bosh') }, 'direct');
  beginCopy(zone);
  let isFirst = true;
  zone.onDiagnostic((line) => {
    if (!line.includes('waiting for it') || !isFirst) return;
    isFirst = false;
    const { templates } = zone.simulator.world;
    dropUnfinishedImages(zone.simulator.world, idOf(templates.all(), 'stemcell'));
  });
  await zone.result('create_vm', arguments_('a-1', '10.2.0.11'));
  expect(zone.diagnostics.join('\n')).toMatch(/that copy has failed, and is made anew/);
});
