// The receipt of a run is one page: what ran on what, how it ended by kind of case, what failed and
// how to run it again, what was skipped and why.
import { expect, test } from '@playwright/test';
import {
  codeIn,
  reasonIn,
  receiptPage,
  type Outcome,
} from '../../../bats-runner/contract/receipt.js';

function outcome(title: string, status: Outcome['status'], reason?: string): Outcome {
  return { title, status, durationMs: 1500, reason };
}

const run = {
  facts: [['cloud', 'CloudStack 4.20.1.0 at https://cloud.example.com/client/api']],
  repeat: 'bats-runner contract --target cloud --config cloud.json',
  end: 'passed',
  notRun: 0,
  startedAt: '2026-11-26T18:00:00.000Z',
  durationMs: 61_000,
} as const;

test('it counts what ran, by kind', () => {
  const outcomes = [
    outcome('ENV-01 Keys', 'passed'),
    outcome('VM-01 Life, API version 1', 'passed'),
    { ...outcome('VM-02 No life', 'passed'), durationMs: 9000 },
  ];
  const page = receiptPage({ ...run, outcomes });
  expect(page).toMatch(/^# The CPI contract: passed\n\n3 passed, 0 failed, 0 skipped\.\n/);
  expect(page).toContain('- cloud: CloudStack 4.20.1.0 at https://cloud.example.com/client/api');
  expect(page).toMatch(/^- took: 61\.0 s$/m);
  expect(page).toMatch(/^\| VM VMs \| 2 \| 0 \| 0 \| 10\.5 s \| VM-02, 9\.0 s \|$/m);
  expect(page).not.toMatch(/## (Failed|Skipped)/);
});

test('it tells what failed with the command that repeats it, and what was skipped with the reason', () => {
  const outcomes = [
    outcome('DSK-01 Create', 'failed', 'it gave no CID'),
    outcome('NET-03 Vip', 'skipped', 'the target has no two public addresses to spare'),
    outcome('NET-04 Vips', 'skipped', 'the target has no two public addresses to spare'),
  ];
  const page = receiptPage({ ...run, end: 'failed', outcomes });
  expect(page).toMatch(/^# The CPI contract: failed/);
  expect(page).toContain(
    `- DSK-01 Create: it gave no CID (again: \`${run.repeat} --case DSK-01\`)`,
  );
  expect(page).toContain(
    '- because the target has no two public addresses to spare: NET-03, NET-04',
  );
});

test('a run that was ended is no success, even if nothing has failed', () => {
  const outcomes = [outcome('DSK-01 Create', 'passed'), outcome('DSK-02 Delete', 'interrupted')];
  const page = receiptPage({ ...run, end: 'interrupted', outcomes, notRun: 11 });
  expect(page).toMatch(
    /^# The CPI contract: interrupted\n\n1 passed, 0 failed, 1 interrupted, 0 skipped, 11 did not run\.\n/,
  );
  expect(page).toMatch(/^## Interrupted\n\n- DSK-02 Delete$/m);
  expect(page).not.toContain('## Failed');
});

test('a reason is one line, without colours, name and report; of an expectation it is the code', () => {
  const unmet =
    'PromiseBroken: \u001b[2mexpect(\u001b[22mreceived\u001b[2m).\u001b[22mtoBe(expected)\n\n' +
    'Expected: \u001b[32mfalse\u001b[39m\nReceived: \u001b[31mtrue\u001b[39m\n\nCPI call 1 (7 ms, exit 0)\n';
  const snippet =
    "  29 | before\n\u001b[31m>\u001b[39m 30 |   expect(await cpi.result('has_disk', [disk])).toBe(false);\n" +
    '     |   ^\n  31 | after';
  expect(reasonIn(unmet)).toBe('expect(received).toBe(expected); Expected: false; Received: true');
  expect(reasonIn(unmet, codeIn(snippet))).toBe(
    "expect(await cpi.result('has_disk', [disk])).toBe(false); Expected: false; Received: true",
  );
  expect(reasonIn('PromiseBroken: has_vm: stdout is empty\n\nCPI call 1', codeIn(snippet))).toBe(
    'has_vm: stdout is empty',
  );
});

test('a run in which nothing ran has not passed', () => {
  for (const outcomes of [[], [outcome('NET-03 Vip', 'skipped', 'there is none to spare')]]) {
    expect(receiptPage({ ...run, outcomes })).toMatch(/^# The CPI contract: nothing ran\n/);
  }
});

test('a long reason is whole where there is room, and ends at a word on the page', () => {
  const advice = `set it to true: ${'then it can be had '.repeat(20).trim()}`;
  expect(reasonIn(`Error: ${advice}`)).toBe(advice);
  const failed = (reason: string): string =>
    receiptPage({ ...run, end: 'failed', outcomes: [outcome('SNP-01 Life', 'failed', reason)] });
  expect(failed(advice)).toContain(`- SNP-01 Life: ${advice} (again: `);
  expect(failed('many words '.repeat(200))).toMatch(/ (many|words) … \(again: /);
});
