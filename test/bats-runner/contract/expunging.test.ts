// The contract holds as well for an account that may expunge, which frees addresses and names by
// itself instead of moving them away: here the cases in which VMs go; all of them with `npm run every-case`.
import { test } from '@playwright/test';
import { titleOf } from '../../../bats-runner/contract/contract-case.js';
import { runCase } from '../../../bats-runner/contract/run-case.js';
import { contractCases } from '../../../bats-runner/specs/cases.js';
import { openSession, type InProcessSession } from './in-process-session.js';

const aboutVmsThatGo = [
  'VM-05',
  'VM-06',
  'VM-07',
  'VM-08',
  'VM-09',
  'VM-10',
  'VM-16',
  'VM-41',
  'VM-46',
  'VM-49',
  'NET-04',
  'NET-11',
  'NIC-01',
  'NET-24',
  'DSK-22',
  'ERR-14',
  'ERR-16',
];

const isWhole = process.env['EVERY_CASE'] !== undefined;
const cases = contractCases.filter(({ id }) => isWhole || aboutVmsThatGo.includes(id));

let session: InProcessSession;
test.beforeAll(async () => {
  session = await openSession({ mayExpunge: true });
});
test.afterAll(() => session.close());

for (const contractCase of cases) {
  for (const version of contractCase.versions) {
    test(titleOf(contractCase, version), () => runCase(session, contractCase, version));
  }
}
