// Proves what becomes of an upload when the secondary storage VM is not there, at each stage: before
// the request, in the midst of it, and after it; and that an account without any secondary storage is
// told so before its body is read.
import { expect, test } from '@playwright/test';
import { testSimulator, type TestWorld } from '../../support/simulator-client.js';
import {
  beginRequest,
  formWith,
  listedTemplate,
  look,
  overHttp,
  qcow2Image,
  sendRaw,
  statusOf,
  upload,
  uploadHeaders,
  uploadParams,
  uploadStatus,
} from '../../support/template-uploads.js';
import { assertSound } from '../../support/sound-world.js';

/** Has the secondary storage VMs vanish with the next request; they come back by `forMs`. */
function strike(world: TestWorld, forMs: number | null = null): void {
  world.simulator.setFaults([
    {
      when: { command: 'listZones', phase: 'after-reply', times: 1 },
      then: { effect: 'no-secondary-storage-vm', ...(forMs === null ? {} : { forMs }) },
    },
  ]);
  world.user.call('listZones');
}

test('nobody answers where the secondary storage VM was', async () => {
  const world = testSimulator();
  await overHttp(world, async () => {
    const params = uploadParams(world, world.user);
    const body = formWith(qcow2Image());
    strike(world);
    await expect(upload(params, body)).rejects.toThrow('ECONNRESET');
    expect(uploadStatus(world, params.id)).toBeUndefined();
  });
  assertSound(world.simulator);
});

test('the monitor finds it gone, and what was awaited has failed; its owner may delete it', () => {
  const world = testSimulator();
  const { id } = uploadParams(world, world.user);
  strike(world);
  expect(statusOf(world, id)).toBe('NotUploaded');
  look(world);
  expect(listedTemplate(world.user, id)).toMatchObject({
    status: 'UploadError',
    isready: false,
    downloaddetails: [{ downloadState: 'DOWNLOAD_ERROR' }],
  });
  expect(world.user.run('deleteTemplate', { id }).status).toBe(1);
  assertSound(world.simulator);
});

test('a connection breaks with the secondary storage VM, and nothing comes of its upload', async () => {
  const world = testSimulator();
  await overHttp(world, async () => {
    const params = uploadParams(world, world.user);
    const body = formWith(qcow2Image());
    const { socket, answer } = beginRequest(params.postURL, uploadHeaders(params, body));
    socket.write(body.subarray(0, 500));
    await expect.poll(() => uploadStatus(world, params.id)).toBe('IN_PROGRESS');
    look(world);
    expect(statusOf(world, params.id)).toBe('0% Downloaded');
    strike(world);
    expect(uploadStatus(world, params.id)).toBeUndefined();
    socket.write(body.subarray(500));
    await expect(answer()).rejects.toThrow('ECONNRESET');
    look(world);
    expect(statusOf(world, params.id)).toBe('UploadError');
  });
  assertSound(world.simulator);
});

test('a secondary storage VM that comes after another knows nothing of what was sent to that', async () => {
  const world = testSimulator();
  await overHttp(world, async () => {
    const params = uploadParams(world, world.user);
    const body = formWith(qcow2Image());
    const { socket, answer } = beginRequest(params.postURL, uploadHeaders(params, body));
    socket.write(body.subarray(0, 500));
    await expect.poll(() => uploadStatus(world, params.id)).toBe('IN_PROGRESS');
    strike(world, 1_000);
    world.simulator.kernel.advanceBy(2_000);
    socket.write(body.subarray(500));
    expect(await answer()).toMatchObject({ status: 500, text: 'Internal Server Error' });
    look(world);
    expect(listedTemplate(world.user, params.id)?.['isready']).toBe(false);
  });
});

test('an account that may have no secondary storage at all is refused, and its URL used up', async () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const { accountId } = simulator.userWithRole('User');
  const { name, domainId } = simulator.world.accounts.require(accountId);
  const limit = (max: number): unknown =>
    admin.call('updateResourceLimit', {
      resourcetype: 11,
      account: name,
      domainid: domainId,
      max,
    });
  await overHttp(world, async () => {
    const body = formWith(qcow2Image());
    const params = uploadParams(world, user);
    limit(0);
    const headers = uploadHeaders(params, body);
    expect(await sendRaw(params.postURL, headers, Buffer.alloc(0))).toMatchObject({
      status: 400,
      text: 'Maximum number of resources of type secondary_storage for account/project has exceeded',
    });
    expect(uploadStatus(world, params.id)).toBe('ERROR');
    look(world);
    expect(statusOf(world, params.id)).toBe('UploadError');
    // CloudStack compares GiB with the limit in bytes.
    limit(1);
    const another = uploadParams(world, user);
    const size = { 'Content-Length': String(3 * 1024 ** 3) };
    const { socket } = beginRequest(another.postURL, uploadHeaders(another, body, size));
    socket.write(body.subarray(0, 100));
    await expect.poll(() => uploadStatus(world, another.id)).toBe('IN_PROGRESS');
    socket.destroy();
  });
});
