// The fault plan of a running simulator: put into force over HTTP, seen with its counts, ended; a
// plan with mistakes changes nothing; and each broken answer as a client of HTTP meets it.
import { expect, test } from '@playwright/test';
import { whileListening, type Opened } from '../../../support/listening.js';
import { signedQuery } from '../../../support/simulator-client.js';

interface Answer {
  readonly status: number;
  readonly body: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- looked into freely
}

async function control({ origin }: Opened, method: string, plan?: unknown): Promise<Answer> {
  const body = plan === undefined ? {} : { body: JSON.stringify(plan) };
  const response = await fetch(`${origin}/_sim/faults`, { method, ...body });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

/** Asks for the zones: the status, or the code of the broken connection. */
async function zones({ origin, simulator }: Opened): Promise<number | string> {
  const query = signedQuery(simulator.userWithRole('User'), 'listZones');
  try {
    const response = await fetch(`${origin}/client/api?${query}`);
    await response.text();
    return response.status;
  } catch (error) {
    return ((error as Error).cause as { code: string }).code;
  }
}

test('a plan is put into force, counts, and is ended', async () => {
  await whileListening({}, async (opened) => {
    expect(await control(opened, 'GET')).toEqual({ status: 200, body: { faults: [] } });
    const plan = [{ name: 'first', when: { nth: 1 }, then: { effect: 'connection-reset' } }];
    const put = await control(opened, 'PUT', plan);
    expect(put.status).toBe(200);
    expect(put.body['faults']).toMatchObject([{ name: 'first', matched: 0, fired: 0, last: null }]);
    expect([await zones(opened), await zones(opened)]).toEqual(['ECONNRESET', 200]);
    const rule = {
      name: 'first',
      matched: 2,
      fired: 1,
      last: { command: 'listZones', phase: 'before-apply', answered: 'connection-reset' },
    };
    expect((await control(opened, 'GET')).body['faults']).toMatchObject([rule]);
    expect((await control(opened, 'DELETE')).body['faults']).toMatchObject([rule]);
    expect((await control(opened, 'GET')).body['faults']).toEqual([]);
    expect(await zones(opened)).toBe(200);
  });
});

test('a plan with mistakes is refused with all of them, and the one in force stays', async () => {
  await whileListening({ faults: [{ then: { effect: 'unauthorized' } }] }, async (opened) => {
    const { status, body } = await control(opened, 'PUT', [
      { then: { effect: 'fire' } },
      { when: { command: 'nothing' }, then: { effect: 'no-answer' } },
    ]);
    expect(status).toBe(400);
    expect(body['error']).toContain('1 (rule-1): then.effect: must be one of ');
    expect(body['error']).toContain('2 (rule-2): when.command: nothing is not simulated');
    for (const wrong of [{}, 'x', null, 1]) {
      expect((await control(opened, 'PUT', wrong)).status).toBe(400);
    }
    expect(await zones(opened)).toBe(401);
  });
});

test('a foreign page cannot bring faults about', async () => {
  await whileListening({}, async ({ origin, simulator }) => {
    const response = await fetch(`${origin}/_sim/faults`, {
      method: 'PUT',
      headers: { origin: 'https://evil.example' },
      body: JSON.stringify([{ then: { effect: 'unauthorized' } }]),
    });
    expect(response.status).toBe(403);
    expect(simulator.faults).toEqual([]);
  });
});

for (const [then, seen] of [
  [{ effect: 'proxy-error', status: 503 }, 503],
  [{ effect: 'truncated-body' }, 'UND_ERR_SOCKET'],
  [{ effect: 'management-server-restart' }, 200],
  [{ effect: 'throttled' }, 429],
] as const) {
  test(`${then.effect} over HTTP: ${seen}`, async () => {
    await whileListening({ faults: [{ when: { nth: 1 }, then }] }, async (opened) => {
      expect([await zones(opened), await zones(opened)]).toEqual([seen, 200]);
    });
  });
}
