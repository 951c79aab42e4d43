// Proves that what operators do between two requests of a call ends in success or in the error that
// tells a Director what is the matter, by its type and by whether another try may help, that nothing is
// left which neither a further call nor `gc` clears away, in the cloud or in the registry, and that
// nobody's data are lost: each deed before each request of each method that works on what is there, and
// before the first look at each job.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { stemcellImage } from '../../bats-runner/stemcell/stemcell-image.js';
import { registryOf, worldOf } from '../crash/scenario.js';
import { startZone } from '../support/cpi-zone.js';
import { deeds, type Deed } from './deeds.js';
import { findingsOf } from './enumerate.js';
import { scenariosOfOperators, subjectsOf } from './subjects.js';

// Each test is a few hundred calls.
test.describe.configure({ timeout: 180_000 });

const folder = mkdtempSync(join(tmpdir(), 'operators-'));
test.beforeAll(async () => {
  // A worker may come back to this file after it has ended it once.
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'image'), await stemcellImage());
});
test.afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/**
 * What each call answers when a deed is done: over all its requests, each answer once. Where the deed
 * can change nothing, why that is so.
 */
const expectedAnswers = JSON.parse(
  readFileSync(new URL('answers.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Readonly<Record<string, readonly string[] | string>>>>;

/** A new disk that an operator puts into a VM of theirs is in use: nobody may clear it away. */
function isKeptByOperator({ does }: Deed): boolean {
  return does === 'attaches the persistent disk elsewhere';
}

for (const scenario of scenariosOfOperators(join(folder, 'image'))) {
  const { method, about } = scenario;
  const subjects = subjectsOf(scenario);
  for (const deed of deeds.filter(({ to }) => subjects.includes(to))) {
    if (method === 'create_disk' && isKeptByOperator(deed)) continue;
    test(`${method} ${about}: before each request in turn an operator ${deed.does}`, async () => {
      await using registry = await registryOf(scenario);
      const sections = registry === undefined ? {} : { registry: registry.section };
      await using zone = await startZone({ world: worldOf(scenario) }, 'direct', sections);
      const { problems, answers } = await findingsOf({ zone, registry }, scenario, deed);
      expect(problems).toEqual({});
      // A deed that never changes anything proves nothing: the reason stands in place of answers.
      const expected = expectedAnswers[`${method} ${about}`]?.[deed.does];
      expect(answers).toEqual(typeof expected === 'string' ? [] : expected);
    });
  }
}
