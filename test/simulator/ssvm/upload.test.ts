// Proves the way of a template from its upload over real HTTP until it is ready: through which
// states it goes and at which moments, in every clock mode, and how it ends when nobody uploads, the
// connection breaks or the world is reset.
import { createHash } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { testSimulator, type Reply } from '../../support/simulator-client.js';
import {
  beginRequest,
  formWith,
  listedTemplate,
  look,
  overHttp,
  qcow2Image,
  statusOf,
  upload,
  uploadHeaders,
  uploadParams,
  uploadStatus,
} from '../../support/template-uploads.js';

const GIB = 1024 ** 3;
const MEBIBYTE = Buffer.alloc(1024 ** 2, 7);

test('a template becomes ready at the monitor’s look after its upload', async () => {
  const world = testSimulator();
  await overHttp(world, async ({ origin }) => {
    const params = uploadParams(world, world.user);
    expect(params.postURL).toBe(`${origin}/upload/${params.id}`);
    world.simulator.kernel.advanceBy(5_000);
    const image = qcow2Image(3 * GIB);
    const answer = await upload(params, formWith(image));
    expect(answer).toMatchObject({ status: 200, text: 'upload successful.' });
    expect(answer.headers.toLowerCase()).toContain('content-type: text/plain; charset=utf-8');
    expect(listedTemplate(world.user, params.id)).toMatchObject({
      isready: false,
      status: 'NotUploaded',
    });
    world.simulator.kernel.advanceBy(54_999);
    expect(statusOf(world, params.id)).toBe('NotUploaded');
    world.simulator.kernel.advanceBy(1);
    expect(listedTemplate(world.user, params.id)).toMatchObject({
      isready: true,
      status: 'Download Complete',
      size: 3 * GIB,
      physicalsize: image.length,
    });
    const inZone = world.simulator.world.templateZones.where('templateId', params.id)[0]!;
    expect(inZone.upload).toMatchObject({
      digest: createHash('sha512').update(image).digest('hex'),
      fileName: 'root.qcow2',
    });
  });
});

test('what the door saw is all that enters the world: the same inputs give the same events', async () => {
  const world = testSimulator();
  const inputs: unknown[] = [];
  await overHttp(world, async () => {
    const { simulator } = world;
    const original = simulator.upload.bind(simulator);
    simulator.upload = (input) => {
      inputs.push(JSON.parse(JSON.stringify(input)));
      return original(input);
    };
    const params = uploadParams(world, world.user);
    await upload(params, formWith(qcow2Image()));
    look(world);
    const replayed = testSimulator();
    replayed.simulator.openedAt(simulator.origin);
    uploadParams(replayed, replayed.user);
    for (const input of inputs) replayed.simulator.upload(input as never);
    look(replayed);
    expect(replayed.simulator.kernel.log.after(0)).toEqual(simulator.kernel.log.after(0));
  });
});

test('large files pass through in little memory', async () => {
  const world = testSimulator();
  await overHttp(world, async () => {
    const params = uploadParams(world, world.user);
    const [head, rest] = [qcow2Image(9 * GIB, 65_536), Buffer.alloc(1024 ** 2, 7)];
    const chunks = 200;
    const hash = createHash('sha512').update(head);
    const form = formWith(Buffer.alloc(0));
    const before = form.subarray(0, form.indexOf('\r\n\r\n') + 4);
    const after = form.subarray(before.length);
    const bytes = form.length + head.length + chunks * rest.length;
    const headers = uploadHeaders(params, form, { 'Content-Length': String(bytes) });
    const { socket, answer } = beginRequest(params.postURL, headers);
    socket.write(Buffer.concat([before, head]));
    let mostBytes = 0;
    const atStart = process.memoryUsage().arrayBuffers;
    for (let count = 0; count < chunks; count += 1) {
      hash.update(rest);
      if (!socket.write(rest)) await new Promise((resolve) => socket.once('drain', resolve));
      mostBytes = Math.max(mostBytes, process.memoryUsage().arrayBuffers - atStart);
    }
    socket.write(after);
    expect((await answer()).text).toBe('upload successful.');
    const [inZone] = world.simulator.world.templateZones.where('templateId', params.id);
    expect(inZone!.upload).toMatchObject({ digest: hash.digest('hex') });
    // Client and server share this process; a server that kept the file would need all of it.
    expect(mostBytes).toBeLessThan(100 * 1024 ** 2);
  });
});

test('the monitor tells how much of the request has come, and fails one that comes no further', async () => {
  const world = testSimulator();
  await overHttp(world, async () => {
    const params = uploadParams(world, world.user);
    const [head, ...rest] = [qcow2Image(), ...Array.from({ length: 4 }, () => MEBIBYTE)];
    const form = formWith(Buffer.concat([head, ...rest]));
    const { socket, answer } = beginRequest(params.postURL, uploadHeaders(params, form));
    const received = (): number => {
      const [inZone] = world.simulator.world.templateZones.where('templateId', params.id);
      const upload = inZone!.upload;
      return upload?.status === 'IN_PROGRESS' ? upload.receivedBytes : -1;
    };
    socket.write(form.subarray(0, form.length / 2));
    await expect.poll(received).toBeGreaterThanOrEqual(1024 ** 2);
    look(world);
    expect(statusOf(world, params.id)).toMatch(/^[2-5]\d% Downloaded$/);
    socket.write(form.subarray(form.length / 2, form.length - 100));
    await expect.poll(received).toBeGreaterThanOrEqual(3 * 1024 ** 2);
    look(world);
    expect(statusOf(world, params.id)).toMatch(/^[7-9]\d% Downloaded$/);
    world.simulator.kernel.advanceBy(3_600_000);
    expect(statusOf(world, params.id)).toBe('UploadError');
    socket.write(form.subarray(form.length - 100));
    expect(await answer()).toMatchObject({ status: 200 });
    look(world);
    expect(statusOf(world, params.id)).toBe('UploadError');
  });
});

test('while the body comes, the template is in UploadInProgress and cannot be deleted', async () => {
  const world = testSimulator();
  await overHttp(world, async () => {
    const params = uploadParams(world, world.user);
    const body = formWith(qcow2Image());
    const { socket, answer } = beginRequest(params.postURL, uploadHeaders(params, body));
    socket.write(body.subarray(0, 100));
    await expect.poll(() => uploadStatus(world, params.id)).toBe('IN_PROGRESS');
    look(world);
    expect(listedTemplate(world.user, params.id)).toMatchObject({
      isready: false,
      status: '0% Downloaded',
    });
    expect(world.user.run('deleteTemplate', { id: params.id })).toMatchObject({
      status: 2,
      resultcode: 431,
    });
    expect(await upload(params, body)).toEqual(
      expect.objectContaining({
        status: 400,
        text: 'The one time post url is already used and the upload is in IN_PROGRESS state.',
      }),
    );
    socket.write(body.subarray(100));
    expect((await answer()).text).toBe('upload successful.');
    look(world);
    expect(statusOf(world, params.id)).toBe('Download Complete');
  });
});

test('a connection that breaks leaves UploadError, and nothing hangs', async () => {
  const world = testSimulator();
  await overHttp(world, async () => {
    const params = uploadParams(world, world.user);
    const body = formWith(qcow2Image());
    const { socket } = beginRequest(params.postURL, uploadHeaders(params, body));
    socket.write(body.subarray(0, 2_000));
    await expect.poll(() => uploadStatus(world, params.id)).toBe('IN_PROGRESS');
    socket.destroy();
    await expect.poll(() => uploadStatus(world, params.id)).toBe('ERROR');
    look(world);
    expect(statusOf(world, params.id)).toBe('UploadError');
    expect(world.user.run('deleteTemplate', { id: params.id }).status).toBe(1);
  });
});

test('an upload that nobody begins is abandoned at the first look after its time', () => {
  const world = testSimulator();
  world.simulator.kernel.advanceBy(30_000);
  const { id } = uploadParams(world, world.user);
  world.simulator.kernel.advanceUntilIdle();
  expect(statusOf(world, id)).toBe('NotUploaded');
  world.simulator.kernel.advanceBy(60 * 60_000 + 29_999);
  expect(statusOf(world, id)).toBe('NotUploaded');
  world.simulator.kernel.advanceBy(1);
  expect(listedTemplate(world.user, id)).toMatchObject({
    status: 'UploadAbandoned',
    isready: false,
    downloaddetails: [{ downloadState: 'ABANDONED' }],
  });
  expect(world.user.run('deleteTemplate', { id }).status).toBe(1);
});

test('in on-poll mode, asking for the template by its id is what makes it ready', async () => {
  const world = testSimulator({ clock: 'on-poll' });
  await overHttp(world, async () => {
    const params = uploadParams(world, world.user);
    const before = world.simulator.kernel.nowMs;
    expect(statusOf(world, params.id)).toBe('NotUploaded');
    expect(world.simulator.kernel.nowMs).toBe(before);
    await upload(params, formWith(qcow2Image()));
    const listed = world.user.call('listTemplates', { templatefilter: 'self', name: 'stemcell' });
    expect((listed['template'] as Reply[])[0]).toMatchObject({ status: 'NotUploaded' });
    expect(statusOf(world, params.id)).toBe('Download Complete');
    expect(world.simulator.kernel.nowMs).toBe(before + 60_000);
  });
});

test('in auto mode the template is ready as soon as its upload is answered', async () => {
  const world = testSimulator({ clock: 'auto' });
  await overHttp(world, async () => {
    const params = uploadParams(world, world.user);
    expect(statusOf(world, params.id)).toBe('NotUploaded');
    await upload(params, formWith(qcow2Image()));
    expect(statusOf(world, params.id)).toBe('Download Complete');
  });
});

test('a reset while an image comes in does not disturb the new world', async () => {
  const world = testSimulator();
  await overHttp(world, async () => {
    const params = uploadParams(world, world.user);
    const body = formWith(qcow2Image());
    const { socket, answer } = beginRequest(params.postURL, uploadHeaders(params, body));
    socket.write(body.subarray(0, 500));
    await expect.poll(() => uploadStatus(world, params.id)).toBe('IN_PROGRESS');
    world.simulator.reset();
    const before = world.simulator.kernel.log.lastSeq;
    socket.write(body.subarray(500));
    expect((await answer()).text).toBe('Internal Server Error');
    expect(world.simulator.kernel.log.lastSeq).toBe(before);
  });
});
