// Proves that what the Java and the Go CPI left is worked with as a Director does it: their VMs,
// disks, snapshots and stemcells, by the names that it knows them by; that each VM is recreated with
// its address and its disk; and that when all is deleted, the zone is as if they had never been.
import { expect, test } from '@playwright/test';
import { advancedXenserver } from '../../../simulator/world/presets/advanced-xenserver.js';
import { at, startZone, type CpiZone } from '../../support/cpi-zone.js';
import {
  earlierCpis,
  earlierRule,
  fetchEarlierImage,
  prepareForEarlierCpi,
  snapshotByGoCpi,
} from '../../support/earlier-cpis.js';
import { interruptedLine } from '../../crash/interruption.js';
import { likenessOf } from '../../twice/likeness.js';
import { holdAddress } from '../methods/load-balancer-requests.js';
import { agentId, manualNetwork, vmArguments } from '../methods/vm-requests.js';

const ip = '10.203.6.40';
const vip = '203.0.113.15';
const otherAgent = 'b0000000-0000-4000-8000-000000000002';
const metadata = { director: 'bosh', deployment: 'cf', job: 'web', index: '0', name: 'web/0' };
const noLongerBefore = { 'duration.template.install': 1_000 };

/** What earlier CPIs never were told: the Director of today speaks of the same VM. */
const networks = { private: manualNetwork(ip), public: { type: 'vip', ip: vip } };
const properties = {
  disk: 2_048,
  ephemeral_disk_offering: 'shared.custom',
  lbs: [{ name: earlierRule.name, public_port: earlierRule.publicport, private_port: 8443 }],
};

interface Deployment {
  readonly stemcell: string;
  readonly vm: string;
  readonly disk: string;
  readonly ephemeralDisk: string;
}

type Name = keyof typeof earlierCpis;

/** A VM with a persistent disk, as an earlier CPI leaves it. */
async function deployedBy(name: Name, zone: CpiZone): Promise<Deployment> {
  const cpi = earlierCpis[name];
  const stemcell = await cpi.createStemcell(zone);
  const { cid: vm, ephemeralDisk } = cpi.createVm(zone, { agentId, stemcell, ip, vip });
  cpi.setVmMetadata(zone, vm, metadata);
  const disk = cpi.createDisk(zone, 3_000);
  cpi.attachDisk(zone, vm, disk);
  cpi.setDiskMetadata(zone, disk, { deployment: 'cf', attached_at: '2020-01-01' });
  return { stemcell, vm, disk, ephemeralDisk };
}

async function startXenserver(mayExpunge: boolean): Promise<CpiZone> {
  const settings = { ...noLongerBefore, 'allow.user.expunge.recover.vm': mayExpunge };
  const world = { ...advancedXenserver, settings };
  const zone = await startZone({ world, fetchImage: fetchEarlierImage }, 'direct');
  prepareForEarlierCpi(zone);
  // The virtual router comes with the first VM of a network and stays; the address is the operator's.
  const [warm] = (await zone.result('create_vm', vmArguments({ agentId: otherAgent }))) as [string];
  await zone.result('delete_vm', [warm]);
  holdAddress(zone, vip);
  return zone;
}

function tagsOf(
  zone: CpiZone,
  rows: readonly { id: string; name: string }[],
  name: string,
): object {
  const { id } = rows.find((row) => row.name === name)!;
  const tags = zone.simulator.world.tags.all().filter(({ resourceId }) => resourceId === id);
  return Object.fromEntries(tags.map(({ key, value }) => [key, value]));
}

type StemcellAndDisk = Pick<Deployment, 'stemcell' | 'disk'>;

async function recreatable(name: Name, zone: CpiZone): Promise<StemcellAndDisk> {
  const { stemcell, vm, disk } = await deployedBy(name, zone);
  await zone.result('delete_vm', [vm]);
  return { stemcell, disk };
}

async function withDiskOfOurs(name: Name, zone: CpiZone): Promise<StemcellAndDisk> {
  const stemcell = await earlierCpis[name].createStemcell(zone);
  const request = [3_000, { disk_offering: 'shared.custom' }, null];
  return { stemcell, disk: String(await zone.result('create_disk', request)) };
}

/** Lines that do not hang on who made the disks and the stemcell. */
function ofVm(lines: readonly string[]): string[] {
  return lines.filter((line) => !/^tag|disk-ID|template|^ID in ID/.test(line));
}

for (const name of Object.keys(earlierCpis) as Name[]) {
  test(`a VM of the ${name} CPI, once recreated, is as if it had been ours from the start`, async () => {
    const likeness: string[][] = [];
    for (const isEarlier of [true, false]) {
      await using zone = await startXenserver(true);
      const { stemcell, disk } = isEarlier
        ? await recreatable(name, zone)
        : await withDiskOfOurs(name, zone);
      const request = vmArguments({ agentId, stemcell, networks, properties, disks: [disk] });
      const [vm] = (await zone.result('create_vm', request)) as [string];
      await zone.result('set_vm_metadata', [vm, metadata]);
      await zone.result('attach_disk', [vm, disk]);
      likeness.push(ofVm(likenessOf(zone)));
    }
    expect(likeness[0]).toEqual(likeness[1]);
    expect(likeness[0]!.join()).not.toContain('cpivm');
  });

  for (const mayExpunge of [true, false]) {
    const account = mayExpunge ? 'that may expunge' : 'that may not expunge';
    test(`a VM of the ${name} CPI is recreated and goes without a trace, by an account ${account}`, async () => {
      await using zone = await startXenserver(mayExpunge);
      const before = likenessOf(zone);
      const { stemcell, vm, disk, ephemeralDisk } = await deployedBy(name, zone);
      const { vms, volumes } = zone.simulator.world;

      await zone.result('detach_disk', [vm, disk]);
      expect(await zone.result('get_disks', [vm])).toEqual([]);
      await zone.result('delete_vm', [vm]);
      expect(await zone.result('has_vm', [vm])).toBe(false);
      expect(volumes.all().filter((row) => row.name === ephemeralDisk)).toEqual([]);

      const request = vmArguments({
        agentId,
        stemcell,
        networks,
        properties: name === 'Go' ? properties : { ...properties, lbs: [] },
        disks: [disk],
        env: { bosh: { group: 'web' } },
      });
      const options = { properties: { enable_auto_anti_affinity: name === 'Go' } };
      const [recreated] = (await zone.result('create_vm', request, options)) as [string];
      await zone.result('set_vm_metadata', [recreated, metadata]);
      const row = vms.require(recreated);
      expect(row).toMatchObject({ name: `vm-${agentId}`, state: 'Running' });
      const hint = await zone.result('attach_disk', [recreated, disk]);
      expect(hint).toEqual({ path: '/dev/xvdc', volume_id: '2' });
      expect(await zone.result('get_disks', [recreated])).toEqual([disk]);
      const nics = zone.simulator.world.nics.all().filter(({ vmId }) => vmId === recreated);
      expect(nics.map(({ ipAddress }) => ipAddress)).toEqual([ip]);
      expect(zone.user.call('listPublicIpAddresses', { ipaddress: vip })).toMatchObject({
        publicipaddress: [{ virtualmachineid: recreated }],
      });

      await zone.result('detach_disk', [recreated, disk]);
      await zone.result('delete_vm', [recreated]);
      await zone.result('delete_disk', [disk]);
      await zone.result('delete_stemcell', [stemcell]);
      zone.simulator.kernel.advanceBy(3 * 24 * 3_600_000);
      expect(await zone.gc()).toEqual([]);
      // A rule of the Go CPI is like one of an operator: nothing tells that it may go.
      const rule =
        name === 'Go'
          ? ['firewall rule tcp (ID), number 1', 'load balancer rule web (ID), number 1']
          : [];
      const after = likenessOf(zone);
      expect(after.filter((line) => !before.includes(line))).toEqual(rule);
      expect(before.filter((line) => !after.includes(line))).toEqual([]);
    });
  }

  test(`a VM of the ${name} CPI goes without a trace with its disk attached, which stays`, async () => {
    await using zone = await startXenserver(false);
    const { vm, disk } = await deployedBy(name, zone);
    await zone.result('delete_vm', [vm]);
    expect(await zone.result('has_disk', [disk])).toBe(true);
    expect(await zone.result('delete_vm', [vm])).toBeNull();
    const left = zone.simulator.world.volumes.all().filter(({ name }) => name.startsWith('cpi-'));
    expect(left.map((row) => row.name)).toEqual([disk]);
  });

  test(`all that a Director asks of a VM and a disk of the ${name} CPI is done`, async () => {
    await using zone = await startXenserver(true);
    const { vm, disk } = await deployedBy(name, zone);
    const { vms, volumes } = zone.simulator.world;
    expect(await zone.result('has_vm', [vm])).toBe(true);
    expect(await zone.result('has_vm', [`${vm}0`])).toBe(false);
    expect(await zone.result('has_vm', [vm.slice(0, -1)])).toBe(false);
    expect(await zone.result('has_disk', [disk])).toBe(true);
    expect(await zone.result('get_disks', [vm])).toEqual([disk]);

    const known = tagsOf(zone, vms.all(), vm);
    await zone.result('set_vm_metadata', [vm, { ...metadata, index: '1', name: 'web/1' }]);
    expect(tagsOf(zone, vms.all(), vm)).toEqual({ ...known, index: '1', name: 'web/1' });
    await zone.result('set_disk_metadata', [disk, { attached_at: '2026-01-01' }]);
    expect(tagsOf(zone, volumes.all(), disk)).toMatchObject({
      deployment: 'cf',
      attached_at: '2026-01-01',
    });
    await zone.result('reboot_vm', [vm]);

    // Again, as after an answer that was lost.
    const hint = { path: '/dev/xvdc', volume_id: '2' };
    expect(await zone.result('attach_disk', [vm, disk])).toEqual(hint);
    const snapshot = await zone.result('snapshot_disk', [disk, metadata]);
    await zone.result('delete_snapshot', [snapshot]);
    await zone.result('detach_disk', [vm, disk]);
    await zone.result('detach_disk', [vm, disk]);
    await zone.result('resize_disk', [disk, 5_000]);
    expect(volumes.all().find((row) => row.name === disk)).toMatchObject({
      sizeBytes: 5 * 1024 ** 3,
    });
    await zone.result('update_disk', [disk, 6_000, { disk_offering: 'ephemeral' }]);
    expect(await zone.result('attach_disk', [vm, disk])).toEqual(hint);
  });
}

test('what a delete_vm that was killed left of a VM of an earlier CPI goes when it is called again', async () => {
  await using zone = await startXenserver(false);
  const { vm, ephemeralDisk } = await deployedBy('Java', zone);
  const rewind = zone.simulator.bookmark();
  const counting = interruptedLine();
  await zone.result('delete_vm', [vm], { through: counting.through });
  rewind();
  const request = counting.commands.indexOf('deleteVolume') + 1;
  const dying = interruptedLine({ request, how: 'dies before it is sent' });
  await Promise.race([zone.call('delete_vm', [vm], { through: dying.through }), dying.death]);
  const ephemeral = (): string[] =>
    zone.simulator.world.volumes
      .all()
      .filter(({ name }) => name === ephemeralDisk)
      .map(({ state }) => state);
  expect(await zone.result('has_vm', [vm])).toBe(false);
  expect(ephemeral()).toEqual(['Ready']);
  await zone.result('delete_vm', [vm]);
  expect(ephemeral()).toEqual([]);
});

test('a role that may not tag is no reason to keep a VM of an earlier CPI', async () => {
  await using zone = await startXenserver(false);
  const { vm, ephemeralDisk } = await deployedBy('Go', zone);
  await zone.result('delete_vm', [vm], { refuse: 'createTags' });
  expect(await zone.result('has_vm', [vm])).toBe(false);
  const names = zone.simulator.world.volumes.all().map(({ name }) => name);
  expect(names).not.toContain(ephemeralDisk);
  expect(zone.diagnostics.join('\n')).toMatch(/warning: ephemeral disk .* gets no marks/);
});

test('a snapshot of the Go CPI is deleted by its id', async () => {
  await using zone = await startXenserver(true);
  const { disk } = await deployedBy('Go', zone);
  const snapshot = snapshotByGoCpi(zone, disk, metadata);
  await zone.result('delete_snapshot', [snapshot]);
  expect(at(zone.user.call('listSnapshots'), 'snapshot')).toBeUndefined();
});

test('a stemcell of an earlier CPI of which VMs run is deleted, one like it by name stays', async () => {
  await using zone = await startXenserver(true);
  const { stemcell, vm } = await deployedBy('Java', zone);
  const { templates } = zone.simulator.world;
  await zone.result('delete_stemcell', [stemcell.slice(0, -1)]);
  expect(templates.all().map((row) => row.name)).toContain(stemcell);
  await zone.result('delete_stemcell', [stemcell]);
  await zone.result('delete_stemcell', [stemcell]);
  expect(templates.all().map((row) => row.name)).not.toContain(stemcell);
  expect(await zone.result('has_vm', [vm])).toBe(true);
});
