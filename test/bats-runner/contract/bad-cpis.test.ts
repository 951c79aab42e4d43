// A CPI that hangs, dies or prints nonsense, and a cloud that forbids a call, fail a case with a message
// that says so, and nothing stays of what the case had made by then.
import { expect, test } from '@playwright/test';
import { CloudClient } from '../../../bats-runner/cloud/client.js';
import { inventoryChanges, takeInventory } from '../../../bats-runner/cloud/inventory.js';
import { contractCase } from '../../../bats-runner/contract/contract-case.js';
import { runCase, type Session } from '../../../bats-runner/contract/run-case.js';
import { runCpi } from '../../../bats-runner/director/cpi-process.js';
import { openSession, printedRole, type InProcessSession } from './in-process-session.js';

let session: InProcessSession;
test.beforeAll(async () => {
  session = await openSession();
});
test.afterAll(() => session.close());

/** A case that makes a VM and a disk, and then asks whether the VM is there. */
const declared = contractCase(
  { id: 'X-01', title: 'Bad', proves: '' },
  async ({ cpi, createVm, createDisk }) => {
    const vm = await createVm();
    await createDisk(1024, vm);
    await cpi.result('has_vm', [vm]);
  },
);

async function failureOf(on: Session): Promise<string> {
  const client = new CloudClient(session.target.account);
  const before = await takeInventory(client);
  const message = await runCase(on, declared, 2).then(
    () => 'it passed',
    (failure: unknown) => (failure as Error).message,
  );
  expect(inventoryChanges(before, await takeInventory(client))).toEqual([]);
  return message;
}

/** A CPI that is a program of its own for has_vm, and well otherwise. */
function withHasVm(cpiCommand: string): Session {
  return {
    ...session,
    target: { ...session.target, cpiCommand: `${cpiCommand} {config}` },
    runCpi: (program, caller, input) =>
      (input.includes('"has_vm"') ? runCpi : session.runCpi)(program, caller, input),
  };
}

for (const [what, command, message] of [
  [
    'hangs',
    `sh -c 'exec sleep 600'`,
    /^has_vm: it had not answered when the 3 s of the case were over, and was ended/,
  ],
  ['dies', `sh -c 'echo gone >&2; kill -9 $$'`, /^has_vm: it was ended by a signal .*gone/],
  ['prints nonsense', `echo hello`, /^has_vm: stdout .*hello/s],
  ['says nothing', `true`, /^has_vm: stdout is empty/],
] as const) {
  test(`a CPI that ${what}`, async () => {
    const limitMs = what === 'hangs' ? 3000 : session.limitMs;
    expect(await failureOf({ ...withHasVm(command), limitMs })).toMatch(message);
  });
}

test('a CPI that takes all the time of a case has time again to delete what it made', async () => {
  const deletions: boolean[] = [];
  const hanging = withHasVm(`sh -c 'exec sleep 600'`);
  const runCpi: Session['runCpi'] = (program, caller, input) => {
    if (input.includes('"delete_')) deletions.push(program.signal?.aborted === true);
    return hanging.runCpi(program, caller, input);
  };
  await failureOf({ ...hanging, limitMs: 3000, runCpi });
  expect(deletions.length).toBeGreaterThan(1);
  expect(deletions).not.toContain(true);
});

for (const forbidden of ['deployVirtualMachine', 'createVolume']) {
  test(`a cloud that forbids ${forbidden}`, async () => {
    const rules = printedRole.rules.filter(({ rule }) => rule !== forbidden);
    expect(rules.length).toBe(printedRole.rules.length - 1);
    expect(await failureOf(session.allowing(rules))).toMatch(
      new RegExp(`^create_(vm|disk): it failed with .*${forbidden}`),
    );
  });
}
