// Each case of the contract can fail: for every one there is a CPI that breaks just the promise which
// the case is about, by answering or doing something else than the real one, and the case finds it.
import { expect, test } from '@playwright/test';
import { runCase } from '../../../bats-runner/contract/run-case.js';
import { contractCases } from '../../../bats-runner/specs/cases.js';
import type { RunCpi } from '../../../bats-runner/director/cpi-process.js';
import type { Break, BrokenCpis } from './broken-cpi.js';
import { brokenDisks } from './broken/disk.js';
import { brokenEnvelope } from './broken/envelope.js';
import { brokenErrors } from './broken/errors.js';
import { brokenFlows } from './broken/flow.js';
import { brokenMetadata } from './broken/metadata.js';
import { brokenNetworks } from './broken/network.js';
import { brokenStemcells } from './broken/stemcell.js';
import { brokenVms } from './broken/vm.js';
import { openSession, type InProcessSession } from './in-process-session.js';

const broken: BrokenCpis = {
  ...brokenEnvelope,
  ...brokenStemcells,
  ...brokenVms,
  ...brokenNetworks,
  ...brokenDisks,
  ...brokenMetadata,
  ...brokenErrors,
  ...brokenFlows,
};

let session: InProcessSession;
test.beforeAll(async () => {
  session = await openSession();
});
test.afterAll(() => session.close());

test('there is a broken CPI for every case', () => {
  const cases = contractCases.map(({ id }) => id);
  expect(cases.filter((id) => broken[id] === undefined)).toEqual([]);
  expect(Object.keys(broken).filter((id) => !cases.includes(id))).toEqual([]);
});

for (const contractCase of contractCases) {
  const [what, how] = broken[contractCase.id] ?? ['', (cpi: RunCpi) => cpi];
  test(`${contractCase.id} finds a CPI that ${what}`, async () => {
    const { around, mistakes } = watched(how);
    let isFound = false;
    for (const version of contractCase.versions) {
      if (isFound) break;
      isFound = await runCase(session.through(around), contractCase, version).then(
        () => false,
        () => true,
      );
    }
    expect(mistakes, 'the break itself fails').toEqual([]);
    expect(isFound).toBe(true);
  });
}

/** A break that fails by itself would fail each case, and show nothing. */
function watched(how: Break): { readonly around: Break; readonly mistakes: unknown[] } {
  const mistakes: unknown[] = [];
  const around: Break = (cpi) => {
    const brokenCpi = how(cpi);
    return async (program, caller, input) => {
      try {
        return await brokenCpi(program, caller, input);
      } catch (mistake) {
        mistakes.push(mistake);
        throw mistake;
      }
    };
  };
  return { around, mistakes };
}
