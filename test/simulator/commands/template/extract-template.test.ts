// Proves that extractTemplate and extractIso give URLs that serve an image of the size and the kind of
// what is extracted, so that it can be registered again; and what they refuse, in CloudStack's order.
import { expect, test } from '@playwright/test';
import { ImageReader } from '../../../../simulator/ssvm/image-reader.js';
import { isoImage, isoValues, listedIsos, readyIso } from '../../../support/isos.js';
import {
  testSimulator,
  type Reply,
  type TestClient,
  type Values,
} from '../../../support/simulator-client.js';
import { idOf } from '../../../support/simulator-vms.js';
import {
  downloaded,
  downloadingWorld,
  downloadsEnded,
} from '../../../support/template-downloads.js';
import { overHttp, uploadParams } from '../../../support/template-uploads.js';

const MODE = 'HTTP_DOWNLOAD';

function failure(client: TestClient, command: string, values: Values): unknown[] {
  const { resultcode, result } = client.run(command, { mode: MODE, ...values });
  return [resultcode, String(result['errortext']).replace(/\{.*\}/, '{…}')];
}

test('the URL serves the template, which can be registered from it', async () => {
  const world = downloadingWorld();
  const { admin, simulator } = world;
  await overHttp(world, async ({ origin }) => {
    const template = simulator.world.templates.all()[0]!;
    const answer = admin.done('extractTemplate', { id: template.id, mode: MODE, url: 'ignored' });
    const extracted = answer['template'] as Reply;
    expect(extracted).toEqual({
      id: template.id,
      name: 'ubuntu-jammy',
      accountid: template.accountId,
      state: 'DOWNLOAD_URL_CREATED',
      extractMode: MODE,
      url: expect.stringMatching(
        new RegExp(`^${origin}/userdata/[0-9a-f-]{36}/ubuntu-jammy\\.qcow2$`),
      ) as unknown,
    });
    const url = extracted['url'] as string;
    const again = await downloaded(world, url, { name: 'again' });
    const [inZone] = simulator.world.templateZones.where('templateId', template.id);
    expect(again).toMatchObject({ isready: true, size: inZone!.sizeBytes });
    const zoneid = idOf(simulator.world.zones.all(), 'zone1');
    const second = admin.done('extractTemplate', { id: template.id, mode: 'FTP_UPLOAD', zoneid });
    expect(second['template']).toMatchObject({
      url,
      extractMode: 'FTP_UPLOAD',
      zoneid,
      zonename: 'zone1',
    });
    admin.done('deleteTemplate', { id: template.id });
    expect((await fetch(url)).status).toBe(404);
  });
});

test('the URL serves an ISO, too', async () => {
  const world = downloadingWorld();
  const { user, simulator } = world;
  await overHttp(world, async () => {
    const id = readyIso(world, user, { isextractable: true });
    const { url } = user.done('extractIso', { id, mode: MODE })['iso'] as Reply;
    const bytes = Buffer.from(await (await fetch(url as string)).arrayBuffer());
    const reader = new ImageReader('x.iso', 'sha512');
    await reader.add(bytes);
    expect((await reader.finish()).content).toMatchObject({
      kind: 'iso',
      sizeBytes: isoImage().length,
    });
    const values = isoValues(world, { url: url as string, name: 'again' });
    user.call('registerIso', values);
    await downloadsEnded(world);
    simulator.kernel.advanceUntilIdle();
    expect(listedIsos(user, 'self', { name: 'again' })[0]).toMatchObject({ isready: true });
  });
});

test('what may not be extracted, or cannot', () => {
  const world = testSimulator();
  const { admin, user, simulator } = world;
  const awaited = uploadParams(world, user, { isextractable: true }).id;
  const closed = uploadParams(world, user).id;
  const iso = readyIso(world, user);
  const extract = (id: string, values: Values = {}): unknown[] =>
    failure(user, 'extractTemplate', { id, ...values });
  const notDownloaded = [431, 'The TEMPLATE has not been downloaded '];
  expect(extract(awaited)).toEqual(notDownloaded);
  expect(extract(closed)).toEqual([
    431,
    "Unable to extract template Template {…} as it's not extractable",
  ]);
  // Root admins are not held to it.
  expect(failure(admin, 'extractTemplate', { id: closed })).toEqual(notDownloaded);
  expect(extract(iso)).toEqual([431, 'Unsupported format, could not extract the template']);
  expect(failure(user, 'extractIso', { id: awaited })).toEqual([
    431,
    'Unsupported format, could not extract the ISO',
  ]);
  expect(failure(user, 'extractIso', { id: iso })[1]).toBe(
    "Unable to extract template Template {…} as it's not extractable",
  );
  const foreign = uploadParams(world, admin, { isextractable: true }).id;
  expect(extract(foreign)[0]).toBe(530);
  simulator.world.settings.set('disable.extraction', true);
  expect(extract(awaited)).toEqual([530, 'Extraction has been disabled by admin']);
  expect(failure(admin, 'extractTemplate', { id: awaited })).toEqual(notDownloaded);
  user.done('deleteIso', { id: iso });
  const { internalId } = simulator.world.templates.require(iso);
  expect(failure(admin, 'extractIso', { id: iso })[1]).toBe(
    `Unable to find ISO with id ${internalId}`,
  );
  expect(failure(admin, 'extractTemplate', { id: iso })[1]).toBe(
    `unable to find template with id ${internalId}`,
  );
  expect(user.fails('extractTemplate', { id: awaited }).errortext).toBe(
    'Unable to execute API command extracttemplate due to missing parameter mode',
  );
});

test('without a secondary storage VM nothing is served', () => {
  const world = testSimulator();
  const { admin, simulator } = world;
  const { id } = simulator.world.templates.all()[0]!;
  simulator.setFaults([{ then: { effect: 'no-secondary-storage-vm' } }]);
  const [code, text] = failure(admin, 'extractTemplate', { id });
  expect([code, text]).toEqual([
    530,
    expect.stringMatching(/^Unable to create a link for entity at/),
  ]);
});
