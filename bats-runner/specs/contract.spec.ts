// The contract between BOSH and a CPI: every case that is declared below this folder, one test for
// each API version that it is tried in.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { test as base } from '@playwright/test';
import { titleOf } from '../contract/contract-case.js';
import { reasonToSkip } from '../contract/needs.js';
import { runCase, type Session } from '../contract/run-case.js';
import { nodeCommand, runCpi } from '../director/cpi-process.js';
import { printedRole } from '../target/printed-role.js';
import { packagePaths } from '../target/programs.js';
import { openSimulatorTarget } from '../target/simulator-target.js';
import { contractCases } from './cases.js';

/** Without a measurement of coverage: the programs are those that users run. */
const paths = packagePaths(import.meta.url, false);
const environment = { ...process.env, NODE_V8_COVERAGE: undefined };
const otherCpi = process.env['CONTRACT_CPI'];
const cpiCommand = otherCpi ?? nodeCommand(process.execPath, paths.cpi);
const limitMs = 110_000;

const test = base.extend<object, { session: Session }>({
  session: [
    // eslint-disable-next-line no-empty-pattern -- Playwright demands an object pattern
    async ({}, use) => {
      const { target, close } = await openSimulatorTarget({
        program: paths.simulator,
        nodePath: process.execPath,
        cpiCommand,
        // Our own CPI works in an account that may do what it says to need, and nothing else.
        role:
          otherCpi === undefined
            ? await printedRole(process.execPath, paths.cpi, environment)
            : undefined,
        environment,
        pause,
      });
      await use({
        target,
        runCpi,
        environment,
        nowMs: () => performance.now(),
        newId: randomUUID,
        pause,
        limitMs,
        addressesTaken: new Map(),
      });
      await close();
    },
    { scope: 'worker' },
  ],
});

for (const contractCase of contractCases) {
  for (const version of contractCase.versions) {
    test(titleOf(contractCase, version), async ({ session }) => {
      const reason = reasonToSkip(session.target, contractCase.needs);
      test.skip(reason !== undefined, reason);
      await runCase(session, contractCase, version);
    });
  }
}
