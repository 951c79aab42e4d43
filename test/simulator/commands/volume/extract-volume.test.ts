// Proves that extractVolume's URL serves an image of the volume, which can be uploaded again, as long
// as CloudStack keeps it; and what it refuses, in CloudStack's order.
import { expect, test } from '@playwright/test';
import { ImageReader } from '../../../../simulator/ssvm/image-reader.js';
import { testSimulator, type Reply, type TestWorld } from '../../../support/simulator-client.js';
import { readyVolume } from '../../../support/simulator-snapshots.js';
import { deployed, idOf } from '../../../support/simulator-vms.js';
import { attached, createdVolume, listedVolume } from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';
import { downloadingWorld, downloadsEnded } from '../../../support/template-downloads.js';
import { overHttp } from '../../../support/template-uploads.js';

const GIB = 1024 ** 3;

function values({ simulator }: TestWorld, id: string, changes: Values = {}): Values {
  return {
    id,
    zoneid: idOf(simulator.world.zones.all(), 'zone1'),
    mode: 'HTTP_DOWNLOAD',
    ...changes,
  };
}

type Values = Readonly<Record<string, string>>;

function extracted(world: TestWorld, id: string): Reply {
  return world.user.done('extractVolume', values(world, id))['volume'] as Reply;
}

/** What secondary storage holds of volumes. */
function images({ simulator }: TestWorld): number {
  return simulator.world.volumeImages.size;
}

test('the volume is Migrating while it is copied, and its URL serves an image of its size', async () => {
  const world = testSimulator();
  const { user, simulator } = world;
  await overHttp(world, async ({ origin }) => {
    const id = readyVolume(world, user);
    const { jobid } = user.call('extractVolume', values(world, id));
    simulator.kernel.advanceBy(100);
    expect(listedVolume(user, id)).toMatchObject({ state: 'Migrating' });
    simulator.kernel.advanceUntilIdle();
    const { accountId } = simulator.world.volumes.require(id);
    const result = user.job(jobid as string).result['volume'] as Reply;
    expect(result).toEqual({
      id,
      name: 'disk',
      accountid: accountId,
      state: 'DOWNLOAD_URL_CREATED',
      zoneid: idOf(simulator.world.zones.all(), 'zone1'),
      zonename: 'zone1',
      extractMode: 'HTTP_DOWNLOAD',
      url: expect.stringMatching(
        new RegExp(`^${origin}/userdata/[0-9a-f-]{36}/disk\\.qcow2$`),
      ) as unknown,
    });
    expect(listedVolume(user, id)).toMatchObject({ state: 'Ready' });
    const response = await fetch(result['url'] as string);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(response.headers.get('content-length')).toBe(String(bytes.length));
    const reader = new ImageReader('disk.qcow2', 'md5');
    await reader.add(bytes);
    expect((await reader.finish()).content).toMatchObject({
      kind: 'qcow2',
      virtualSizeBytes: 10 * GIB,
      isBroken: false,
    });
    const head = await fetch(result['url'] as string, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe(String(bytes.length));
    assertSound(simulator);
  });
});

test('what is extracted can be uploaded again, and is a volume of the same size', async () => {
  const world = downloadingWorld();
  await overHttp(world, async () => {
    const { url } = extracted(world, readyVolume(world, world.user));
    const again = world.user.done('uploadVolume', {
      name: 'again',
      format: 'QCOW2',
      zoneid: idOf(world.simulator.world.zones.all(), 'zone1'),
      url: url as string,
    })['volume'] as Reply;
    await downloadsEnded(world);
    world.simulator.kernel.advanceUntilIdle();
    expect(listedVolume(world.user, again['id'] as string)).toMatchObject({
      state: 'Uploaded',
      size: 10 * GIB,
    });
  });
});

test('the URL lives four hours at least, and goes at the next look with the copy', async () => {
  const world = testSimulator();
  await overHttp(world, async () => {
    const { kernel } = world.simulator;
    const id = readyVolume(world, world.user);
    const { url } = extracted(world, id);
    const status = async (): Promise<number> => (await fetch(url as string)).status;
    expect(extracted(world, id)['url']).toBe(url);
    kernel.advanceBy(4 * 3_600_000 - 60_000);
    expect([await status(), images(world)]).toEqual([200, 1]);
    kernel.advanceBy(2 * 3_600_000 + 60_000);
    expect([await status(), images(world)]).toEqual([404, 0]);
    expect(extracted(world, id)['url']).not.toBe(url);
    assertSound(world.simulator);
  });
});

test('the settings decide how long a URL lives', async () => {
  const world = testSimulator();
  const { settings } = world.simulator.world;
  settings.set('extract.url.expiration.interval', 60);
  settings.set('extract.url.cleanup.interval', 30);
  await overHttp(world, async () => {
    const { url } = extracted(world, readyVolume(world, world.user));
    world.simulator.kernel.advanceBy(59_000);
    expect((await fetch(url as string)).status).toBe(200);
    world.simulator.kernel.advanceBy(31_000);
    expect((await fetch(url as string)).status).toBe(404);
  });
});

test('a volume that has changed since gets another URL, of the same copy', async () => {
  const world = testSimulator();
  await overHttp(world, async () => {
    const id = readyVolume(world, world.user);
    const first = extracted(world, id)['url'] as string;
    world.user.done('resizeVolume', { id, size: 20 });
    const second = extracted(world, id)['url'] as string;
    expect(second).not.toBe(first);
    expect(images(world)).toBe(1);
    const bytes = async (url: string): Promise<Buffer> =>
      Buffer.from(await (await fetch(url)).arrayBuffer());
    expect(await bytes(second)).toEqual(await bytes(first));
    world.user.call('deleteVolume', { id });
    expect((await fetch(first)).status).toBe(404);
    assertSound(world.simulator);
  });
});

test('another file name, or id, is not found; without a secondary storage VM nobody answers', async () => {
  const world = testSimulator();
  await overHttp(world, async ({ origin }) => {
    const { url } = extracted(world, readyVolume(world, world.user));
    expect((await fetch(`${url as string}x`)).status).toBe(404);
    expect((await fetch(`${origin}/userdata/none/disk.qcow2`)).status).toBe(404);
    const { zones } = world.simulator.world;
    zones.change(zones.all()[0]!, { secondaryStorageVmUp: false });
    await expect(fetch(url as string)).rejects.toThrow('fetch failed');
  });
});

test('root disks as their template says, by their VM’s format; attached ones of stopped VMs', async () => {
  for (const [preset, ending, kind] of [
    ['advanced-xenserver', 'vhd', 'vhd'],
    ['advanced-vmware', 'ova', 'tar'],
  ] as const) {
    const world = testSimulator({ world: preset });
    const { user, admin, simulator } = world;
    const vm = deployed(world, user);
    const root = simulator.world.volumes.where('vmId', vm['id'] as string)[0]!;
    const asked = values(world, root.id);
    expect(user.run('extractVolume', asked)).toMatchObject({
      resultcode: 530,
      result: {
        errortext:
          'Invalid state of the volume with specified ID. It should be either detached or the VM should be in stopped state.',
      },
    });
    user.done('stopVirtualMachine', { id: vm['id'] as string });
    expect(user.run('extractVolume', asked)).toMatchObject({
      resultcode: 530,
      result: { errortext: 'The volume with specified volumeId is not allowed to be extracted' },
    });
    const { url } = admin.done('extractVolume', asked)['volume'] as Reply;
    expect(url).toMatch(new RegExp(`/ROOT-\\d+\\.${ending}$`));
    const [extractId, fileName] = (url as string).split('/').slice(-2);
    const image = simulator.extracted(extractId!, fileName!);
    if (image === undefined || image === 'unreachable') throw new Error('nothing is served');
    const reader = new ImageReader(fileName!, 'md5');
    for (const chunk of image.content()) await reader.add(chunk as Buffer);
    expect((await reader.finish()).content).toMatchObject({ kind });
    const template = simulator.world.templates.require(root.templateId!);
    simulator.world.templates.change(template, { isExtractable: true });
    expect(user.run('extractVolume', asked)).toMatchObject({ status: 1 });
    const disk = createdVolume(world, user);
    attached(user, disk, vm['id'] as string);
    expect(user.run('extractVolume', values(world, disk))).toMatchObject({ status: 1 });
    assertSound(simulator);
  }
});

test.describe('is refused', () => {
  const refusals: readonly {
    readonly what: string;
    readonly code: number;
    readonly text: string;
    readonly values?: Values;
    readonly before?: (world: TestWorld, volumeId: string) => void;
  }[] = [
    {
      what: 'where it is disabled',
      code: 530,
      text: 'Extraction has been disabled by admin',
      before: ({ simulator }) => simulator.world.settings.set('disable.extraction', true),
    },
    {
      what: 'for a volume that is gone',
      code: 431,
      text: 'Unable to find volume with specified volumeId',
      before: ({ user }, id) => user.call('deleteVolume', { id }),
    },
    {
      what: 'for a zone that is gone',
      code: 431,
      text: 'Please specify a valid zone.',
      before: ({ simulator: { world } }) => world.zones.remove(world.zones.all()[0]!),
    },
    {
      what: 'for a mode that there is not',
      code: 431,
      text: 'Please specify a valid extract Mode ',
      values: { mode: 'CARRIER_PIGEON' },
    },
    {
      what: 'for a volume that is at work',
      code: 431,
      text: 'Volume to be extracted has been removed or not in right state!',
      before: ({ user, simulator }, id) => {
        user.call('resizeVolume', { id, size: 20 });
        simulator.kernel.advanceBy(51);
      },
    },
  ];
  for (const { what, code, text, values: changes, before } of refusals) {
    test(what, () => {
      const world = testSimulator();
      const id = readyVolume(world, world.user);
      const asked = values(world, id, changes);
      before?.(world, id);
      const { resultcode, result } = world.user.run('extractVolume', asked);
      expect([resultcode, result['errortext']]).toEqual([code, text]);
      expect(images(world)).toBe(0);
    });
  }

  test('for a volume that was never on a pool; an admin’s mode may be FTP_UPLOAD', () => {
    const world = testSimulator();
    const id = createdVolume(world, world.user);
    expect(world.user.run('extractVolume', values(world, id))).toMatchObject({
      resultcode: 431,
      result: { errortext: "The volume doesn't belong to a storage pool so can't extract it" },
    });
    world.simulator.world.settings.set('disable.extraction', true);
    const ready = readyVolume(world, world.user);
    expect(
      world.admin.run('extractVolume', values(world, ready, { mode: 'FTP_UPLOAD' })),
    ).toMatchObject({ result: { volume: { extractMode: 'FTP_UPLOAD' } } });
  });

  test('for somebody else’s volume, and for none', () => {
    const world = testSimulator();
    const id = createdVolume(world, world.admin);
    expect(world.user.fails('extractVolume', values(world, id)).errorcode).toBe(531);
    expect(world.user.fails('extractVolume', { id })).toMatchObject({ errorcode: 431 });
  });

  test('once the copy is made, without a secondary storage VM; the copy stays', () => {
    const world = testSimulator();
    const { zones } = world.simulator.world;
    zones.change(zones.all()[0]!, { secondaryStorageVmUp: false });
    const id = readyVolume(world, world.user);
    const { resultcode, result } = world.user.run('extractVolume', values(world, id));
    expect(resultcode).toBe(530);
    expect(result['errortext']).toMatch(
      /^Unable to create a link for entity at volumes\/\d+\/\d+\/[0-9a-f-]{36}\.qcow2 on ssvm, No remote endpoint to send command, check if host or ssvm is down\?$/,
    );
    expect(listedVolume(world.user, id)).toMatchObject({ state: 'Ready' });
    expect(images(world)).toBe(1);
    assertSound(world.simulator);
  });
});
