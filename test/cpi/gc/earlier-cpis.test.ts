// Proves that gc finds what the Java and the Go CPI leaked, which has no marks, by the names that they
// gave: ephemeral disks that no VM has, VMs that were never handed out, work VMs, templates that never
// became ready; and that it leaves what a Director may know of.
import { expect, test } from '@playwright/test';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { directorUuid, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { earlierCpis, prepareForEarlierCpi } from '../../support/earlier-cpis.js';
import { interruptedLine } from '../../crash/interruption.js';
import { idOf } from '../../support/simulator-vms.js';
import { agentId } from '../methods/vm-requests.js';

const dayMs = 24 * 3_600_000;
const settings = { 'allow.user.expunge.recover.vm': true };
const request = { agentId, stemcell: 'ubuntu-jammy', ip: '10.203.6.40' };

async function start(): Promise<CpiZone> {
  const zone = await startZone({ world: { ...advancedKvm, settings } }, 'direct');
  prepareForEarlierCpi(zone);
  return zone;
}

/** What is found, in a day's time, and what became of it. */
async function collected(zone: CpiZone, options = {}): Promise<string[]> {
  zone.simulator.kernel.advanceBy(2 * dayMs);
  const all = await zone.gc(options);
  return all.map(
    ({ forgotten: { kind, name }, outcome }) =>
      `${kind} ${name}: ${typeof outcome === 'string' ? outcome : outcome.failed}`,
  );
}

function named({ simulator }: CpiZone, start: string): string[] {
  const { vms, volumes } = simulator.world;
  return [...vms.all(), ...volumes.all()]
    .map(({ name }) => name)
    .filter((name) => name.startsWith(start));
}

for (const [name, cpi] of Object.entries(earlierCpis)) {
  test(`what a Director knows of the ${name} CPI is never found`, async () => {
    await using zone = await start();
    const { cid } = cpi.createVm(zone, request);
    cpi.setVmMetadata(zone, cid, { director: 'd', name: 'web/0' });
    const disk = cpi.createDisk(zone, 1_024);
    cpi.attachDisk(zone, cid, disk);
    const unused = cpi.createDisk(zone, 1_024);
    zone.user.done('stopVirtualMachine', { id: idOf(zone.simulator.world.vms.all(), cid) });
    expect(await collected(zone)).toEqual([]);
    expect(named(zone, 'cpi')).toEqual(expect.arrayContaining([cid, disk, unused]));
  });

  test(`an ephemeral disk of the ${name} CPI that no VM has is found once it is a day old`, async () => {
    await using zone = await start();
    const { cid, ephemeralDisk } = cpi.createVm(zone, request);
    cpi.setVmMetadata(zone, cid, { director: 'd', name: 'web/0' });
    const { vms, volumes } = zone.simulator.world;
    zone.user.done('detachVolume', { id: idOf(volumes.all(), ephemeralDisk) });
    zone.user.done('destroyVirtualMachine', { id: idOf(vms.all(), cid) });
    const kinds = (await zone.gc()).map(({ forgotten: { kind } }) => kind);
    expect(kinds).not.toContain('volume');
    zone.simulator.kernel.advanceBy(2 * dayMs);
    // Nothing tells which Director it was for.
    expect(await zone.gc({ directorUuid })).toEqual([]);
    expect(await collected(zone)).toEqual([`volume ${ephemeralDisk}: deleted`]);
    expect(named(zone, 'cpi-')).toEqual([]);
  });

  test(`a VM of the ${name} CPI that was never handed out goes with its disk when it does not run`, async () => {
    await using zone = await start();
    const { cid, ephemeralDisk } = cpi.createVm(zone, request);
    const [running] = await collected(zone);
    expect(running).toMatch(new RegExp(`^VM ${cid}: it runs, and only its name tells`));
    zone.user.done('stopVirtualMachine', { id: idOf(zone.simulator.world.vms.all(), cid) });
    const found = (await collected(zone)).filter((line) => !line.startsWith('affinity group'));
    expect(found).toEqual([`VM ${cid}: deleted`]);
    expect([...named(zone, 'cpivm-'), ...named(zone, ephemeralDisk)]).toEqual([]);
  });
}

test('an ephemeral disk of an earlier CPI that a killed delete_vm has marked is found once', async () => {
  await using zone = await start();
  const { cid, ephemeralDisk } = earlierCpis.Java.createVm(zone, request);
  earlierCpis.Java.setVmMetadata(zone, cid, { director: 'd', name: 'web/0' });
  const rewind = zone.simulator.bookmark();
  const counting = interruptedLine();
  await zone.result('delete_vm', [cid], { through: counting.through });
  rewind();
  const at = counting.commands.indexOf('destroyVirtualMachine') + 1;
  const dying = interruptedLine({ request: at, how: 'dies before it is sent' });
  await Promise.race([zone.call('delete_vm', [cid], { through: dying.through }), dying.death]);
  const tags = zone.simulator.world.tags.all();
  expect(tags.map(({ value }) => value)).toContain('ephemeral-disk');
  const { vms, volumes } = zone.simulator.world;
  zone.user.done('detachVolume', { id: idOf(volumes.all(), ephemeralDisk) });
  zone.user.done('destroyVirtualMachine', { id: idOf(vms.all(), cid) });
  expect(await collected(zone)).toEqual([`volume ${ephemeralDisk}: deleted`]);
});

test('the group of an instance group that the Go CPI made goes with its last VM', async () => {
  await using zone = await start();
  const { affinityGroups } = zone.simulator.world;
  zone.user.done('createAffinityGroup', { name: 'web', type: 'host anti-affinity' });
  const other = { agentId: 'b0000000-0000-4000-8000-000000000002', ip: '10.203.6.41' };
  const first = earlierCpis.Go.createVm(zone, request);
  const second = earlierCpis.Go.createVm(zone, { ...request, ...other });
  const names = (): string[] => affinityGroups.all().map(({ name }) => name);
  await zone.result('delete_vm', [first.cid]);
  expect(names()).toEqual(['web', `${directorUuid}-web`]);
  await zone.result('delete_vm', [second.cid]);
  expect(names()).toEqual(['web']);
});

test('a work VM of which the Java CPI made a template is found, also when it runs', async () => {
  await using zone = await start();
  const { serviceOfferings, templates, zones } = zone.simulator.world;
  const name = 'cpi-stemcell-work-7f0a2c1e-2f4b-4d53-9c0f-0c8a9d3f1b11';
  zone.user.done('deployVirtualMachine', {
    name,
    zoneid: idOf(zones.all(), 'zone1'),
    serviceofferingid: idOf(serviceOfferings.all(), 'm1.small'),
    templateid: idOf(templates.all(), 'ubuntu-jammy'),
    userdata: Buffer.from('fakeuserdata').toString('base64'),
  });
  expect(await collected(zone)).toEqual([`VM ${name}: deleted`]);
});

test('a template whose image could not be fetched is found, one of somebody else is not', async () => {
  const fetchImage = () => Promise.resolve({ kind: 'failed', errorText: 'HTTP 404' } as const);
  await using zone = await startZone({ fetchImage }, 'direct');
  const { osTypes, zones } = zone.simulator.world;
  for (const name of ['cpitemplate-60117', 'of-somebody-else']) {
    zone.user.call('registerTemplate', {
      name,
      displaytext: `${name} : cpi stemcell template`,
      url: `http://192.0.2.6:8080/templates/${name}.qcow2`,
      format: 'QCOW2',
      hypervisor: 'KVM',
      zoneid: idOf(zones.all(), 'zone1'),
      ostypeid: osTypes.all()[0]!.id,
    });
  }
  await new Promise((resolve) => setImmediate(resolve));
  expect(await collected(zone)).toEqual(['template cpitemplate-60117: deleted']);
});
