// The runner's own look at a cloud: lists come whole, however many pages CloudStack makes of them;
// requests and jobs that do not end are given up, and the message names them.
import { expect, test } from '@playwright/test';
import { CloudClient } from '../../../bats-runner/cloud/client.js';
import { runJob } from '../../../bats-runner/cloud/jobs.js';
import { contractWorld } from '../../../bats-runner/target/contract-world.js';
import { listen } from '../../../simulator/doors/listen.js';
import { createSimulator, type SimulatorOptions } from '../../../simulator/simulator.js';
import { SignedClient } from '../../support/signed-client.js';

async function withVolumes(
  count: number,
  pageSize: number,
  look: (client: CloudClient) => Promise<void>,
): Promise<void> {
  const world = contractWorld();
  const simulator = createSimulator({
    seed: 1,
    clock: 'manual',
    world: {
      ...world,
      settings: { ...(world['settings'] as object), 'default.page.size': pageSize },
    } as NonNullable<SimulatorOptions['world']>,
  });
  const keys = simulator.userWithRole('User');
  const user = new SignedClient(simulator, keys);
  const [zone, offering] = [simulator.world.zones, simulator.world.diskOfferings].map(
    (table) => table.all()[0]!.id,
  );
  for (let number = 1; number <= count; number += 1) {
    const volume = { zoneid: zone!, diskofferingid: offering!, size: 1 };
    user.call('createVolume', { ...volume, name: `volume-${number}` });
  }
  simulator.kernel.advanceUntilIdle();
  const { origin, close } = await listen(simulator, { port: 0, host: '127.0.0.1' });
  try {
    await look(new CloudClient({ endpoint: `${origin}/client/api`, ...keys }));
  } finally {
    await close();
  }
}

for (const [count, pageSize] of [
  [0, 5],
  [4, 5],
  [5, 5],
  [6, 5],
  [11, 5],
  [501, 500],
] as const) {
  test(`${count} volumes in pages of ${pageSize}`, async () => {
    await withVolumes(count, pageSize, async (client) => {
      const found = await client.list('listVolumes', 'volume');
      expect(new Set(found.map(({ name }) => name)).size).toBe(count);
      expect(found).toHaveLength(count);
    });
  });
}

test('a list that does not end is given up', async () => {
  const endless = new CloudClient({ endpoint: 'http://x', apiKey: 'k', secretKey: 's' });
  endless.call = () => Promise.resolve({ count: 1e9, volume: [{ id: '1' }] });
  await expect(endless.list('listVolumes', 'volume')).rejects.toThrow(
    /^listVolumes .*did not end after 1000 pages/,
  );
});

test('a job that does not end is given up, by its name and its command', async () => {
  const stuck = new CloudClient({ endpoint: 'http://x', apiKey: 'k', secretKey: 's' });
  stuck.call = (command) =>
    Promise.resolve(command === 'createVolume' ? { jobid: 'job-7' } : { jobstatus: 0 });
  const pause = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));
  await expect(runJob(stuck, 'createVolume', {}, { pause, withinMs: 1 })).rejects.toThrow(
    'createVolume failed: job job-7 has not ended within 0.001 s',
  );
});

test('a request without an answer is given up when it is told to', async () => {
  const server = await import('node:http').then(({ createServer }) =>
    createServer(() => undefined),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const account = { endpoint: `http://127.0.0.1:${port}/`, apiKey: 'k', secretKey: 's' };
  const patient = new CloudClient({ ...account, answersWithinMs: 20 });
  await expect(patient.call('listZones')).rejects.toThrow('listZones: no answer within 0.02 s');
  const ended = new CloudClient(account, AbortSignal.abort());
  await expect(ended.call('listZones')).rejects.toThrow(/^listZones: .*abort/);
  server.closeAllConnections();
  server.close();
});
