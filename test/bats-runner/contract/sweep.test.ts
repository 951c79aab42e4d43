// A run that is killed at any moment leaves things behind; a sweep finds them by their marks and by
// what the run noted before it asked for it, and takes them away: the cloud is as it was before, and
// what is somebody else's, of the same account, is untouched. Random moments: SEED repeats them.
import assert from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { CloudClient } from '../../../bats-runner/cloud/client.js';
import {
  inventoryChanges,
  takeInventory,
  type Inventory,
} from '../../../bats-runner/cloud/inventory.js';
import { openApiDoor, type ApiDoor } from '../../../bats-runner/contract/api-door.js';
import type { CaseTools } from '../../../bats-runner/contract/case-tools.js';
import { contractCase } from '../../../bats-runner/contract/contract-case.js';
import { sweepCloud } from '../../../bats-runner/contract/contract-run.js';
import { madeFile, readMade, rememberMade } from '../../../bats-runner/contract/marks.js';
import { runCase } from '../../../bats-runner/contract/run-case.js';
import type { RunCpi } from '../../../bats-runner/director/cpi-process.js';
import { withVip } from '../../../bats-runner/specs/network/addresses.js';
import { imageFile, properties } from '../../../bats-runner/specs/stemcell/upload.js';
import { accountOf } from '../../../bats-runner/target/preflight.js';
import { SignedClient } from '../../support/signed-client.js';
import { cloudSession, configOf, openCloud, type InProcessCloud } from './in-process-cloud.js';

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));

let cloud: InProcessCloud;
let output: string;
test.beforeEach(async () => {
  cloud = await openCloud();
  output = mkdtempSync(join(tmpdir(), 'bats-runner-sweep-'));
});
test.afterEach(async () => {
  await cloud.close();
  rmSync(output, { recursive: true });
});

function inventory(): Promise<Inventory> {
  return takeInventory(new CloudClient(accountOf(configOf(cloud.file))));
}

function swept(isDryRun = false): ReturnType<typeof sweepCloud> {
  // CloudStack waits ten minutes for the rest of an upload before it lets anybody delete the template.
  const pause = async (ms: number): Promise<void> => {
    cloud.simulator.kernel.advanceBy(ms * 100);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return sweepCloud({ config: configOf(cloud.file), output, isDryRun, pause });
}

interface BreakingLine extends ApiDoor {
  /** Rejected when it breaks. */
  readonly broken: Promise<never>;
}

/** A line to the cloud that breaks for good with the request of this number. */
async function lineThatBreaks(after: number): Promise<BreakingLine> {
  const line = await openApiDoor({ endpoint: cloud.endpoint });
  let kill: (reason: Error) => void = () => undefined;
  const broken = new Promise<never>((_, reject) => (kill = reject));
  broken.catch(() => undefined);
  line.intercept(() => {
    if (line.requests.length < after) return undefined;
    kill(new Error('killed'));
    // The cloud has got the last request, and nobody hears its answer.
    return line.requests.length === after ? 'answer is lost' : 'connection breaks';
  });
  return { ...line, broken };
}

/** Something of each kind that cases make. */
async function everything(tools: CaseTools): Promise<void> {
  const { cpi, cloud: account, offers, newId, createVm, createDisk } = tools;
  const name = `contract-${newId()}`;
  await account.run('createAffinityGroup', {
    name: `${name}-past-the-cpi`,
    type: 'host anti-affinity',
  });
  const light = { public_port: 8080, private_port: 80, name };
  const vm = await createVm({
    properties: {
      affinity_group: name,
      disk: 2048,
      lbs: [light],
      ephemeral_disk_offering: offers.diskOffering,
    },
    networks: withVip(tools, offers.vips?.[0] ?? ''),
  });
  const disk = await createDisk(1024, vm);
  await cpi.result('attach_disk', [vm, disk]);
  await cpi.result('snapshot_disk', [disk, {}]);
  await cpi.cid('create_stemcell', [await imageFile(tools), properties]);
  const subnet = {
    type: 'manual',
    range: '10.77.3.0/24',
    gateway: '10.77.3.1',
    cloud_properties: { network_offering: offers.networkOffering ?? '' },
  };
  await cpi.result('create_network', [subnet]);
}

/** Runs that as a case, until the line breaks; answers how many requests went over it. */
async function runUntil(after: number): Promise<number> {
  const line = await lineThatBreaks(after);
  const file = {
    ...cloud.file,
    cloudstack: { ...(cloud.file['cloudstack'] as object), endpoint: line.endpoint },
  };
  const session = await cloudSession({ ...cloud, file });
  const declared = contractCase({ id: 'X-01', title: 'All', proves: 'Nothing.' }, everything);
  const made = rememberMade(madeFile(output, session.run));
  // A CPI that is killed does not try again.
  const runCpi: RunCpi = (...call) => Promise.race([session.runCpi(...call), line.broken]);
  await runCase({ ...session, made, runCpi }, declared, 2).catch(() => undefined);
  await line.close();
  return line.requests.length;
}

/** What somebody else has in the same account, as much like ours as it can be. */
function somebodyElses(): void {
  const { simulator } = cloud;
  const { world, kernel } = simulator;
  const user = new SignedClient(simulator, simulator.userWithRole('User'));
  const named = <Row extends { name: string }>(rows: Row[], name: string): Row =>
    rows.find((row) => row.name === name)!;
  const { id: networkid, zoneId: zoneid } = named(world.networks.all(), 'private');
  const diskofferingid = named(world.diskOfferings.all(), 'any-size').id;
  const director = '5d7a1b9c-5a5a-4b6f-9a0e-6f3f7f2f9a11';
  const vm = user.call('deployVirtualMachine', {
    name: `vm-${director}`,
    zoneid,
    serviceofferingid: named(world.serviceOfferings.all(), 'small').id,
    templateid: named(world.templates.all(), 'ubuntu-jammy').id,
    networkids: networkid,
    diskofferingid,
    size: 1,
  });
  user.call('createVolume', { name: `disk-${director}`, zoneid, diskofferingid, size: 1 });
  user.call('createAffinityGroup', { name: 'contract-web', type: 'host anti-affinity' });
  user.call('associateIpAddress', { networkid, ipaddress: '203.0.113.20' });
  kernel.catchUp();
  user.call('createTags', {
    resourcetype: 'UserVm',
    resourceids: String(vm['id']),
    'tags[0].key': 'bosh-cpi-director',
    'tags[0].value': director,
    // One that the file lends to the cases: the CPI tells so by which address its VM is reached.
    'tags[1].key': 'bosh-cpi-address',
    'tags[1].value': String((cloud.file['vips'] as string[]).at(-1)),
  });
}

for (const mayExpunge of [false, true]) {
  test(`the address of a VM that is swept is free at once, if the account ${mayExpunge ? 'may' : 'may not'} expunge`, async () => {
    const { simulator } = cloud;
    const { world, kernel } = simulator;
    world.settings.set('expunge.delay', 86_400);
    world.settings.set('allow.user.expunge.recover.vm', mayExpunge);
    const user = new SignedClient(simulator, simulator.userWithRole('User'));
    const addresses = configOf(cloud.file).network.addresses;
    const deploy = (name: string): void => {
      user.call('deployVirtualMachine', {
        name: `vm-${name}`,
        zoneid: world.zones.all().find((zone) => zone.name === 'zone1')!.id,
        serviceofferingid: world.serviceOfferings.all().find((one) => one.name === 'small')!.id,
        templateid: world.templates.all().find((one) => one.name === 'ubuntu-jammy')!.id,
        networkids: world.networks.all().find((one) => one.name === 'private')!.id,
        ipaddress: addresses[0]!,
      });
      kernel.catchUp();
    };
    deploy('ba75ba75-0001-4b6f-9a0e-6f3f7f2f9a11');
    expect((await swept()).problems).toEqual([]);
    const nics = world.nics.all().filter(({ removedMs }) => removedMs === null);
    expect(nics.filter(({ ipAddress }) => addresses.includes(ipAddress!))).toEqual([]);
    expect(world.vms.all().map(({ state }) => state)).toEqual(mayExpunge ? [] : ['Destroyed']);
    deploy('5d7a1b9c-5a5a-4b6f-9a0e-6f3f7f2f9a11');
  });
}

test('what is behind the first 500 of a list is found, too', async () => {
  const { simulator } = cloud;
  const { world, kernel } = simulator;
  const user = new SignedClient(simulator, simulator.userWithRole('User'));
  const offering = world.diskOfferings.all().find(({ name }) => name === 'any-size')!;
  const volume = { zoneid: world.zones.all()[0]!.id, diskofferingid: offering.id, size: 1 };
  for (let number = 1; number <= 500; number += 1) {
    user.call('createVolume', { ...volume, name: `somebody-elses-${number}` });
  }
  kernel.catchUp();
  const before = await inventory();
  const ours = 'disk-ba75ba75-0001-4b6f-9a0e-6f3f7f2f9a11';
  user.call('createVolume', { ...volume, name: ours });
  kernel.catchUp();
  expect((await swept()).deleted.join()).toMatch(new RegExp(`^volume \\S+ \\(${ours}\\)`));
  expect(before.size).toBeGreaterThan(500);
  expect(inventoryChanges(before, await inventory())).toEqual([]);
});

test('what a killed run leaves is told, deleted, and nothing else is touched', async () => {
  somebodyElses();
  const before = await inventory();
  const requests = await runUntil(Number.POSITIVE_INFINITY);
  assert.deepEqual(inventoryChanges(before, await inventory()), []);
  let state = seed;
  let dirty = 0;
  for (let kill = 0; kill < 6; kill += 1) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    const after = 20 + (state % (requests - 20));
    const where = `SEED=${seed}, killed at request ${after} of ${requests}`;
    await runUntil(after);
    const left = inventoryChanges(before, await inventory());
    if (left.length > 0) dirty += 1;
    const { deleted: found } = await swept(true);
    assert.deepEqual(inventoryChanges(before, await inventory()), left, where);
    const { problems } = await swept();
    assert.deepEqual(problems, [], `${where}\n${problems.join('\n')}`);
    assert.deepEqual(inventoryChanges(before, await inventory()), [], where);
    assert.ok(found.length >= left.length, where);
  }
  expect(dirty, `SEED=${seed}`).toBeGreaterThan(0);
  expect(await swept()).toEqual({ deleted: [], problems: [] });
  // What is gone marks nothing any more.
  expect(readMade(output).size).toBe(0);
});
