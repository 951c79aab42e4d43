// Proves that `why iso`, and `why template` of an ISO, tell in which drives it is, which keeps it from
// being deleted as deleteIso itself says, that a VM tells what is in its drive, and what a failed
// download means, without the secrets of its URL.
import { expect, test } from '@playwright/test';
import { LOOPBACK_HINT } from '../../../simulator/world/storage/image-hosts.js';
import { readyIso, registeredIso } from '../../support/isos.js';
import { testSimulator, type TestWorld } from '../../support/simulator-client.js';
import { deployed } from '../../support/simulator-vms.js';

function reasons({ simulator }: TestWorld, idOrName: string): string[] {
  return [...simulator.why('iso', idOrName)[0]!.because];
}

const ready = ['It is Active.', 'In zone zone1 it is ready.'];

test('a VM with the ISO in its drive keeps it, until the ISO is detached', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const id = readyIso(world, user);
  expect(reasons(world, id)).toEqual(ready);
  const vm = deployed(world, user, { name: 'web' })['id'];
  user.done('attachIso', { id, virtualmachineid: vm });
  const kept =
    'It is in the drives of these VMs, which keeps it from being deleted until detachIso, or until ' +
    `they are expunged: VM web (${vm}), Running.`;
  for (const subject of ['iso', 'template'] as const) {
    expect(simulator.why(subject, 'installer')).toMatchObject([
      { about: `ISO installer (${id})`, because: [...ready, kept] },
    ]);
  }
  expect(simulator.why('vm', 'web')[0]!.because).toContain(
    `ISO installer (${id}) is in its drive: it cannot be deleted before detachIso.`,
  );
  expect(user.run('deleteIso', { id }).status).toBe(2);

  user.done('detachIso', { virtualmachineid: vm });
  expect(reasons(world, id)).toEqual([
    ...ready,
    expect.stringMatching(/^At \S+: Job \S+ \(deleteIso\) failed: Unable to delete iso/),
  ]);
  user.done('deleteIso', { id });
  expect(reasons(world, id)).toEqual([expect.stringMatching(/^It was deleted at \S+\.$/)]);
});

test('a destroyed VM keeps the ISO in its drive until it is expunged', () => {
  const world = testSimulator();
  const { user, admin } = world;
  const id = readyIso(world, user);
  const vm = deployed(world, user, { name: 'web' })['id'];
  user.done('attachIso', { id, virtualmachineid: vm });
  user.done('destroyVirtualMachine', { id: vm });
  expect(reasons(world, id).at(-1)).toMatch(/VM web \(\S+\), Destroyed\.$/);
  admin.done('expungeVirtualMachine', { id: vm });
  expect(reasons(world, id)).toEqual(ready);
});

test('a template is no ISO, and there is no other ISO of that name', () => {
  const { simulator } = testSimulator();
  expect(() => simulator.why('iso', 'ubuntu-jammy')).toThrow(
    'there is and was no ISO with the id or the name ubuntu-jammy',
  );
});

test.describe('a download', () => {
  const url = 'http://reader:secret@depot.internal/installer.iso?signature=secret';
  const shown = 'http://depot.internal/installer.iso?…';

  async function failing(errorText: string, from = url): Promise<string[]> {
    const fetchImage = (): Promise<{ kind: 'failed'; errorText: string }> =>
      Promise.resolve({ kind: 'failed', errorText });
    const world = testSimulator({ fetchImage });
    const id = String(registeredIso(world, world.user, { url: from })['id']);
    await new Promise(setImmediate);
    world.simulator.kernel.advanceUntilIdle();
    return reasons(world, id);
  }

  test('that goes on: from where, without secrets', () => {
    const world = testSimulator();
    const id = String(registeredIso(world, world.user, { url })['id']);
    const told = reasons(world, id).join('\n');
    expect(told).toContain(`It is downloaded from ${shown}: 0 bytes have come`);
    expect(told).not.toContain('secret');
  });

  test('from a name that leads nowhere: what the status means, and how to serve images here', async () => {
    const told = await failing('depot.internal');
    expect(told).toEqual([
      'It is Active.',
      'In zone zone1 it is not ready: clients see the status "depot.internal".',
      `The download from ${shown} failed, and nobody tries again: register it anew.`,
      expect.stringContaining('The name depot.internal leads nowhere'),
      expect.stringContaining(LOOPBACK_HINT),
    ]);
    expect(told.join('\n')).not.toContain('secret');
  });

  test('from a private address: that it must be reached from here', async () => {
    const told = await failing('Connection refused', 'http://192.168.7.1/installer.iso');
    expect(told.at(-1)).toContain('which it runs. CloudStack takes no image from its own machine.');
    expect(told.at(-1)).toContain('ssvm.allowLoopback=true');
  });

  test('that a server elsewhere refused: nothing about this machine', async () => {
    const told = await failing(
      ' HTTP Server returned 404 (expected 200 OK) ',
      'http://198.51.100.7/installer.iso',
    );
    expect(told).toEqual([
      'It is Active.',
      'In zone zone1 it is not ready: clients see the status "HTTP Server returned 404 (expected 200 OK)".',
      'The download from http://198.51.100.7/installer.iso failed, and nobody tries again: register it anew.',
    ]);
  });
});
