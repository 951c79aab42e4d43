// Proves that uploadVolume's image is really fetched, how lists show it meanwhile, that it comes to a
// pool when the volume is first attached, and that nothing stays of one that cannot be fetched.
import type { RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { fetchImage, type FetchImage } from '../../../../simulator/ssvm/fetch-image.js';
import { setLimit } from '../../../../simulator/world/identity/resource-limits.js';
import type { Reply, TestWorld, Values } from '../../../support/simulator-client.js';
import { testSimulator } from '../../../support/simulator-client.js';
import { deployed, diskOfferingId, idOf } from '../../../support/simulator-vms.js';
import { attached, listedVolume, storageWorld } from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';
import {
  downloadingWorld,
  downloadsEnded,
  whileServing,
} from '../../../support/template-downloads.js';
import { qcow2Image } from '../../../support/template-uploads.js';

const GIB = 1024 ** 3;
const image = qcow2Image(3 * GIB, 100_000);

const sendImage: RequestListener = (_request, response) => {
  response.setHeader('content-length', image.length);
  response.end(image);
};

function values({ simulator }: TestWorld, changes: Values = {}): Values {
  return {
    name: 'data',
    format: 'QCOW2',
    zoneid: idOf(simulator.world.zones.all(), 'zone1'),
    url: 'http://images.example/data.qcow2',
    ...changes,
  };
}

/** Orders the upload, and answers the volume as the job's result shows it. */
function ordered(world: TestWorld, changes: Values = {}): Reply {
  return world.user.done('uploadVolume', values(world, changes))['volume'] as Reply;
}

/** The volume after its bytes have come, or did not, and CloudStack knows. */
async function uploaded(
  world: TestWorld,
  serve: RequestListener,
  { path = '/data.qcow2', ...changes }: { path?: string } & Values = {},
): Promise<string> {
  let id = '';
  await whileServing(serve, async (origin) => {
    id = ordered(world, { url: `${origin}${path}`, ...changes })['id'] as string;
    await downloadsEnded(world);
    world.simulator.kernel.advanceUntilIdle();
  });
  return id;
}

test('is shown as an upload until it is complete, and then as large as its image', async () => {
  const world = downloadingWorld({
    'duration.template.download': 20_000,
    'duration.template.install': 5_000,
  });
  const { user, admin, simulator } = world;
  await whileServing(sendImage, async (origin) => {
    const volume = ordered(world, { url: `${origin}/data.qcow2` });
    const id = volume['id'] as string;
    const shown = (): unknown => {
      const { state, status, size } = listedVolume(user, id)!;
      return [state, status, size];
    };
    expect(volume).toMatchObject({ state: 'UploadNotStarted', status: '', size: 0, name: 'data' });
    expect(shown()).toEqual(['UploadNotStarted', '', 0]);
    await downloadsEnded(world);
    simulator.kernel.advanceBy(13_000);
    expect(shown()).toEqual(['Uploading', '65% Uploaded', 0]);
    expect(listedVolume(admin, id)).toMatchObject({ hypervisor: 'KVM', storage: 'none' });
    expect(user.fails('deleteVolume', { id })).toMatchObject({
      errorcode: 431,
      errortext: 'Please specify a volume that is not uploading',
    });
    assertSound(simulator);
    simulator.kernel.advanceBy(10_000);
    expect(shown()).toEqual(['Uploading', 'Checking Volume', 0]);
    simulator.kernel.advanceUntilIdle();
    expect(shown()).toEqual(['Uploaded', undefined, 3 * GIB]);
    assertSound(simulator);
  });
});

test('comes to a pool when it is first attached, and counts there from then on', async () => {
  const world = downloadingWorld();
  const { user, admin, simulator } = world;
  const { accountId } = simulator.userWithRole('User');
  const counted = (type: string): number =>
    simulator.world.volumes.total('accountId', accountId, type);
  const vm = deployed(world, user);
  const id = await uploaded(world, sendImage);
  const primary = counted('primary_storage');
  expect(counted('secondary_storage')).toBe(3 * GIB);
  const { jobid } = user.call('attachVolume', { id, virtualmachineid: vm['id'] as string });
  simulator.kernel.advanceBy(100);
  expect(listedVolume(user, id)).toMatchObject({ state: 'Copying' });
  expect(user.fails('deleteVolume', { id })).toMatchObject({ errorcode: 530 });
  assertSound(simulator);
  simulator.kernel.advanceUntilIdle();
  expect(user.job(jobid as string).result['volume']).toMatchObject({
    state: 'Ready',
    deviceid: 1,
    virtualmachineid: vm['id'],
    size: 3 * GIB,
  });
  expect(listedVolume(admin, id)).toMatchObject({ storage: expect.stringContaining('primary') });
  expect(counted('secondary_storage')).toBe(0);
  expect(counted('primary_storage')).toBe(primary + 3 * GIB);
  expect(simulator.world.volumeImages.all()).toEqual([]);
  user.done('detachVolume', { id });
  expect(attached(user, id, vm['id'] as string)).toMatchObject({ deviceid: 1 });
  assertSound(simulator);
});

test('without a secondary storage VM it waits for the next one, which fetches it once', async () => {
  const urls: string[] = [];
  const told: FetchImage = (order, options) => {
    urls.push(order.url);
    return fetchImage(order, options);
  };
  const world = downloadingWorld({}, { fetchImage: told });
  const { simulator, user } = world;
  const outage = (): void => {
    const when = { command: 'listZones', phase: 'after-reply', times: 1 } as const;
    simulator.setFaults([{ when, then: { effect: 'no-secondary-storage-vm', forMs: 60_000 } }]);
    user.call('listZones');
  };
  await whileServing(sendImage, async (origin) => {
    const url = `${origin}/data.qcow2`;
    outage();
    const id = ordered(world, { url })['id'] as string;
    expect(urls).toEqual([]);
    simulator.kernel.advanceBy(60_000);
    expect(urls).toEqual([url]);
    await downloadsEnded(world);
    simulator.kernel.advanceUntilIdle();
    expect(listedVolume(user, id)).toMatchObject({ state: 'Uploaded', size: 3 * GIB });
    outage();
    simulator.kernel.advanceBy(60_000);
    expect(urls).toEqual([url]);
  });
});

test('a VM that was never started takes it only where the zone has a pool of its own', async () => {
  const settings = { 'ssvm.allowLoopback': true };
  for (const pools of [[], [{ name: 'everywhere', sizeGib: 500 }]]) {
    const world = downloadingWorld({}, { world: storageWorld({ pools }, { settings }) });
    const vm = deployed(world, world.user, { startvm: false });
    const id = await uploaded(world, sendImage);
    const outcome = world.user.run('attachVolume', { id, virtualmachineid: vm['id'] as string });
    if (pools.length > 0) {
      expect(outcome.result['volume']).toMatchObject({ state: 'Ready' });
      continue;
    }
    expect(outcome).toMatchObject({
      resultcode: 530,
      result: { errortext: 'Failed to find a primary storage for volume in state: Uploaded' },
    });
    expect(listedVolume(world.user, id)).toMatchObject({ state: 'Uploaded' });
    assertSound(world.simulator);
  }
});

test('no room near the VM leaves it where it is; a limit is told as a wrong parameter', async () => {
  const world = downloadingWorld();
  const { user, simulator } = world;
  const vm = deployed(world, user);
  const id = await uploaded(world, sendImage);
  const attach = (): Reply =>
    user.run('attachVolume', { id, virtualmachineid: vm['id'] as string });
  const { accountId } = simulator.userWithRole('User');
  setLimit(simulator.world, accountId, 'primary_storage', GIB);
  expect(attach()).toMatchObject({
    resultcode: 431,
    result: { errortext: expect.stringContaining("Type = 'primary_storage'") },
  });
  setLimit(simulator.world, accountId, 'primary_storage', -1);
  for (const pool of simulator.world.storagePools.all()) {
    simulator.world.storagePools.change(pool, { full: true });
  }
  expect(attach()).toMatchObject({
    resultcode: 530,
    result: {
      errortext: expect.stringMatching(
        /^Failed to find a suitable storage pool in the pod\/cluster of the provided VM \[.*\] to create the volume in\.$/,
      ),
    },
  });
  expect(listedVolume(user, id)).toMatchObject({ state: 'Uploaded' });
  assertSound(simulator);
});

test('a fault in the midst of the copy takes it back', async () => {
  const world = downloadingWorld();
  const { user, simulator } = world;
  const vm = deployed(world, user);
  const id = await uploaded(world, sendImage);
  simulator.setFaults([
    {
      when: { command: 'attachVolume', phase: 'job-step', step: 2 },
      then: { effect: 'job-fails', text: 'no answer' },
    },
  ]);
  expect(user.run('attachVolume', { id, virtualmachineid: vm['id'] as string })).toMatchObject({
    status: 2,
  });
  expect(listedVolume(user, id)).toMatchObject({ state: 'Uploaded' });
  assertSound(simulator);
});

test.describe('nothing stays of', () => {
  const broken: readonly {
    readonly what: string;
    readonly serve: RequestListener;
    readonly path?: string;
    readonly values?: Values;
    readonly settings?: Values;
  }[] = [
    {
      what: 'an image that there is not',
      serve: (_, response) => void response.writeHead(404).end(),
    },
    { what: 'an image that is none', serve: (_, response) => void response.end('<html>sorry') },
    {
      what: 'an image that is cut off by a reset',
      serve: (_, response) => {
        response.setHeader('content-length', image.length);
        response.write(image.subarray(0, 1_000), () => response.socket!.resetAndDestroy());
      },
    },
    {
      what: 'an image of more than the largest volume',
      serve: (_, response) => {
        response.setHeader('content-length', 2 * GIB);
        response.flushHeaders();
      },
      settings: { 'storage.max.volume.upload.size': 1 },
    },
    {
      what: 'an image with another checksum',
      serve: sendImage,
      values: { checksum: `{SHA-256}${'0'.repeat(64)}` },
    },
    {
      what: 'a packed image that cannot be unpacked',
      serve: (_, response) => {
        const packed = gzipSync(image).subarray(0, 60);
        response.setHeader('content-length', packed.length);
        response.end(packed);
      },
      path: '/data.qcow2.gz',
    },
  ];
  for (const { what, serve, path, values: changes, settings } of broken) {
    test(what, async () => {
      const world = downloadingWorld(settings);
      const id = await uploaded(world, serve, { ...(path && { path }), ...changes });
      expect(listedVolume(world.user, id)).toBeUndefined();
      const { volumes, volumeImages } = world.simulator.world;
      expect([volumes.all(), volumeImages.all()]).toEqual([[], []]);
      expect(volumes.require(id)).toMatchObject({ state: 'Allocated' });
      assertSound(world.simulator);
    });
  }

  test('an image that was on its way when the secondary storage VM went', () => {
    const world = testSimulator();
    const id = ordered(world)['id'] as string;
    const tag = { 'tags[0].key': 'env', 'tags[0].value': 'test' };
    world.user.done('createTags', { resourcetype: 'Volume', resourceids: id, ...tag });
    world.simulator.setFaults([
      {
        when: { command: 'listZones', phase: 'before-apply' },
        then: { effect: 'no-secondary-storage-vm' },
      },
    ]);
    world.user.send('listZones');
    expect(listedVolume(world.user, id)).toBeUndefined();
    expect(world.user.call('listTags')).toEqual({});
    assertSound(world.simulator);
  });
});

test('without a secondary storage VM nothing is fetched; such a volume can be deleted', () => {
  const world = testSimulator();
  const { zones } = world.simulator.world;
  zones.change(zones.all()[0]!, { secondaryStorageVmUp: false });
  const volume = ordered(world);
  expect(volume).toMatchObject({ state: 'UploadNotStarted' });
  expect(volume).not.toHaveProperty('status');
  expect(world.user.run('destroyVolume', { id: volume['id'] as string })).toMatchObject({
    status: 1,
  });
  expect(listedVolume(world.user, volume['id'] as string)).toMatchObject({ state: 'Destroy' });
  const other = ordered(world)['id'] as string;
  world.user.call('deleteVolume', { id: other });
  expect(listedVolume(world.user, other)).toBeUndefined();
});

test('a deleted volume is not fetched any further', () => {
  const world = testSimulator();
  const id = ordered(world)['id'] as string;
  world.user.call('deleteVolume', { id });
  expect(world.simulator.world.volumeImages.all()).toEqual([]);
});

test.describe('is refused in its job', () => {
  const refusals: readonly {
    readonly what: string;
    readonly code: number;
    readonly text: string | RegExp;
    readonly values?: (world: TestWorld) => Values;
    readonly before?: (world: TestWorld) => void;
  }[] = [
    {
      what: 'for a format that there is not, with Java’s own exception',
      code: 530,
      text: /^Image format: FLOPPY is incorrect\. Supported formats are QCOW2, RAW, /,
      values: () => ({ format: 'FLOPPY' }),
    },
    {
      what: 'above the limit of volumes',
      code: 530,
      text: /^Maximum amount of resources of Type = 'volume'/,
      before: ({ simulator: { world } }) => {
        setLimit(world, idOf(world.accounts.all(), 'bosh'), 'volume', 0);
      },
    },
    {
      what: 'for a file',
      code: 431,
      text: 'File:// type urls are currently unsupported',
      values: () => ({ url: 'file:///data.qcow2' }),
    },
    {
      what: 'for a URL that ends otherwise',
      code: 431,
      text: 'Please specify a valid URL. URL:/data.vhd is an invalid for the format qcow2',
      values: () => ({ url: 'http://images.example/data.vhd' }),
    },
    {
      what: 'for a format of another hypervisor',
      code: 431,
      text: 'The VMware hypervisor supported for OVA file format, is not found on the zone',
      values: () => ({ format: 'OVA', url: 'http://images.example/data.ova' }),
    },
    {
      what: 'with an offering of a fixed size',
      code: 431,
      text: 'Please specify a custom sized disk offering.',
      values: (world) => ({ diskofferingid: diskOfferingId(world, 'DO1 - Small STD') }),
    },
  ];
  for (const { what, code, text, values: changes, before } of refusals) {
    test(what, () => {
      const world = testSimulator();
      const asked = values(world, changes?.(world));
      before?.(world);
      const { resultcode, result } = world.user.run('uploadVolume', asked);
      expect(resultcode).toBe(code);
      if (typeof text === 'string') expect(result['errortext']).toBe(text);
      else expect(result['errortext']).toMatch(text);
      expect(world.simulator.world.volumes.everyRow()).toEqual([]);
      expect(world.simulator.world.volumeImages.everyRow()).toEqual([]);
    });
  }

  test('for an account that is not the caller’s, before there is a job', () => {
    const world = testSimulator();
    const { domainId } = world.simulator.world.accounts.all()[0]!;
    const asked = values(world, { account: 'admin', domainid: domainId });
    expect(world.user.fails('uploadVolume', asked)).toMatchObject({ errorcode: 531 });
  });
});

test('a world that is saved in the midst of a download begins it again where it is loaded', async () => {
  const first = testSimulator();
  await whileServing(sendImage, async (origin) => {
    first.simulator.world.settings.set('ssvm.allowLoopback', true);
    const id = ordered(first, { url: `${origin}/data.qcow2` })['id'] as string;
    const second = downloadingWorld();
    second.simulator.load(first.simulator.save());
    await downloadsEnded(second);
    second.simulator.kernel.advanceUntilIdle();
    expect(listedVolume(second.user, id)).toMatchObject({ state: 'Uploaded', size: 3 * GIB });
  });
});
