// The contract between BOSH and a CPI: every case that is declared below this folder, one test for
// each API version that it is tried in.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { test as base } from '@playwright/test';
import { titleOf } from '../contract/contract-case.js';
import { kindOfCase } from '../contract/documentation.js';
import { madeFile, rememberMade, runOf } from '../contract/marks.js';
import { reasonToSkip } from '../contract/needs.js';
import { runCase, type Session } from '../contract/run-case.js';
import { settingsIn } from '../contract/suite-settings.js';
import { runCpi } from '../director/cpi-process.js';
import { recordInto } from '../record/recorder.js';
import { openTarget } from '../target/open-target.js';
import { packagePaths } from '../target/programs.js';
import { contractCases } from './cases.js';

const paths = packagePaths(import.meta.url);
/** The programs are those that users run, of which coverage cannot be measured. */
const environment = { ...process.env, NODE_V8_COVERAGE: undefined };
const settings = settingsIn(process.env);
const run = settings?.run ?? runOf(randomUUID());

const test = base.extend<object, { session: Session }>({
  session: [
    // eslint-disable-next-line no-empty-pattern -- Playwright demands an object pattern
    async ({}, use) => {
      const surroundings = { paths, nodePath: process.execPath, environment, pause };
      const { target, close } = await openTarget(settings ?? {}, surroundings);
      await use({
        target,
        runCpi,
        environment,
        nowMs: () => performance.now(),
        newId: randomUUID,
        pause,
        limitMs: settings?.limitMs ?? 110_000,
        run,
        made: rememberMade(
          settings?.config === undefined ? undefined : madeFile(settings.output, run),
        ),
        addressesTaken: new Map(),
        record:
          settings?.recording === undefined
            ? undefined
            : await recordInto(settings.recording, target),
      });
      await close();
    },
    { scope: 'worker' },
  ],
});

/** With all other tests only these flows are run by programs, the others in the process of a test. */
const flowsByPrograms = ['FLOW-01', 'FLOW-27'];
const cases = contractCases.filter(
  ({ id }) => settings !== undefined || kindOfCase(id) !== 'FLOW' || flowsByPrograms.includes(id),
);

for (const contractCase of cases) {
  for (const version of contractCase.versions) {
    test(titleOf(contractCase, version), async ({ session }, testInfo) => {
      const reason = reasonToSkip(session.target, contractCase.needs);
      test.skip(reason !== undefined, reason);
      await runCase(session, contractCase, version, {
        attach: (name, contentType, body) => testInfo.attach(name, { contentType, body }),
        repeat: settings && `${settings.repeat} --case ${contractCase.id}`,
      });
    });
  }
}
