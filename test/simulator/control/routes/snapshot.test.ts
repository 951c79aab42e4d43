// A world saved and put back over HTTP: it goes on where it was, in this simulator or another one;
// what is no snapshot, or comes from a foreign page, changes nothing.
import { expect, test } from '@playwright/test';
import { whileListening, type Opened } from '../../../support/listening.js';
import { TestClient } from '../../../support/simulator-client.js';
import { deployed } from '../../../support/simulator-vms.js';

function withVm({ simulator }: Opened): string {
  const user = new TestClient(simulator, simulator.userWithRole('User'));
  const admin = new TestClient(simulator, simulator.userWithRole('Admin'));
  return String(deployed({ simulator, user, admin }, user)['id']);
}

async function put({ origin }: Opened, body: string, headers = {}): Promise<[number, unknown]> {
  const response = await fetch(`${origin}/_sim/snapshot`, { method: 'PUT', body, headers });
  return [response.status, await response.json()];
}

const save = async ({ origin }: Opened): Promise<string> =>
  (await fetch(`${origin}/_sim/snapshot`)).text();

test('a saved world is put back into another simulator, and answers as health does', async () => {
  await whileListening({ seed: 1 }, async (first) => {
    const vmId = withVm(first);
    const saved = await save(first);
    expect(saved).toContain(first.simulator.userWithRole('User').secretKey);
    await whileListening({ seed: 2, clock: 'real' }, async (second) => {
      const [status, body] = await put(second, saved);
      expect([status, body]).toEqual([
        200,
        {
          status: 'ok',
          clock: 'manual',
          worldTime: new Date(first.simulator.kernel.nowMs).toISOString(),
          requests: first.simulator.kernel.ids.count('request'),
          lastEvent: first.simulator.kernel.log.lastSeq,
        },
      ]);
      expect(second.simulator.world.vms.require(vmId).state).toBe('Running');
      expect(await save(second)).toBe(saved);
    });
  });
});

test('what is no snapshot is refused, and the world stays', async () => {
  await whileListening({}, async (opened) => {
    const vmId = withVm(opened);
    const saved = await save(opened);
    const damaged = saved.replace('"seed":1', '"seed":2');
    for (const [body, problem] of [
      ['{}', 'it is no snapshot of a simulated world'],
      ['[]', 'it is no snapshot of a simulated world'],
      [damaged, 'it is damaged'],
      [saved.slice(0, 1_000), 'JSON'],
    ] as const) {
      const [status, answer] = await put(opened, body);
      expect(status).toBe(400);
      expect((answer as { error: string }).error).toContain(problem);
    }
    const foreign = { origin: 'https://evil.example' };
    expect((await put(opened, saved, foreign))[0]).toBe(403);
    expect((await fetch(`${opened.origin}/_sim/snapshot`, { headers: foreign })).status).toBe(403);
    expect(opened.simulator.world.vms.require(vmId).state).toBe('Running');
  });
});
