// Proves that what operators do between two requests of a call ends in success or in the error that
// tells a Director what is the matter, by its type and by whether another try may help, that nothing is left which neither a further call nor `gc`
// clears away, and that nobody's data are lost: each deed before each request
// of each method that works on what is there.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { stemcellImage } from '../../bats-runner/stemcell/stemcell-image.js';
import { worldOf, type Scenario } from '../crash/scenario.js';
import { scenariosIn } from '../crash/scenarios.js';
import { startZone } from '../support/cpi-zone.js';
import { deeds, type Deed, type Subject } from './deeds.js';
import { findingsOf } from './enumerate.js';

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

const whatVmsHave: readonly Subject[] = [
  'VM',
  'ephemeral disk',
  'public address',
  'affinity group',
  'load balancer rule',
];

/** What each method works with. */
const subjects: Readonly<Record<string, readonly Subject[]>> = {
  reboot_vm: ['VM'],
  set_vm_metadata: ['VM'],
  create_disk: ['persistent disk', 'offering'],
  delete_disk: ['persistent disk'],
  attach_disk: ['VM', 'persistent disk'],
  detach_disk: ['VM', 'persistent disk'],
  resize_disk: ['persistent disk', 'offering'],
  update_disk: ['persistent disk', 'offering'],
  set_disk_metadata: ['persistent disk'],
  snapshot_disk: ['VM', 'persistent disk', 'snapshot'],
  delete_snapshot: ['snapshot', 'persistent disk'],
  create_network: ['network'],
  delete_network: ['network'],
  create_stemcell: ['stemcell'],
  delete_stemcell: ['stemcell'],
};

/** What each call that makes or removes a VM works with, besides what others show of all of them. */
const subjectsOfVms: Readonly<Record<string, readonly Subject[]>> = {
  'create_vm with everything, by an account that may expunge': [
    'VM',
    'ephemeral disk',
    'public address',
    'static address',
    'affinity group',
    'load balancer rule',
    'offering',
    'stemcell',
  ],
  'create_vm with everything, by an account that may not expunge': ['VM', 'public address'],
  'create_vm that follows a disk on local storage': ['persistent disk'],
  'create_vm with a key pair to be registered, and with ports of a shared address': [
    'VM',
    'key pair',
    'port forwarding rule',
    'shared address',
  ],
  'create_vm with a public address, in a tier of a VPC': ['network', 'public address'],
  'create_vm with two NICs, by an account that may not expunge': ['VM'],
  'delete_vm with everything, by an account that may expunge': whatVmsHave,
  'delete_vm with everything, by an account that may not expunge': whatVmsHave,
  'delete_vm with two NICs, by an account that may not expunge': ['VM'],
  'delete_vm with ports of a shared address, by an account that may not expunge': [
    'VM',
    'port forwarding rule',
    'shared address',
  ],
  'delete_vm with a public address that stays, by an account that may not expunge': [
    'VM',
    'shared address',
  ],
  'delete_vm of a VM of the Java CPI, by an account that may not expunge': ['VM'],
  'delete_vm of a VM of the Go CPI, by an account that may expunge': ['VM'],
  'delete_vm of a VM of the Go CPI, by an account that may not expunge': ['VM'],
};

/**
 * What each call answers when a deed is done: over all its requests, each answer once. Where the deed
 * can change nothing, why that is so.
 */
const expectedAnswers = JSON.parse(
  readFileSync(new URL('answers.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Readonly<Record<string, readonly string[] | string>>>>;

function subjectsOf({ method, about }: Scenario): readonly Subject[] {
  return subjectsOfVms[`${method} ${about}`] ?? subjects[method] ?? [];
}

/** A new disk that an operator puts into a VM of theirs is in use: nobody may clear it away. */
function isKeptByOperator({ does }: Deed): boolean {
  return does === 'attaches the persistent disk elsewhere';
}

for (const scenario of scenariosIn(join(folder, 'image'))) {
  const { method, about } = scenario;
  // Operators are at work in the usual cloud.
  if (scenario.world !== undefined) continue;
  const subjectsOfCall = subjectsOf(scenario);
  for (const deed of deeds.filter(({ to }) => subjectsOfCall.includes(to))) {
    if (method === 'create_disk' && isKeptByOperator(deed)) continue;
    test(`${method} ${about}: before each request in turn an operator ${deed.does}`, async () => {
      await using zone = await startZone({ world: worldOf(scenario) }, 'direct');
      const { problems, answers } = await findingsOf(zone, scenario, deed);
      expect(problems).toEqual({});
      // A deed that never changes anything proves nothing: the reason stands in place of answers.
      const expected = expectedAnswers[`${method} ${about}`]?.[deed.does];
      expect(answers).toEqual(typeof expected === 'string' ? [] : expected);
    });
  }
}
