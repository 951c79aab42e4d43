// Proves what getUploadParamsForVolume enters and refuses, in CloudStack's order, and that the volume
// which is then posted goes through CloudStack's states: Uploaded, UploadError, UploadAbandoned.
import { createHash } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { setLimit } from '../../../../simulator/world/identity/resource-limits.js';
import { testSimulator, type TestWorld, type Values } from '../../../support/simulator-client.js';
import { diskOfferingId, idOf } from '../../../support/simulator-vms.js';
import { listedVolume, storageWorld } from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';
import {
  beginRequest,
  formWith,
  listedTemplate,
  look,
  overHttp,
  qcow2Image,
  upload,
  uploadHeaders,
  uploadParams,
  type UploadParams,
} from '../../../support/template-uploads.js';

const GIB = 1024 ** 3;

function values({ simulator }: TestWorld, changes: Values = {}): Values {
  return {
    name: 'data',
    format: 'QCOW2',
    zoneid: idOf(simulator.world.zones.all(), 'zone1'),
    ...changes,
  };
}

function volumeParams(world: TestWorld, changes: Values = {}): UploadParams {
  return world.user.call('getUploadParamsForVolume', values(world, changes))[
    'getuploadparams'
  ] as UploadParams;
}

function uploadStatus({ simulator }: TestWorld, volumeId: string): string | undefined {
  return simulator.world.volumeImages.where('volumeId', volumeId)[0]?.upload?.status;
}

test('enters a volume without size, which nobody can attach or delete yet', () => {
  const world = testSimulator();
  const params = volumeParams(world);
  expect(params).toMatchObject({
    postURL: `${world.simulator.origin}/upload/${params.id}`,
    expires: new Date(world.simulator.kernel.nowMs + 3_600_000).toISOString(),
  });
  const listed = listedVolume(world.user, params.id)!;
  expect(listed).toMatchObject({
    name: 'data',
    type: 'DATADISK',
    state: 'NotUploaded',
    size: 0,
    diskofferingname: 'ephemeral',
  });
  expect(listed).not.toHaveProperty('status');
  expect(listedVolume(world.admin, params.id)).toMatchObject({
    hypervisor: 'KVM',
    storage: 'none',
  });
  const isUploading =
    'The volume is either getting uploaded or it may be initiated shortly, please wait for it to be completed';
  expect(world.user.fails('deleteVolume', { id: params.id })).toMatchObject({
    errorcode: 431,
    errortext: isUploading,
  });
  expect(world.user.run('destroyVolume', { id: params.id, expunge: true })).toMatchObject({
    result: { errorcode: 431, errortext: isUploading },
  });
  assertSound(world.simulator);
});

test('a posted volume is Uploaded at the next look, as large as its image, and counts then', async () => {
  const world = testSimulator();
  const { accountId } = world.simulator.userWithRole('User');
  const count = (): number =>
    world.simulator.world.volumes.total('accountId', accountId, 'secondary_storage');
  await overHttp(world, async () => {
    const params = volumeParams(world);
    expect(count()).toBe(0);
    expect(await upload(params, formWith(qcow2Image(5 * GIB)))).toMatchObject({
      status: 200,
      text: 'upload successful.',
    });
    expect(listedVolume(world.user, params.id)).toMatchObject({ state: 'NotUploaded' });
    look(world);
    expect(listedVolume(world.user, params.id)).toMatchObject({ state: 'Uploaded', size: 5 * GIB });
    expect(count()).toBe(5 * GIB);
    assertSound(world.simulator);
    expect(world.user.run('destroyVolume', { id: params.id })).toMatchObject({
      result: {
        errorcode: 431,
        errortext:
          'The volume in Allocated/Uploaded state can only be expunged not destroyed/recovered',
      },
    });
    world.user.call('deleteVolume', { id: params.id });
    expect(listedVolume(world.user, params.id)).toBeUndefined();
    expect(world.simulator.world.volumeImages.all()).toEqual([]);
    expect(count()).toBe(0);
  });
});

test('an upload that takes long is UploadInProgress, and UploadError once it took an hour', async () => {
  const world = testSimulator();
  await overHttp(world, async () => {
    const params = volumeParams(world);
    const body = formWith(qcow2Image(GIB));
    const { socket } = beginRequest(params.postURL, uploadHeaders(params, body));
    await expect.poll(() => uploadStatus(world, params.id)).toBe('IN_PROGRESS');
    look(world);
    expect(listedVolume(world.user, params.id)).toMatchObject({ state: 'UploadInProgress' });
    world.simulator.kernel.advanceBy(3_600_000);
    expect(listedVolume(world.user, params.id)).toMatchObject({ state: 'UploadError' });
    socket.destroy();
  });
});

test('an upload in progress may end well, or be cut', async () => {
  const world = testSimulator();
  await overHttp(world, async () => {
    const body = formWith(qcow2Image(GIB));
    const begin = async (): Promise<[UploadParams, ReturnType<typeof beginRequest>]> => {
      const params = volumeParams(world);
      const open = beginRequest(params.postURL, uploadHeaders(params, body));
      await expect.poll(() => uploadStatus(world, params.id)).toBe('IN_PROGRESS');
      look(world);
      return [params, open];
    };
    const [good, whole] = await begin();
    whole.socket.write(body);
    expect(await whole.answer()).toMatchObject({ status: 200 });
    const [bad, cut] = await begin();
    cut.socket.resetAndDestroy();
    await expect.poll(() => uploadStatus(world, bad.id)).toBe('ERROR');
    look(world);
    expect(listedVolume(world.user, good.id)).toMatchObject({ state: 'Uploaded' });
    expect(listedVolume(world.user, bad.id)).toMatchObject({ state: 'UploadError' });
    world.user.call('deleteVolume', { id: bad.id });
    expect(listedVolume(world.user, bad.id)).toBeUndefined();
  });
});

test('what is refused, and what is never sent, can be deleted', async () => {
  const world = testSimulator();
  await overHttp(world, async () => {
    const refused = volumeParams(world);
    const body = formWith(Buffer.from('no image'));
    expect(await upload({ ...refused, signature: 'no' }, body)).toMatchObject({
      status: 400,
      text: 'signature validation failed.',
    });
    const forgotten = volumeParams(world);
    look(world);
    expect(listedVolume(world.user, refused.id)).toMatchObject({ state: 'UploadError' });
    expect(await upload(refused, body)).toMatchObject({
      text: 'The one time post url is already used',
    });
    world.simulator.kernel.advanceBy(3_660_000);
    expect(listedVolume(world.user, forgotten.id)).toMatchObject({ state: 'UploadAbandoned' });
    for (const { id } of [refused, forgotten]) {
      expect(world.user.run('destroyVolume', { id })).toMatchObject({ status: 1 });
      expect(listedVolume(world.user, id)).toMatchObject({ state: 'Destroy' });
    }
    assertSound(world.simulator);
  });
});

test('what became nothing goes when the storage is cleaned up, as soon as somebody can be asked', async () => {
  const world = testSimulator();
  const { simulator } = world;
  const zone = simulator.world.zones.all()[0]!;
  await overHttp(world, async () => {
    const refused = volumeParams(world);
    const template = uploadParams(world, world.user);
    for (const params of [refused, template]) {
      await upload({ ...params, signature: 'no' }, formWith(Buffer.alloc(0)));
    }
    simulator.world.zones.change(zone, { secondaryStorageVmUp: false });
    simulator.kernel.advanceBy(86_400_000);
    expect(listedVolume(world.user, refused.id)).toMatchObject({ state: 'UploadError' });
    expect(listedTemplate(world.user, template.id)).toMatchObject({ status: 'UploadError' });
    simulator.world.zones.change(zone, { secondaryStorageVmUp: true });
    simulator.kernel.advanceBy(86_400_000);
    expect(listedVolume(world.user, refused.id)).toBeUndefined();
    expect(listedTemplate(world.user, template.id)).toBeUndefined();
    assertSound(simulator);
  });
});

test('in on-poll mode, asking for the volume by its id is what makes it Uploaded', async () => {
  const world = testSimulator({ clock: 'on-poll' });
  await overHttp(world, async () => {
    const params = volumeParams(world);
    expect(await upload(params, formWith(qcow2Image(GIB)))).toMatchObject({ status: 200 });
    expect(listedVolume(world.user, params.id)).toMatchObject({ state: 'Uploaded' });
  });
});

test('the largest volume is not the largest template', async () => {
  const world = testSimulator();
  world.simulator.world.settings.set('max.template.iso.size', 1);
  world.simulator.world.settings.set('storage.max.volume.upload.size', 2);
  await overHttp(world, async () => {
    const params = volumeParams(world);
    const { answer } = beginRequest(
      params.postURL,
      uploadHeaders(params, Buffer.alloc(0), { 'Content-Length': String(2 * GIB + 1) }),
    );
    expect(await answer()).toMatchObject({
      status: 400,
      text: 'Maximum file upload size exceeded. Content Length received: 3GB. Maximum allowed size: 2GB.',
    });
  });
});

test('the script for volumes knows checksums, unlike that for templates, by their length', async () => {
  const world = testSimulator();
  await overHttp(world, async () => {
    const image = qcow2Image(GIB);
    const digest = (algorithm: string): string => createHash(algorithm).update(image).digest('hex');
    for (const algorithm of ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512']) {
      const params = volumeParams(world, { checksum: digest(algorithm) });
      expect(await upload(params, formWith(image))).toMatchObject({ status: 200 });
    }
    const wrong = volumeParams(world, { checksum: digest('sha256').replace(/^./, 'x') });
    expect(await upload(wrong, formWith(image))).toMatchObject({
      status: 500,
      text: 'Checksum failed, not proceeding with install',
    });
    const strange = volumeParams(world, { checksum: `{SHA-256}${digest('sha256')}` });
    expect(await upload(strange, formWith(image))).toMatchObject({
      status: 500,
      text: 'Please provide valid checksum',
    });
    look(world);
    expect(listedVolume(world.user, wrong.id)).toMatchObject({ state: 'UploadError' });
  });
});

test.describe('is refused', () => {
  const refusals: readonly {
    readonly what: string;
    readonly code: number;
    readonly text: string | RegExp;
    readonly values?: (world: TestWorld) => Values;
    readonly before?: (world: TestWorld) => void;
    readonly as?: 'admin';
  }[] = [
    {
      what: 'for a format that there is not',
      code: 431,
      text: /^Image format: FLOPPY is incorrect\. Supported formats are QCOW2, RAW, /,
      values: () => ({ format: 'FLOPPY' }),
    },
    {
      what: 'above the limit of volumes, with the code of the command',
      code: 530,
      text: /^exception while uploading a volume: Maximum amount of resources of Type = 'volume'/,
      before: ({ simulator: { world } }) => {
        const owner = world.accounts.all().find(({ name }) => name === 'bosh')!;
        setLimit(world, owner.id, 'volume', 0);
      },
    },
    {
      what: 'above the limit of secondary storage',
      code: 530,
      text: /^exception while uploading a volume: Maximum amount of resources of Type = 'secondary_storage'/,
      before: ({ simulator: { world } }) => {
        const owner = world.accounts.all().find(({ name }) => name === 'bosh')!;
        setLimit(world, owner.id, 'secondary_storage', 0);
      },
    },
    {
      what: 'in a zone that is gone',
      code: 431,
      text: 'Unable to find zone by id 1',
      before: ({ simulator: { world } }) => world.zones.remove(world.zones.all()[0]!),
    },
    {
      what: 'in a disabled zone',
      code: 531,
      text: 'Cannot perform this operation, Zone is currently disabled: 1',
      before: ({ simulator: { world } }) =>
        world.zones.change(world.zones.all()[0]!, { allocationState: 'Disabled' }),
    },
    {
      what: 'for a format of a hypervisor that the zone has not',
      code: 431,
      text: 'The VMware hypervisor supported for OVA file format, is not found on the zone',
      values: () => ({ format: 'ova' }),
    },
    {
      what: 'for VHD without XenServer, which CloudStack takes for Hyper-V then',
      code: 431,
      text: 'The Hyperv hypervisor supported for VHD file format, is not found on the zone',
      values: () => ({ format: 'VHD' }),
    },
    {
      what: 'for RAW, which is of OVM',
      code: 431,
      text: 'The Ovm hypervisor supported for RAW file format, is not found on the zone',
      values: () => ({ format: 'RAW' }),
    },
    {
      what: 'for ISO, which is of no hypervisor',
      code: 431,
      text: 'The None hypervisor supported for ISO file format, is not found on the zone',
      values: () => ({ format: 'ISO' }),
    },
    {
      what: 'with an offering that is gone',
      code: 431,
      text: 'Please specify a valid disk offering.',
      values: (world) => {
        const diskofferingid = diskOfferingId(world, 'shared.custom');
        const { diskOfferings } = world.simulator.world;
        diskOfferings.remove(diskOfferings.require(diskofferingid));
        return { diskofferingid };
      },
    },
    {
      what: 'with an offering of a fixed size',
      code: 431,
      text: 'Please specify a custom sized disk offering.',
      values: (world) => ({ diskofferingid: diskOfferingId(world, 'DO1 - Small STD') }),
    },
    {
      what: 'with an offering of other domains',
      code: 531,
      text: /^Access denied to .* for disk offering: .*shared\.custom/,
      values: (world) => {
        const diskofferingid = diskOfferingId(world, 'shared.custom');
        const { diskOfferings } = world.simulator.world;
        diskOfferings.change(diskOfferings.require(diskofferingid), { domainIds: ['other'] });
        return { diskofferingid };
      },
    },
    {
      what: 'where no custom offering is the owner’s to use',
      code: 530,
      text: /^Unable to find custom disk offering in zone: [0-9a-f-]{36} for volume upload$/,
      before: ({ simulator: { world } }) => {
        for (const row of world.diskOfferings.all()) {
          world.diskOfferings.change(row, { sizeGib: 1 });
        }
      },
      as: 'admin',
    },
    {
      what: 'without a secondary storage VM',
      code: 530,
      text: 'There is no secondary storage VM for image store zone1-secondary',
      before: ({ simulator: { world } }) =>
        world.zones.change(world.zones.all()[0]!, { secondaryStorageVmUp: false }),
      as: 'admin',
    },
  ];
  for (const { what, code, text, values: changes, before, as } of refusals) {
    test(what, () => {
      const world = testSimulator();
      const asked = values(world, changes?.(world));
      before?.(world);
      const tables = (): string =>
        JSON.stringify([
          world.simulator.world.volumes.everyRow(),
          world.simulator.world.volumeImages.everyRow(),
        ]);
      const [state, client] = [tables(), as === 'admin' ? world.admin : world.user];
      const { errorcode, errortext } = client.fails('getUploadParamsForVolume', asked);
      expect({ errorcode }).toEqual({ errorcode: code });
      if (typeof text === 'string') expect(errortext).toBe(text);
      else expect(errortext).toMatch(text);
      expect(tables()).toBe(state);
    });
  }
});

test('an offering of the caller’s choice is that of the volume', () => {
  const world = testSimulator({
    world: storageWorld({}, { diskOfferings: [{ name: 'first' }, { name: 'second' }] }),
  });
  const any = volumeParams(world);
  const chosen = volumeParams(world, { diskofferingid: diskOfferingId(world, 'second') });
  expect(listedVolume(world.user, any.id)).toMatchObject({ diskofferingname: 'first' });
  expect(listedVolume(world.user, chosen.id)).toMatchObject({ diskofferingname: 'second' });
});
