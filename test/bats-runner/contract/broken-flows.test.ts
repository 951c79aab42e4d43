// A CPI can keep the promises about single calls and break what callers make of several: here are some
// that pass the cases about the calls that they are wrong in, and the flow that finds each of them.
import { expect, test } from '@playwright/test';
import { runCase } from '../../../bats-runner/contract/run-case.js';
import { contractCases } from '../../../bats-runner/specs/cases.js';
import type { Break } from './broken-cpi.js';
import {
  attachesOnce,
  detachesAtReboot,
  forgetsDisks,
  hasRoomForOne,
  movesAddresses,
  snapshotsOfTheFirst,
} from './broken/flow.js';
import { openSession, type InProcessSession } from './in-process-session.js';

interface BrokenFlow {
  readonly how: Break;
  /** Cases about the calls that it is wrong in. */
  readonly passes: readonly string[];
  readonly foundBy: string;
}

const attaching = ['DSK-12', 'DSK-13', 'DSK-14'];

const brokenFlows: Readonly<Record<string, BrokenFlow>> = {
  'attaches no disk to a second VM': {
    how: forgetsDisks,
    passes: attaching,
    foundBy: 'FLOW-02',
  },
  'takes what it once attached for attached': {
    how: attachesOnce,
    passes: attaching,
    foundBy: 'FLOW-20',
  },
  'attaches no second disk': { how: hasRoomForOne, passes: attaching, foundBy: 'FLOW-07' },
  'moves a VM that is made anew': {
    how: movesAddresses,
    passes: ['VM-01', 'NET-01', 'NET-05'],
    foundBy: 'FLOW-02',
  },
  'takes all snapshots of the first disk': {
    how: snapshotsOfTheFirst,
    passes: ['SNP-01', 'SNP-02', 'SNP-03', 'SNP-04'],
    foundBy: 'FLOW-22',
  },
  'detaches disks at a reboot': {
    how: detachesAtReboot,
    passes: ['VM-13', 'DSK-16', ...attaching],
    foundBy: 'FLOW-21',
  },
};

let session: InProcessSession;
test.beforeAll(async () => {
  session = await openSession();
});
test.afterAll(() => session.close());

/** Whether a case passes with a CPI, in all of its versions. */
async function passes(id: string, how: Break): Promise<boolean> {
  const contractCase = contractCases.find((found) => found.id === id)!;
  for (const version of contractCase.versions) {
    const hasPassed = await runCase(session.through(how), contractCase, version).then(
      () => true,
      () => false,
    );
    if (!hasPassed) return false;
  }
  return true;
}

for (const [what, { how, passes: ids, foundBy }] of Object.entries(brokenFlows)) {
  test(`a CPI that ${what} passes ${ids.join(', ')}, and is found by ${foundBy}`, async () => {
    // One after another: all see the same cloud.
    for (const id of ids) expect(await passes(id, how), id).toBe(true);
    expect(await passes(foundBy, how)).toBe(false);
  });
}
