// Two runs at once in one account do not disturb each other: each finds what it made, calls nothing of
// the other's left over or missing, and sweeps nothing of it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { CloudClient } from '../../../bats-runner/cloud/client.js';
import { inventoryChanges, takeInventory } from '../../../bats-runner/cloud/inventory.js';
import { sweepCloud } from '../../../bats-runner/contract/contract-run.js';
import { contractCase } from '../../../bats-runner/contract/contract-case.js';
import { madeFile, rememberMade } from '../../../bats-runner/contract/marks.js';
import { runCase, type Session } from '../../../bats-runner/contract/run-case.js';
import { contractCases } from '../../../bats-runner/specs/cases.js';
import { accountOf } from '../../../bats-runner/target/preflight.js';
import { cloudSession, configOf, openCloud, type InProcessCloud } from './in-process-cloud.js';

let cloud: InProcessCloud;
let output: string;
test.beforeEach(async () => {
  cloud = await openCloud();
  output = mkdtempSync(join(tmpdir(), 'bats-runner-two-'));
});
test.afterEach(async () => {
  await cloud.close();
  rmSync(output, { recursive: true });
});

/** One of two, with addresses of its own. */
async function sessionWith(addresses: string): Promise<Session> {
  const file = { ...cloud.file, network: { name: 'private', addresses: [addresses] } };
  const session = await cloudSession({ ...cloud, file });
  return { ...session, made: rememberMade(madeFile(output, session.run)) };
}

const inventory = (): ReturnType<typeof takeInventory> =>
  takeInventory(new CloudClient(accountOf(configOf(cloud.file))));

test('they pass side by side, and nothing is left', async () => {
  const before = await inventory();
  const sessions = [
    await sessionWith('10.10.1.20-10.10.1.39'),
    await sessionWith('10.10.1.40-10.10.1.59'),
  ];
  const chosen = contractCases.filter(({ id }) => ['VM-12', 'DSK-01', 'MET-01'].includes(id));
  expect(chosen.length).toBeGreaterThan(1);
  const runs = sessions.map(async (session) => {
    for (const one of chosen) await runCase(session, one, 2);
  });
  await Promise.all(runs);
  expect(inventoryChanges(before, await inventory())).toEqual([]);
});

test('the one sweeps nothing of what the other is at work on', async () => {
  const [mine, others] = [
    await sessionWith('10.10.1.20-10.10.1.39'),
    await sessionWith('10.10.1.40-10.10.1.59'),
  ];
  const alone = contractCase({ id: 'X-01', title: 'Own', proves: '' }, async (tools) => {
    const vm = await tools.createVm();
    await tools.createDisk(1024, vm);
    const config = configOf({ ...cloud.file, vips: undefined });
    const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    const swept = await sweepCloud({ config, output, run: others.run, isDryRun: false, pause });
    expect(swept).toEqual({ deleted: [], problems: [] });
    expect(await tools.cpi.result('has_vm', [vm])).toBe(true);
  });
  await runCase(mine, alone, 2);
});
