// Every flow of a Director and of the CLI goes through with our CPI, and the cloud is after each part of
// it what they believe; here with CPI and simulator in this process, as `bats-runner contract` does it
// with programs.
import { test } from '@playwright/test';
import { titleOf } from '../../../bats-runner/contract/contract-case.js';
import { kindOfCase } from '../../../bats-runner/contract/documentation.js';
import { runCase } from '../../../bats-runner/contract/run-case.js';
import { contractCases } from '../../../bats-runner/specs/cases.js';
import { openSession, type InProcessSession } from '../contract/in-process-session.js';

let session: InProcessSession;
test.beforeAll(async () => {
  session = await openSession();
});
test.afterAll(() => session.close());

for (const flow of contractCases.filter(({ id }) => kindOfCase(id) === 'FLOW')) {
  for (const version of flow.versions) {
    test(titleOf(flow, version), () => runCase(session, flow, version));
  }
}
