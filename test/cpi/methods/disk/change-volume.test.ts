// Proves that a change to a volume whose answer was lost is seen although its job begins seconds later,
// and that one which never begins fails with what was lost; on a clock where sleeping costs nothing.
import { expect, test } from '@playwright/test';
import { changeVolume } from '../../../../cpi/methods/disk/change-volume.js';
import type { Call } from '../../../../cpi/methods/call/call.js';
import { raw, scriptedCloud, type ScriptedCloud } from '../../support/scripted-cloud.js';

const volume = { id: '00000000-0000-4000-8000-000000000001', name: 'disk-1', size: 1 };

/** A cloud that loses the answer to resizeVolume, and carries it out from `begunMs` on, for a second. */
async function losingCloud(begunMs: number): Promise<ScriptedCloud> {
  let sinceMs = (): number => 0;
  const cloud = await scriptedCloud(({ command }) => {
    if (command === 'resizeVolume') return raw(502, 'text/html', '<html></html>');
    const isMade = sinceMs() >= begunMs + 1_000;
    const state = sinceMs() >= begunMs && !isMade ? 'Resizing' : 'Ready';
    const found = { ...volume, state, size: isMade ? 2 : 1 };
    return { listvolumesresponse: { count: 1, volume: [found] } };
  });
  const startMs = cloud.clock.nowMs();
  sinceMs = () => cloud.clock.nowMs() - startMs;
  return cloud;
}

function resize({ client, clock }: ScriptedCloud): Promise<unknown> {
  const configuration = { cloudstack: { state_timeout_volume: 60 } };
  const call = { client, clock, configuration } as unknown as Call;
  return changeVolume(call, volume, {
    command: 'resizeVolume',
    parameters: { size: 2 },
    what: 'resize of the volume',
    isMade: ({ size }) => size === 2,
  });
}

test('a change that begins three seconds after its answer was lost is seen', async () => {
  await using cloud = await losingCloud(3_000);
  expect(await resize(cloud)).toMatchObject({ size: 2, state: 'Ready' });
});

test('a change that never begins fails with the answer that was lost', async () => {
  await using cloud = await losingCloud(Infinity);
  await expect(resize(cloud)).rejects.toMatchObject({ kind: 'outcome-unknown' });
  expect(cloud.requests.filter(({ command }) => command === 'resizeVolume')).toHaveLength(1);
});
