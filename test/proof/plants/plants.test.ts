// Proves that the drawn cases can find something: of these bugs, planted alone, those that were found within
// a thousand cases from seed 1 on, by a case that is kept, are found by it again, and it finds nothing where
// nothing is planted. Those that take few cases are looked for anew. `npm run proof -- --plants` looks for
// those that no kept case finds, and keeps what it finds.
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { unobserved } from '../../support/observing/test-in-progress.js';
import { liveAgain, type KeptCase } from '../case.js';
import { openMeans, type Means } from '../means.js';
import { runProof } from '../run.js';
import { mostCases, plantsPage, readFound } from './hunt.js';
import { plants } from './index.js';
import { plantTable } from './plant-table.js';

const found = readFound();
/** What takes so many cases at most is looked for anew, in as many and some more. */
const fewCases = 4;
const moreCases = 20;

let means: Means;
test.beforeAll(async () => {
  means = await openMeans();
});
test.afterAll(() => means[Symbol.asyncDispose]());

test('twenty bugs or more are planted, and what is kept is about them', () => {
  expect(plants.length).toBeGreaterThanOrEqual(20);
  const planted = plants.map(({ about }) => about);
  for (const { about, cases } of found) {
    expect(planted).toContain(about);
    expect(cases, about).toBeLessThanOrEqual(mostCases);
  }
});

test('the page about the proof says what found them', () => {
  expect(readFileSync(plantsPage, 'utf8').replaceAll(/ {2,}| -{3,}/g, ' ')).toContain(
    plantTable(found).replaceAll(/ {2,}| -{3,}/g, ' '),
  );
});

for (const plant of plants) {
  const known = found.find(({ about }) => about === plant.about);
  if (known === undefined) continue;

  test(`a kept case finds that ${plant.about}`, async () => {
    const kept: KeptCase = { found: plant.about, ...known.case };
    await unobserved(async () => {
      await expect(liveAgain(kept, { ...means, plant })).rejects.toThrow();
      await liveAgain(kept, means);
    });
  });

  if (known.cases > fewCases) continue;
  test(`drawn cases find that ${plant.about}`, async () => {
    const isFound = new AbortController();
    const report = await unobserved(() =>
      runProof({
        ...{ ...means, plant, seed: 1, cases: moreCases, minutes: 1 },
        narrowingMs: 0,
        onFailure: () => {
          isFound.abort();
        },
        signal: isFound.signal,
      }),
    );
    expect(report.failures).toHaveLength(1);
  });
}
