// Proves how many requests each method sends, polls for the end of a job not counted, and that it
// never lists without a filter: in each situation of test/vectors/request-budgets.json, on a zone in
// this process.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { stemcellImage } from '../../bats-runner/stemcell/stemcell-image.js';
import { methods } from '../../cpi/methods/index.js';
import { advancedKvm } from '../../simulator/world/presets/advanced-kvm.js';
import { startZone } from '../support/cpi-zone.js';
import { startSettingsRegistry } from '../support/settings-registry.js';
import { filterOf } from './filters.js';
import { requestsOf } from './requests.js';
import { situationsIn } from './situations.js';

interface Budget {
  readonly method: string;
  readonly situation: string;
  readonly requests: number;
}

const vector = new URL('../vectors/request-budgets.json', import.meta.url);
const budgets = JSON.parse(readFileSync(vector, 'utf8')) as Budget[];

const folder = mkdtempSync(join(tmpdir(), 'budgets-'));
test.beforeAll(async () => {
  // A worker may come back to this file after it has ended it once.
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'image'), await stemcellImage());
});
test.afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const situations = situationsIn(join(folder, 'image'));

for (const { method, situation, requests: budget } of budgets) {
  test(`${method} ${situation}: ${budget} requests, no list without a filter`, async () => {
    const asked = situations[method]?.[situation];
    assert.ok(asked, `there is no situation "${situation}" of ${method}`);
    const world = { ...advancedKvm, settings: asked.settings ?? {} };
    await using registry = await startSettingsRegistry();
    const sections = asked.ofRegistry === undefined ? {} : { registry: registry.section };
    await using zone = await startZone({ world }, 'direct', sections);
    await using served = await asked.serve?.();
    const args = await asked.prepare(zone, served?.url ?? '');
    const options = { ...asked.options, ...served?.options };
    const { requests, ofRegistry, polls, numbered } = await requestsOf(zone, method, args, {
      ...asked,
      options,
    });
    expect(requests.map(({ command }) => command)).toHaveLength(budget);
    expect(ofRegistry).toEqual(asked.ofRegistry ?? []);
    // What the cloud counted is what was sent; an image, sent or fetched, is several things to it.
    const isImage = requests.some(({ command }) => /^(the image|registerTemplate)$/.test(command));
    if (!isImage) expect(numbered).toBe(requests.length + polls);
    const unfiltered = requests.filter((request) => filterOf(request) === undefined);
    expect(unfiltered).toEqual([]);
  });
}

test('each situation has its budget, and each method that asks the cloud its situations', () => {
  const named = Object.entries(situations).flatMap(([method, all]) =>
    Object.keys(all).map((situation) => `${method} ${situation}`),
  );
  expect(budgets.map(({ method, situation }) => `${method} ${situation}`)).toEqual(named);
  const offline = ['info', 'configure_networks'];
  const online = methods.map(({ name }) => name).filter((name) => !offline.includes(name));
  expect(Object.keys(situations).sort()).toEqual(online.sort());
});

const budgetOf = (method: string, situation: string): number => {
  const found = budgets.find((one) => one.method === method && one.situation === situation);
  assert.ok(found, `${method} ${situation}`);
  return found.requests;
};

test('create_vm needs at most 10 requests, 12 without the right to expunge', () => {
  expect(budgetOf('create_vm', 'ephemeral disk; the account may expunge')).toBeLessThanOrEqual(10);
  expect(budgetOf('create_vm', 'ephemeral disk; it may not')).toBeLessThanOrEqual(12);
  // One more for a network, one to look who holds its address; two for a disk on local storage, one
  // to look what storage it is on.
  expect(budgetOf('create_vm', 'two NICs')).toBeLessThanOrEqual(10 + 1);
  expect(budgetOf('create_vm', 'two NICs with static addresses')).toBeLessThanOrEqual(10 + 1 + 1);
  expect(budgetOf('create_vm', 'a disk on local storage')).toBeLessThanOrEqual(10 + 1 + 2);
  expect(budgetOf('create_vm', 'two such disks')).toBeLessThanOrEqual(10 + 1 + 4);
});

test('create_vm needs one look-up and one creation more for an affinity group', () => {
  const usual = budgetOf('create_vm', 'ephemeral disk; it may not');
  expect(budgetOf('create_vm', 'an affinity group, to be made')).toBeLessThanOrEqual(usual + 2);
});

test('delete_vm needs at most 4 requests, 8 without the right; one more for NIC, disk and vip', () => {
  for (const [situation, most] of [
    ['the account may expunge', 4],
    ['two NICs; it may expunge', 4],
    ['a persistent disk; it may expunge', 4],
    ['a public address that the account held; it may expunge', 4 + 1],
    ['its own public address; it may expunge', 4 + 1],
    ['its own public address of a VPC; it may expunge', 4 + 1],
    ['no ephemeral disk; it may not expunge', 8],
    ['the account may not expunge', 8 + 1],
    ['a persistent disk; it may not expunge', 8 + 1],
    ['two NICs; it may not expunge', 8 + 1 + 1],
    ['its own public address; it may not expunge', 8 + 1 + 1],
  ] as const) {
    expect(budgetOf('delete_vm', situation), situation).toBeLessThanOrEqual(most);
  }
});

test('an affinity group of which it was the last VM costs two more, a load balancer rule four', () => {
  const usual = budgetOf('delete_vm', 'the account may expunge');
  expect(usual).toBe(3);
  const group = budgetOf('delete_vm', 'the last of an affinity group; it may expunge');
  expect(group).toBe(usual + 2);
  const rule = budgetOf('delete_vm', 'the last behind a load balancer rule; it may expunge');
  expect(rule).toBe(usual + 4);
});

test('settings in the registry cost no request to the cloud', () => {
  for (const [method, without] of [
    ['create_vm', 'ephemeral disk; the account may expunge'],
    ['delete_vm', 'the account may expunge'],
    ['attach_disk', ''],
    ['detach_disk', ''],
  ] as const) {
    const suffix = method === 'delete_vm' ? '; it may expunge' : '';
    const withRegistry = budgetOf(method, `settings in the registry${suffix}`);
    expect(withRegistry, method).toBe(budgetOf(method, without));
  }
});

test('attach_disk needs at most 3 requests, two more to tell by user data, has_vm one', () => {
  expect(budgetOf('attach_disk', '')).toBeLessThanOrEqual(3);
  expect(budgetOf('attach_disk', 'API version 1')).toBeLessThanOrEqual(3 + 2);
  expect(budgetOf('has_vm', '')).toBe(1);
});
