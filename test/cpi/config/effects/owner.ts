// To whom things belong, where they are made, and of which offering.
import { expect } from '@playwright/test';
import { advancedKvm } from '../../../../simulator/world/presets/advanced-kvm.js';
import { startZone, type CpiZone } from '../../../support/cpi-zone.js';
import { twoZones } from '../../stemcells/two-zones.js';
import { diskWith, vmWith, type Effects } from './effect.js';

const accountNamed = (zone: CpiZone, name: string) =>
  zone.simulator.world.accounts.all().find((row) => row.name === name)!;

/** In two domains, each with an account. */
const inDomains = {
  ...advancedKvm,
  domains: [{ path: 'ROOT/left' }, { path: 'ROOT/right' }],
  accounts: [
    ...advancedKvm.accounts,
    { name: 'tenant', role: 'User' as const, domain: 'ROOT/left' },
  ],
};

const groupsOf = (zone: CpiZone): unknown[] =>
  (zone.user.call('listAffinityGroups')['affinitygroup'] ?? []) as unknown[];

const ephemeralOf = (zone: CpiZone, vm: string): unknown[] =>
  zone.user.call('listVolumes', { virtualmachineid: vm, type: 'DATADISK' })['volume'] as unknown[];

export const ownerEffects: Effects = {
  'cloudstack.project_id': async () => {
    const world = { ...advancedKvm, projects: [{ name: 'foundry', account: 'bosh' }] };
    await using zone = await startZone({ world }, 'direct');
    const { id, accountId } = zone.simulator.world.projects.all()[0]!;
    const disk = await diskWith(zone, { properties: { project_id: id } });
    expect(disk).toMatchObject({ accountId });
    expect(await diskWith(zone, {})).toMatchObject({ accountId: accountNamed(zone, 'bosh').id });
  },
  'cloudstack.account': async () => {
    await using zone = await startZone({ world: inDomains }, 'direct');
    for (const name of ['tenant', 'bosh']) {
      const { id, domainId } = accountNamed(zone, name);
      const properties = { account: name, domain_id: domainId };
      expect(await diskWith(zone, { as: 'Admin', properties })).toMatchObject({ accountId: id });
    }
  },
  'cloudstack.domain_id': async () => {
    await using zone = await startZone({ world: inDomains }, 'direct');
    const { id, domainId } = accountNamed(zone, 'tenant');
    const here = { account: 'tenant', domain_id: domainId };
    const disk = await diskWith(zone, { as: 'Admin', properties: here });
    expect(disk).toMatchObject({ accountId: id });
    const other = zone.simulator.world.domains.all().find(({ name }) => name === 'right')!;
    const there = { account: 'tenant', domain_id: other.id };
    const args = [1024, { disk_offering: 'shared.custom' }, null];
    const { message } = await zone.error('create_disk', args, { as: 'Admin', properties: there });
    expect(message).toContain('tenant');
  },
  'cloudstack.default_zone': async () => {
    const world = { ...twoZones('bosh'), diskOfferings: [{ name: 'shared.custom' }] };
    await using zone = await startZone({ world }, 'direct');
    for (const { id, name } of zone.simulator.world.zones.all()) {
      const disk = await diskWith(zone, { properties: { default_zone: name } });
      expect(disk).toMatchObject({ zoneId: id });
    }
  },
  'cloudstack.default_disk_offering': async () => {
    await using zone = await startZone({}, 'direct');
    for (const name of ['shared.custom', 'ephemeral']) {
      const { id } = zone.simulator.world.diskOfferings.all().find((row) => row.name === name)!;
      const disk = await diskWith(zone, { properties: { default_disk_offering: name } }, {});
      expect(disk).toMatchObject({ diskOfferingId: id });
    }
    const { message } = await zone.error('create_disk', [1024, {}, null]);
    expect(message).toContain('default_disk_offering');
  },
  'cloudstack.default_ephemeral_disk_offering': async () => {
    await using zone = await startZone({}, 'direct');
    const properties = { default_ephemeral_disk_offering: 'shared.custom' };
    const vm = await vmWith(zone, { properties: { disk: 1024 } }, properties);
    expect(ephemeralOf(zone, vm)).toMatchObject([{ diskofferingname: 'shared.custom' }]);
  },
  'cloudstack.calculate': async () => {
    const size = { cpuNumber: 1, cpuMhz: 1_000, memoryMib: 2_048 };
    const serviceOfferings = [
      { name: 'plain', ...size },
      { name: 'tagged', ...size, hostTags: ['bosh'] },
    ];
    await using zone = await startZone({ world: { ...advancedKvm, serviceOfferings } }, 'direct');
    const needs = [{ cpu: 1, ram: 1024, ephemeral_disk_size: 0 }];
    for (const [calculate, name] of [
      [{ compute_tags: ['bosh'] }, 'tagged'],
      [{ not_compute_tags: ['bosh'] }, 'plain'],
    ] as const) {
      const options = { properties: { calculate } };
      const properties = await zone.result('calculate_vm_cloud_properties', needs, options);
      expect(properties).toMatchObject({ compute_offering: name });
    }
  },
  'cloudstack.enable_auto_anti_affinity': async () => {
    for (const isOn of [true, false]) {
      await using zone = await startZone({}, 'direct');
      await vmWith(zone, {}, { enable_auto_anti_affinity: isOn });
      expect(groupsOf(zone)).toHaveLength(isOn ? 1 : 0);
    }
  },
  'cloudstack.auto_anti_affinity_type': async () => {
    for (const type of ['host affinity', 'non-strict host anti-affinity']) {
      await using zone = await startZone({}, 'direct');
      const properties = { enable_auto_anti_affinity: true, auto_anti_affinity_type: type };
      await vmWith(zone, {}, properties);
      expect(groupsOf(zone)).toMatchObject([{ type }]);
    }
  },
};
