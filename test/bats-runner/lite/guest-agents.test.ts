// An agent in a VM of a simulator finds a disk only where the CPI says that it is, keeps what is written
// to it, and copies that to another disk.
import { expect, test } from '@playwright/test';
import { GuestAgents } from '../../../bats-runner/lite/guest-agents.js';
import type { SimulatorControl } from '../../../bats-runner/target/simulator-control.js';

/** A VM with two disks. */
function agents(): GuestAgents {
  const disks = ['a', 'b'].map((volumeId) => ({
    device: `/dev/vd${volumeId}`,
    links: [`/dev/disk/by-id/virtio-${volumeId}`],
    volumeId,
    files: emptyFiles(),
  }));
  const control: Pick<SimulatorControl, 'guest' | 'writeFile'> = {
    guest: () => Promise.resolve({ disks }),
    writeFile: (_vm, { disk, name, content }) => {
      disks.find(({ device }) => device === disk)!.files[name] = content;
      return Promise.resolve();
    },
  };
  return new GuestAgents(control as SimulatorControl);
}

function emptyFiles(): Record<string, string> {
  return {};
}

test('a disk is found by its node, a link, and a hint with a path', async () => {
  for (const hint of ['/dev/vda', '/dev/disk/by-id/virtio-a', { path: '/dev/vda' }]) {
    await agents().mount('vm', 'a', hint);
  }
});

test('a hint that leads nowhere, or to another disk, is told', async () => {
  await expect(agents().mount('vm', 'a', '/dev/vdc')).rejects.toThrow(/a at \/dev\/vdc: nothing/);
  await expect(agents().mount('vm', 'a', '/dev/vdb')).rejects.toThrow(/volume b is there/);
});

test('what is written stays, and is copied', async () => {
  const own = agents();
  await own.write('vm', 'a', { name: 'mark', content: 'mine' });
  expect(await own.files('vm', 'b')).toEqual({});
  await own.migrate('vm', 'a', 'b');
  expect(await own.files('vm', 'b')).toEqual({ mark: 'mine' });
  await expect(own.files('vm', 'c')).rejects.toThrow('VM vm does not see disk c');
});
