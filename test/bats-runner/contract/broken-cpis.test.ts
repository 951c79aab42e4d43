// Each case of the contract can fail: for every one there is a CPI that breaks just the promise which
// the case is about, by answering or doing something else than the real one, and the case finds it: by
// an expectation of its own, not by what cleans up behind it, and for the reason that there is.
import { expect, test } from '@playwright/test';
import { contractCases } from '../../../bats-runner/specs/cases.js';
import type { Break, BrokenCpis } from './broken-cpi.js';
import { alsoBroken } from './broken/others.js';
import { brokenDisks } from './broken/disk.js';
import { brokenEnvelope } from './broken/envelope.js';
import { brokenErrors } from './broken/errors.js';
import { brokenFlows } from './broken/flow.js';
import { brokenMetadata } from './broken/metadata.js';
import { brokenNetworks } from './broken/network.js';
import { brokenStemcells } from './broken/stemcell.js';
import { brokenVms } from './broken/vm.js';
import { reasonOf } from './found.js';
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
  const { id } = contractCase;
  const own = broken[id] === undefined ? [] : [broken[id]];
  for (const [what, how, says] of [...own, ...(alsoBroken[id] ?? [])]) {
    test(`${id} finds a CPI that ${what}`, async () => {
      const { around, mistakes } = watched(how);
      const reason = await reasonOf(session.through(around), contractCase);
      expect(mistakes, 'the break itself fails').toEqual([]);
      expect(says, 'any failure would do').not.toBe('');
      if (typeof says === 'string') expect(reason).toContain(says);
      else expect(reason).toMatch(says);
    });
  }
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
