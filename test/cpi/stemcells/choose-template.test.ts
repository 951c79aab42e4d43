// Proves that of several templates of one stemcell one is chosen for all calls, that no Director is
// told of another or of one from which no VM starts, and that what was not chosen is cleared away by `gc` and the chosen one never is;
// against the simulated zone.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { stemcellImage } from '../../../bats-runner/stemcell/stemcell-image.js';
import { startZone, type CpiZone } from '../../support/cpi-zone.js';
import { errorOf } from '../../support/director-response.js';
import { drawnBy, interleaved, type Through } from '../../twice/interleaving.js';

const dayMs = 24 * 3_600_000;
const seed = Number(process.env['SEED'] ?? 1);
const chosenKey = 'bosh-cpi-chosen';

const folder = mkdtempSync(join(tmpdir(), 'choose-'));
const stemcell = [join(folder, 'image'), { name: 'jammy', version: '1', hypervisor: 'kvm' }];
test.beforeAll(async () => {
  // A worker may come back to this file after it has ended it once.
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'image'), await stemcellImage());
});
test.afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function stemcells({ simulator }: CpiZone): { id: string; chosen: string | undefined }[] {
  const { templates, tags } = simulator.world;
  return templates
    .all()
    .filter(({ name }) => name.startsWith('stemcell-'))
    .map(({ id }) => ({
      id,
      chosen: tags.all().find((tag) => tag.resourceId === id && tag.key === chosenKey)?.value,
    }));
}

/** As if its call had been killed before it chose. */
async function unchosen(zone: CpiZone): Promise<string> {
  const id = (await zone.result('create_stemcell', stemcell)) as string;
  zone.user.done('deleteTags', {
    resourcetype: 'Template',
    resourceids: id,
    'tags[0].key': chosenKey,
  });
  return id;
}

test('three calls at once answer one template, and leave no other', async () => {
  await using zone = await startZone({}, 'direct');
  const rewind = zone.simulator.bookmark();
  for (let number = 0; number < 6; number += 1) {
    rewind();
    const call = (through: Through): Promise<string> =>
      zone.call('create_stemcell', stemcell, { through });
    const answers = await interleaved([call, call, call], drawnBy(seed * 1_000 + number));
    const ids = answers.map((answer) => (JSON.parse(answer) as { result: string }).result);
    expect(stemcells(zone), `SEED=${seed}, number ${number}`).toEqual([
      { id: ids[0], chosen: 'true' },
    ]);
    expect(new Set(ids).size).toBe(1);
  }
});

test('a template that nobody chose is chosen by the next call', async () => {
  await using zone = await startZone({}, 'direct');
  const id = await unchosen(zone);
  expect(await zone.result('create_stemcell', stemcell)).toBe(id);
  expect(stemcells(zone)).toEqual([{ id, chosen: 'true' }]);
});

test('a call that is told to end once its template is chosen says that it stays; the next answers it', async () => {
  await using zone = await startZone({}, 'direct');
  const told = new AbortController();
  const through: Through = (transport) => ({
    close: () => {
      transport.close();
    },
    send: async (request) => {
      const response = await transport.send(request);
      if (typeof request.body === 'string' && /key=bosh-cpi-chosen&/.test(request.body)) {
        zone.simulator.kernel.advanceBy(10_000);
        told.abort();
      }
      return response;
    },
  });
  const failure = errorOf(
    await zone.call('create_stemcell', stemcell, { through, signal: told.signal }),
  );
  const [left, ...others] = stemcells(zone);
  expect({ left, others }).toMatchObject({ left: { chosen: 'true' }, others: [] });
  expect(failure.message).toContain(`template ${left!.id} is ready and was chosen`);
  expect(failure.message).not.toContain('`cloudstack-cpi gc` finds');
  expect(await zone.result('create_stemcell', stemcell)).toBe(left!.id);
});

test('one that was given up is not, and gc removes it when it is old; the chosen one stays', async () => {
  await using zone = await startZone({}, 'direct');
  const given = await unchosen(zone);
  zone.user.done('createTags', {
    resourcetype: 'Template',
    resourceids: given,
    'tags[0].key': chosenKey,
    'tags[0].value': 'false',
  });
  const id = (await zone.result('create_stemcell', stemcell)) as string;
  expect(id).not.toBe(given);
  expect(await zone.gc()).toEqual([]);
  zone.simulator.kernel.advanceBy(30 * dayMs);
  expect(await zone.gc()).toMatchObject([{ forgotten: { id: given }, outcome: 'deleted' }]);
  expect(stemcells(zone)).toEqual([{ id, chosen: 'true' }]);
});

test('gc removes a template whose call was killed before it chose, unless a call chooses it now', async () => {
  await using zone = await startZone({}, 'direct');
  const id = await unchosen(zone);
  zone.simulator.kernel.advanceBy(30 * dayMs);
  const rewind = zone.simulator.bookmark();
  expect(await zone.gc()).toMatchObject([{ forgotten: { id }, outcome: 'deleted' }]);
  rewind();
  let isFirst = true;
  const [collected] = await zone.gc({
    through: (transport) => ({
      close: () => {
        transport.close();
      },
      send: async (request) => {
        const isMark = typeof request.body === 'string' && /=createTags&/.test(request.body);
        if (isMark && isFirst) {
          isFirst = false;
          expect(await zone.result('create_stemcell', stemcell)).toBe(id);
        }
        return transport.send(request);
      },
    }),
  });
  expect(JSON.stringify(collected?.outcome)).toContain('has just chosen it');
  expect(stemcells(zone)).toEqual([{ id, chosen: 'true' }]);
});

/** As CloudStack tells of a template whose image secondary storage has lost. */
function withoutImageOf(id: string): { through: Through } {
  return {
    through: (transport) => ({
      close: () => {
        transport.close();
      },
      send: async (request) => {
        const response = await transport.send(request);
        if (!response.body.startsWith('{"listtemplatesresponse"')) return response;
        const answer = JSON.parse(response.body) as {
          listtemplatesresponse?: { template?: { id: string }[] };
        };
        for (const template of answer.listtemplatesresponse?.template ?? []) {
          if (template.id !== id) continue;
          Object.assign(template, { isready: false, status: 'the image store is empty' });
        }
        return { ...response, body: JSON.stringify(answer) };
      },
    }),
  };
}

test('one that was chosen and is not ready any more is not answered, and stays for who knows it', async () => {
  await using zone = await startZone({}, 'direct');
  const lost = (await zone.result('create_stemcell', stemcell)) as string;
  const weather = withoutImageOf(lost);
  const id = (await zone.result('create_stemcell', stemcell, weather)) as string;
  expect(id).not.toBe(lost);
  expect(await zone.result('create_stemcell', stemcell, weather)).toBe(id);
  zone.simulator.kernel.advanceBy(30 * dayMs);
  expect(await zone.gc(weather)).toEqual([]);
  expect(stemcells(zone)).toEqual([
    { id: lost, chosen: 'true' },
    { id, chosen: 'true' },
  ]);
  // It has come back: of several that were chosen the eldest is the stemcell for all.
  expect(await zone.result('create_stemcell', stemcell)).toBe(lost);
});
