// The contract holds on a cloud of which nothing is known but its URL, the keys of an ordinary user
// and a file with names: here some cases of each kind; all of them with `npm run every-case`.
import { test } from '@playwright/test';
import { titleOf } from '../../../bats-runner/contract/contract-case.js';
import { reasonToSkip } from '../../../bats-runner/contract/needs.js';
import { runCase, type Session } from '../../../bats-runner/contract/run-case.js';
import { contractCases } from '../../../bats-runner/specs/cases.js';
import { cloudSession, openCloud, type InProcessCloud } from './in-process-cloud.js';

let cloud: InProcessCloud;
let session: Session;
test.beforeAll(async () => {
  cloud = await openCloud();
  session = await cloudSession(cloud);
});
test.afterAll(() => cloud.close());

const isWhole = process.env['EVERY_CASE'] !== undefined;
const cases = contractCases.filter(({ id }) => isWhole || id.endsWith('1'));

for (const contractCase of cases) {
  for (const version of contractCase.versions) {
    test(titleOf(contractCase, version), async () => {
      const reason = reasonToSkip(session.target, contractCase.needs);
      test.skip(reason !== undefined, reason);
      await runCase(session, contractCase, version);
    });
  }
}
