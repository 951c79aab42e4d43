// A cloud that is full, or has no room left for the account, or is slow, is told plainly before the
// first case where the account may know it, otherwise by the first case that comes to it; and nothing
// stays of what the case had made by then.
import { expect, test } from '@playwright/test';
import { CloudClient } from '../../../bats-runner/cloud/client.js';
import { inventoryChanges, takeInventory } from '../../../bats-runner/cloud/inventory.js';
import { contractCase } from '../../../bats-runner/contract/contract-case.js';
import { runCase } from '../../../bats-runner/contract/run-case.js';
import { nodeCommand, runCpi } from '../../../bats-runner/director/cpi-process.js';
import { lookAtCloud } from '../../../bats-runner/target/preflight.js';
import type { FaultRuleInput } from '../../../simulator/faults/plan-schema.js';
import { SignedClient } from '../../support/signed-client.js';
import { host, paths } from '../support.js';
import { cloudSession, configOf, openCloud, type InProcessCloud } from './in-process-cloud.js';

let cloud: InProcessCloud;
test.beforeEach(async () => {
  cloud = await openCloud();
});
test.afterEach(() => cloud.close());

/** A case that makes a VM and a disk, and attaches it. */
const declared = contractCase(
  { id: 'X-01', title: 'Bad', proves: '' },
  async ({ cpi, createVm, createDisk }) => {
    const vm = await createVm();
    const disk = await createDisk(1024, vm);
    await cpi.result('attach_disk', [vm, disk]);
  },
);

/** How the case ends on the cloud, by the CPI as a program; nothing of it may be left. */
async function endOf(limitMs: number): Promise<string> {
  const session = await cloudSession(cloud);
  const client = new CloudClient(session.target.account);
  const before = await takeInventory(client);
  const cpiCommand = nodeCommand(process.execPath, paths.cpi);
  const { environment } = host;
  const on = {
    ...session,
    target: { ...session.target, cpiCommand },
    runCpi,
    environment,
    limitMs,
  };
  const message = await runCase(on, declared, 2).then(
    () => 'it passed',
    (failure: unknown) => (failure as Error).message,
  );
  expect(inventoryChanges(before, await takeInventory(client))).toEqual([]);
  return message;
}

for (const [what, rule, message] of [
  [
    'whose hosts are full',
    { when: { command: 'startVirtualMachine' }, then: { effect: 'capacity-gone', of: 'hosts' } },
    /^create_vm: it failed with \S+VMCreationFailed: .*No destination found.*; free resources/,
  ],
  [
    'whose storage is full',
    { when: { command: 'attachVolume' }, then: { effect: 'capacity-gone', of: 'pools' } },
    /^attach_disk: it failed with \S+: .*(storage|pool|capacity)/i,
  ],
  [
    'that lets the account have no more VMs',
    { when: { command: 'deployVirtualMachine' }, then: { effect: 'limit-reached' } },
    /^create_vm: it failed with \S+: .*Maximum.*user_vm.*; raise the limit of the account/,
  ],
  [
    'that lets the account have no more volumes',
    { when: { command: 'createVolume' }, then: { effect: 'limit-reached', type: 'volume' } },
    /^create_disk: it failed with \S+: .*Maximum.*volume/,
  ],
] as const) {
  test(`a cloud ${what} fails the case with its reason, and nothing is left`, async () => {
    cloud.simulator.setFaults([rule]);
    expect(await endOf(50_000)).toMatch(message);
  });
}

const slow = (factor: number): FaultRuleInput => ({
  when: { command: ['startVirtualMachine', 'deployVirtualMachine', 'attachVolume'] },
  then: { effect: 'job-slows-down', factor },
});

test('a cloud whose jobs take minutes is no obstacle', async () => {
  cloud.simulator.setFaults([slow(20)]);
  expect(await endOf(50_000)).toBe('it passed');
});

test('a cloud that is too slow for a case fails it by its time, and nothing is left', async () => {
  cloud.simulator.setFaults([slow(1000)]);
  expect(await endOf(2000)).toMatch(
    /^create_vm: it had not answered when the 2 s of the case were over, and was ended\n/,
  );
});

test('an account without room for the cases is told before the first of them', async () => {
  const { simulator } = cloud;
  const admin = new SignedClient(simulator, simulator.userWithRole('Admin'));
  const account = simulator.world.accounts.all().find(({ name }) => name === 'bosh')!;
  const limits = { account: account.name, domainid: account.domainId };
  admin.call('updateResourceLimit', { ...limits, resourcetype: 0, max: 2 });
  admin.call('updateResourceLimit', { ...limits, resourcetype: 2, max: 11 });
  // An account that may not ask for its limits hears of them from the cases.
  await lookAtCloud(configOf(cloud.file));
  const usual = simulator.world.roles.all().find(({ name }) => name === 'User')!;
  admin.call('updateAccount', { id: account.id, roleid: usual.id });
  const failure = await lookAtCloud(configOf(cloud.file)).then(
    () => new Error('it is content'),
    (reason: unknown) => reason as Error,
  );
  expect(failure.message.split('\n').slice(1)).toEqual([
    expect.stringMatching(/the account may have 2 more VMs, and the cases need 5 at once: delete/),
    expect.stringMatching(/the account may have 11 more volumes, and the cases need 12 at once/),
  ]);
});
