// Proves that a create_vm with more to do than it has time for gives up and takes everything back
// before others may take its VM for forgotten: that age counts from the creation of the VM.
import { expect, test } from '@playwright/test';
import type { Transport } from '../../../../cpi/cloudstack/transport.js';
import { realClock, type Clock } from '../../../../cpi/flow/clock.js';
import { Aborted } from '../../../../cpi/flow/errors.js';
import { commandOf } from '../../../crash/interruption.js';
import { createDisk } from '../../../crash/made-before.js';
import { startZone, type CpiZone } from '../../../support/cpi-zone.js';
import { errorOf } from '../../../support/director-response.js';
import { vmArguments } from '../vm-requests.js';

/** On which time goes by only when it is told to. */
function steppedClock(): Clock & { advance: (ms: number) => void } {
  let nowMs = realClock.nowMs();
  const alarms = new Set<{ atMs: number; ring: () => void }>();
  const briefMs = 10_000;
  return {
    nowMs: () => nowMs,
    advance: (ms) => {
      nowMs += ms;
      for (const alarm of alarms) if (alarm.atMs <= nowMs) alarm.ring();
    },
    sleep: (ms, signal) => {
      if (signal?.aborted) return Promise.reject(new Aborted(signal.reason));
      if (ms < briefMs) return Promise.resolve();
      return new Promise((resolve, reject) => {
        const alarm = { atMs: nowMs + ms, ring: resolve };
        alarms.add(alarm);
        signal?.addEventListener('abort', () => {
          alarms.delete(alarm);
          reject(new Aborted(signal.reason));
        });
      });
    },
  };
}

/** A call whose disks, all on local storage, take that long each to be attached. */
async function createVm(
  zone: CpiZone,
  attachmentMs: number,
): Promise<{ answer: string; tookMs: number }> {
  const disks: string[] = [];
  for (let count = 0; count < 4; count += 1) disks.push(await createDisk(zone, 'local.custom'));
  const clock = steppedClock();
  const startedAtMs = clock.nowMs();
  const through = (transport: Transport): Transport => ({
    close: () => {
      transport.close();
    },
    send: (request) => {
      if (commandOf(request) === 'attachVolume') clock.advance(attachmentMs);
      return transport.send(request);
    },
  });
  const properties = { state_timeout: 10, state_timeout_volume: 60 };
  const args = vmArguments({ properties: { compute_offering: 'm1.local' }, disks });
  const answer = await zone.call('create_vm', args, { properties, through, clock });
  return { answer, tookMs: clock.nowMs() - startedAtMs };
}

/** Ten jobs on the VM and one on a volume. */
const forgottenAfterMs = 10 * 10_000 + 60_000;

test('a create_vm that is slow in each of many steps gives up in time, and takes all back', async () => {
  await using zone = await startZone({}, 'direct');
  const { answer } = await createVm(zone, 45_000);
  const error = errorOf(answer);
  expect(error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: true });
  expect(error.message).toMatch(/^creation of the VM \(vm-.*\) was not finished after 150 s/);
  const { vms, volumes } = zone.simulator.world;
  expect(vms.all().filter(({ state }) => state !== 'Destroyed')).toEqual([]);
  const disks = volumes.all().filter(({ name }) => name.startsWith('disk-'));
  expect(disks.map(({ vmId }) => vmId)).toEqual([null, null, null, null]);
});

test('one that is a little faster has the time', async () => {
  await using zone = await startZone({}, 'direct');
  const { answer, tookMs } = await createVm(zone, 35_000);
  expect(JSON.parse(answer)).toMatchObject({ error: null });
  expect(tookMs).toBeLessThan(forgottenAfterMs);
});
