// Proves what a zone refuses whose secondary storage is full, command by command, with which text and
// whether ordinary users read it; what becomes of that which was to go there; and that it takes more
// again once something was deleted, or its threshold is higher.
import { expect, test } from '@playwright/test';
import { takesMore } from '../../../../simulator/world/storage/image-store-space.js';
import type { Reply, TestWorld, Values } from '../../../support/simulator-client.js';
import { testSimulator } from '../../../support/simulator-client.js';
import { snapshotOf } from '../../../support/simulator-snapshots.js';
import { vmSnapshotOf, vmWithDisk } from '../../../support/simulator-vm-snapshots.js';
import {
  deployed,
  diskOfferingId,
  idOf,
  refusedUnchanged,
} from '../../../support/simulator-vms.js';
import {
  attached,
  createdVolume,
  listedVolume,
  storageWorld,
} from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';
import { listedTemplate, statusOf, templateValues } from '../../../support/template-uploads.js';

interface FullZone {
  readonly world: TestWorld;
  /** On a pool, and attached to nothing. */
  readonly volumeId: string;
  /** What fills it. */
  readonly snapshotId: string;
}

/** A zone with 15 GiB of secondary storage, in which a snapshot of 10 and a template lie. */
function fullZone(): FullZone {
  const world = testSimulator({ world: storageWorld({ secondaryStorageGib: 15 }) });
  const volumeId = createdVolume(world, world.user);
  attached(world.user, volumeId, deployed(world, world.user)['id'] as string);
  world.user.done('detachVolume', { id: volumeId });
  const snapshotId = snapshotOf(world.user, volumeId)['id'] as string;
  expect(isFull(world)).toBe(true);
  return { world, volumeId, snapshotId };
}

function isFull({ simulator }: TestWorld): boolean {
  return !takesMore(simulator.world, simulator.world.zones.all()[0]!);
}

function failed({ user }: TestWorld, command: string, values: Values): unknown[] {
  const { status, resultcode, result } = user.run(command, values);
  return [status, resultcode, result['errortext']];
}

test('images cannot be posted; only root admins read why', () => {
  const { world } = fullZone();
  const { hypervisor, ...ofIso } = templateValues(world, { format: 'QCOW2' });
  const { ostypeid, ...ofVolume } = ofIso;
  const noRoom = 'unable to find zone or an image store with enough capacity';
  for (const [command, values, errortext] of [
    ['getUploadParamsForTemplate', { ...ofIso, hypervisor }, noRoom],
    ['getUploadParamsForIso', { ...ofVolume, ostypeid }, noRoom],
    ['getUploadParamsForVolume', ofVolume, 'Cannot find an image store for zone [1].'],
  ] as [string, Values, string][]) {
    const told = (client: TestWorld['user']): unknown[] => {
      const refused = refusedUnchanged(world, client, command, values);
      return [refused.httpStatus, refused.errortext];
    };
    expect(told(world.admin)).toEqual([530, errortext]);
    expect(told(world.user)).toEqual([
      530,
      'Internal error executing command, please contact your system administrator',
    ]);
  }
});

test('a template is registered, and never comes', () => {
  const { world } = fullZone();
  const asked = templateValues(world, { url: 'http://198.51.100.7/root.qcow2' });
  const [{ id }] = world.user.call('registerTemplate', asked)['template'] as [Reply];
  world.simulator.kernel.advanceBy(3_600_000);
  expect(listedTemplate(world.user, id as string)).toMatchObject({
    status: 'Active',
    isready: false,
    downloaddetails: [{ downloadState: 'NOT_DOWNLOADED' }],
  });
  expect(world.user.run('deleteTemplate', { id }).status).toBe(1);
});

test('a volume by URL stays Allocated, without an image', () => {
  const { world } = fullZone();
  const values = {
    name: 'late',
    format: 'QCOW2',
    zoneid: idOf(world.simulator.world.zones.all(), 'zone1'),
    diskofferingid: diskOfferingId(world, 'shared.custom'),
    url: 'http://198.51.100.7/disk.qcow2',
  };
  expect(failed(world, 'uploadVolume', values)).toEqual([
    2,
    530,
    'Cannot find an image store for zone [1].',
  ]);
  const [volume] = world.user.call('listVolumes', { name: 'late' })['volume'] as [Reply];
  expect(volume).toMatchObject({ state: 'Allocated' });
  assertSound(world.simulator);
});

test('no snapshot is backed up: it stays on its pool as Error until somebody deletes it', () => {
  const { world, volumeId } = fullZone();
  const { id, status, resultcode, result } = world.user.run('createSnapshot', {
    volumeid: volumeId,
  });
  expect([status, resultcode, result['errortext']]).toEqual([
    2,
    530,
    `Failed to create snapshot due to an internal error creating snapshot for volume ${volumeId}`,
  ]);
  expect(world.user.call('listSnapshots', { id: id! })['snapshot']).toMatchObject([
    { state: 'Error' },
  ]);
  expect(listedVolume(world.user, volumeId)).toMatchObject({ state: 'Ready' });
  assertSound(world.simulator);
  world.user.done('deleteSnapshot', { id: id! });
});

test('a backup in the background is given up, and nothing stays of the snapshot', () => {
  const { world, volumeId } = fullZone();
  const { id, status } = world.user.run('createSnapshot', {
    volumeid: volumeId,
    asyncbackup: true,
  });
  expect(status).toBe(1);
  expect(world.user.call('listSnapshots', { id: id! })).toEqual({});
  assertSound(world.simulator);
});

test('what a snapshot of a VM holds cannot be taken from it', () => {
  const world = vmWithDisk();
  const { user, simulator, vmId, volumeId } = world;
  const { id: vmsnapshotid } = vmSnapshotOf(user, vmId, { snapshotmemory: true });
  simulator.world.settings.set('secondary.storage.capacity.threshold', 0);
  const outcome = user.run('createSnapshotFromVMSnapshot', { volumeid: volumeId, vmsnapshotid });
  expect([outcome.resultcode, outcome.result['errortext']]).toEqual([
    530,
    expect.stringMatching(
      /^Failed to create snapshot due to an internal error creating snapshot from vm snapshot /,
    ),
  ]);
  expect(user.call('listSnapshots')).toEqual({});
  assertSound(simulator);
});

test('no template is made, of a volume or a snapshot, and none stays', () => {
  const { world, volumeId, snapshotId } = fullZone();
  const ostypeid = world.simulator.world.osTypes.all()[0]!.id;
  for (const source of [{ volumeid: volumeId }, { snapshotid: snapshotId }]) {
    expect(failed(world, 'createTemplate', { name: 'made', ostypeid, ...source })).toEqual([
      2,
      530,
      'cannot find an image store for zone 1',
    ]);
    expect(world.user.call('listTemplates', { templatefilter: 'self' })).toEqual({});
  }
  assertSound(world.simulator);
});

test('no volume is extracted', () => {
  const { world, volumeId } = fullZone();
  const zoneid = world.simulator.world.zones.all()[0]!.id;
  expect(failed(world, 'extractVolume', { id: volumeId, zoneid, mode: 'HTTP_DOWNLOAD' })).toEqual([
    2,
    431,
    'Secondary storage to satisfy storage needs cannot be found for zone: 1',
  ]);
  expect(listedVolume(world.user, volumeId)).toMatchObject({ state: 'Ready' });
});

test('what lies there stays usable, and room that is given back is room', () => {
  const { world, snapshotId, volumeId } = fullZone();
  const copy = world.user.done('createVolume', { name: 'copy', snapshotid: snapshotId })['volume'];
  expect(copy).toMatchObject({ state: 'Ready' });
  deployed(world, world.user, { name: 'another' });
  world.simulator.world.settings.set('secondary.storage.capacity.threshold', 1);
  expect(isFull(world)).toBe(false);
  world.simulator.world.settings.set('secondary.storage.capacity.threshold', 0.9);
  world.user.done('deleteSnapshot', { id: snapshotId });
  expect(isFull(world)).toBe(false);
  expect(snapshotOf(world.user, volumeId)).toMatchObject({ state: 'BackedUp' });
  const asked = templateValues(world, { url: 'http://198.51.100.7/root.qcow2' });
  world.user.done('deleteSnapshot', {
    id: (world.user.call('listSnapshots')['snapshot'] as [Reply])[0]['id'],
  });
  const [{ id }] = world.user.call('registerTemplate', asked)['template'] as [Reply];
  expect(statusOf(world, id as string)).toBe('');
});
