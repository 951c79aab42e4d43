// Proves that `why template` tells why a template is not ready yet, when CloudStack gives up on its
// upload, and which VMs, destroyed ones among them, keep it from being deleted.
import { expect, test } from '@playwright/test';
import { testSimulator, type TestWorld } from '../../support/simulator-client.js';
import { loseUploads } from '../../../simulator/world/storage/image-uploads.js';
import { deployed, networkId } from '../../support/simulator-vms.js';
import { formWith, look, overHttp, upload, uploadParams } from '../../support/template-uploads.js';

function reasons({ simulator }: TestWorld, idOrName: string): string[] {
  return [...simulator.why('template', idOrName)[0]!.because];
}

test('one that nobody has uploaded waits until the very time that is named', () => {
  const world = testSimulator();
  const { simulator } = world;
  const { id } = uploadParams(world, world.user);
  const told = reasons(world, id);
  expect(told[0]).toContain('It is NotUploaded: nobody has sent its image yet');
  expect(told[0]).toContain('upload.monitoring.interval (60 s)');
  expect(told[1]).toBe('In zone zone1 it is not ready: clients see the status "NotUploaded".');
  const untilMs = Date.parse(/after (\S+) \(upload\.operation\.timeout/.exec(told[0]!)![1]!);
  simulator.kernel.advanceBy(untilMs - simulator.kernel.nowMs);
  expect(reasons(world, id)[0]).toContain('It is NotUploaded');
  simulator.kernel.advanceBy(120_000);
  expect(reasons(world, id)).toEqual([
    'It is UploadAbandoned.',
    'In zone zone1 it is not ready: clients see the status "UploadAbandoned".',
  ]);
});

test('a destroyed VM keeps its template until it is expunged', () => {
  const world = testSimulator();
  const { user, admin } = world;
  expect(reasons(world, 'ubuntu-jammy')).toEqual(['It is Active.', 'In zone zone1 it is ready.']);
  const { id } = deployed(world, user, { name: 'web' });
  user.done('destroyVirtualMachine', { id });
  expect(reasons(world, 'ubuntu-jammy').at(-1)).toMatch(/VM web \(.*\), Destroyed\.$/);
  admin.done('expungeVirtualMachine', { id });
  expect(reasons(world, 'ubuntu-jammy')).toHaveLength(2);
});

test('one whose upload failed tells what CloudStack keeps for its alerts', async () => {
  const world = testSimulator();
  await overHttp(world, async () => {
    const params = uploadParams(world, world.user);
    const { status, text } = await upload(params, formWith(Buffer.from('no image'), 'root.qcow2'));
    expect(status).not.toBe(200);
    const failed = `What was posted failed: ${text} The URL is used up: ask for another one (getUploadParamsFor…).`;
    expect(reasons(world, params.id)).toContain(failed);
    look(world);
    expect(reasons(world, params.id)).toEqual([
      'It is UploadError.',
      'In zone zone1 it is not ready: clients see the status "UploadError".',
      failed,
    ]);
  });
});

test('one whose upload was lost with the secondary storage VM', () => {
  const world = testSimulator();
  const { zones } = world.simulator.world;
  const { id } = uploadParams(world, world.user);
  zones.change(zones.all()[0]!, { secondaryStorageVmUp: false });
  loseUploads(world.simulator.world, zones.all()[0]!);
  look(world);
  expect(reasons(world, id).at(-1)).toMatch(/^The secondary storage VM was gone when CloudStack/);
});

test('the jobs that failed on it', () => {
  const world = testSimulator();
  deployed(world, world.admin, { networkids: networkId(world, 'NET_SHARED') });
  const { id } = world.simulator.world.templates.all()[0]!;
  world.admin.run('deleteTemplate', { id });
  expect(reasons(world, id).at(-1)).toMatch(
    /^At \S+: Job \S+ \(deleteTemplate\) failed: Unable to delete template/,
  );
});

test('a template that there never was', () => {
  expect(() => testSimulator().simulator.why('template', 'none')).toThrow(
    'there is and was no template with the id or the name none',
  );
});
