// A case is run so that nothing of it stays: what it made is deleted by the CPI, what that leaves or
// takes away besides fails the case and is put right, and a failure tells all that was asked and
// answered, without a secret.
import { expect, test } from '@playwright/test';
import { takeInventory, inventoryChanges } from '../../../bats-runner/cloud/inventory.js';
import { CloudClient } from '../../../bats-runner/cloud/client.js';
import type { CaseTools } from '../../../bats-runner/contract/case-tools.js';
import { contractCase, titleOf } from '../../../bats-runner/contract/contract-case.js';
import { reasonToSkip } from '../../../bats-runner/contract/needs.js';
import { runCase, type Session } from '../../../bats-runner/contract/run-case.js';
import { grepFor } from '../../../bats-runner/contract/run-suite.js';
import { textOf } from '../../../bats-runner/json.js';
import { createSimulator } from '../../../simulator/simulator.js';
import { insteadOf } from './broken-cpi.js';
import { openSession, type InProcessSession } from './in-process-session.js';

let session: InProcessSession;
test.beforeAll(async () => {
  session = await openSession();
});
test.afterAll(() => session.close());

/** Runs work as a case; answers the failure's message, and how the cloud differs afterwards. */
async function tried(
  work: (tools: CaseTools) => Promise<unknown>,
  on: Session = session,
): Promise<{ message: string | undefined; changes: string[] }> {
  const client = new CloudClient(session.target.account);
  const before = await takeInventory(client);
  const declared = contractCase(
    { id: 'X-01', title: 'Tried', proves: 'Nothing.' },
    async (tools) => {
      await work(tools);
    },
  );
  const message = await runCase(on, declared, 2).then(
    () => undefined,
    (failure: unknown) => (failure as Error).message,
  );
  return { message, changes: inventoryChanges(before, await takeInventory(client)) };
}

/** A VM with a disk, a snapshot, and an affinity group. */
async function everything({ cpi, createVm, createDisk, newId }: CaseTools): Promise<string> {
  const vm = await createVm({ properties: { affinity_group: `group-${newId()}` } });
  const disk = await createDisk(1024, vm);
  await cpi.result('attach_disk', [vm, disk]);
  await cpi.result('snapshot_disk', [disk, {}]);
  return vm;
}

test('what a case made is deleted by the CPI', async () => {
  const done = await tried(async (tools) => {
    await everything(tools);
    expect(await tools.ownership.changes()).toHaveLength(5);
  });
  expect(done).toEqual({ message: undefined, changes: [] });
});

test('what the CPI says to have deleted and has not fails the case, and is removed', async () => {
  const forgetful = ['delete_vm', 'delete_disk', 'delete_snapshot'].reduce<Session['runCpi']>(
    (cpi, method) => insteadOf(method)(cpi),
    session.runCpi,
  );
  const { message, changes } = await tried((tools) => everything(tools), {
    ...session,
    runCpi: forgetful,
  });
  expect(message).toContain('the cloud is not as it was before');
  for (const kind of ['VM', 'volume', 'snapshot', 'affinity group']) {
    expect(message).toMatch(new RegExp(`left over: ${kind} `));
  }
  expect(changes).toEqual([]);
});

test('what somebody takes from the account, or tags, fails the case', async () => {
  const { cloud } = await toolsOf(session);
  const tag = { resourcetype: 'Network', 'tags[0].key': 'x', 'tags[0].value': 'y' };
  const network = (await cloud.list('listNetworks', 'network'))[0];
  const resourceids = textOf(network?.['id']);
  const { message } = await tried(async ({ cloud: own }) => {
    await own.run('createTags', { ...tag, resourceids });
  });
  expect(message).toMatch(/changed: network .* is now .* with the tags x=y/);
  await cloud.run('deleteTags', { ...tag, resourceids });
});

test('a failure is told with request, response, stderr and cloud requests, without secrets', async () => {
  const { message, changes } = await tried(async (tools) => {
    await everything(tools);
    throw new Error('this is the reason');
  });
  expect(message).toMatch(/^this is the reason\n/);
  expect(message).toMatch(/request: {2}\{"method":"create_vm"/);
  expect(message).toMatch(/response: \{"result":\[/);
  expect(message).toMatch(/stderr: {3}\[.*\] cloudstack deployVirtualMachine ok/);
  expect(message).toMatch(/cloud: {4}deployVirtualMachine .*zoneid=.* -> 200/);
  const { apiKey, secretKey } = session.target.account;
  for (const secret of [apiKey, secretKey]) expect(message).not.toContain(secret);
  expect(changes).toEqual([]);
});

test('a failure on a simulator keeps the calls, and the events and the world as they were then', async () => {
  const kept = new Map<string, string>();
  let vm = '';
  const declared = contractCase({ id: 'X-02', title: 'Fails', proves: '' }, async (tools) => {
    vm = await tools.createVm();
    throw new Error('this is the reason');
  });
  const attach = (name: string, _type: string, body: string): Promise<void> =>
    Promise.resolve(void kept.set(name, body));
  const repeat = 'bats-runner contract --case X-02';
  const failure = runCase(session, declared, 2, { attach, repeat });
  await expect(failure).rejects.toThrow(/again: bats-runner contract --case X-02/);
  expect([...kept.keys()].sort()).toEqual(['calls', 'events', 'world']);
  expect(kept.get('calls')).toContain('"method":"create_vm"');
  const { events } = JSON.parse(kept.get('events') ?? '') as { events: { id: string }[] };
  expect(events.filter(({ id }) => id === vm).length).toBeGreaterThan(1);
  // It is the world before the VM was deleted.
  const saved = createSimulator();
  saved.load(JSON.parse(kept.get('world') ?? ''));
  expect(saved.world.vms.get(vm)).toMatchObject({ state: 'Running' });
});

test('what is somebody else’s stays where others work, whatever is made meanwhile', async () => {
  const shared = { ...session, target: { ...session.target, simulator: undefined } };
  const { cloud } = await toolsOf(session);
  const foreign = { name: 'of-somebody-else', type: 'host anti-affinity' };
  const { message } = await tried(async ({ createVm }) => {
    await createVm();
    await cloud.call('createAffinityGroup', foreign);
  }, shared);
  expect(message).toBeUndefined();
  const groups = await cloud.list('listAffinityGroups', 'affinitygroup', { name: foreign.name });
  expect(groups).toHaveLength(1);
  await cloud.run('deleteAffinityGroup', { id: textOf(groups[0]?.['id']) });
});

test('a title begins with the id, by which a case is chosen', () => {
  const once = contractCase({ id: 'ENV-01', title: 'Once', proves: '' }, () => Promise.resolve());
  expect(titleOf(once, 2)).toBe('ENV-01 Once');
  expect(titleOf({ ...once, versions: [1, 2] }, 1)).toBe('ENV-01 Once, API version 1');
  const chosen = (ids: string[]): RegExp => new RegExp(grepFor(ids));
  const title = 'simulator contract.spec.ts ENV-01 Once';
  expect(title).toMatch(chosen(['ENV-01']));
  expect(title).toMatch(chosen(['STM-01', 'ENV']));
  expect(title).not.toMatch(chosen(['ENV-0']));
  expect(title).not.toMatch(chosen(['STM']));
});

test('what a target lacks is told in words', () => {
  const { target } = session;
  expect(reasonToSkip(target, ['simulator', 'vips', 'two zones'])).toBeUndefined();
  const offers = { ...target.offers, vips: [] };
  const poor = { ...target, simulator: undefined, offers };
  expect(reasonToSkip(poor, [])).toBeUndefined();
  expect(reasonToSkip(poor, ['vips', 'snapshots', 'simulator'])).toMatch(
    /no two public addresses.*; only a simulator/,
  );
});

/** The tools of a case, beyond its end. */
async function toolsOf(on: Session): Promise<CaseTools> {
  let kept: CaseTools | undefined;
  await tried((tools) => Promise.resolve(void (kept = tools)), on);
  return kept!;
}
