// Proves that the reports of a run say what happened in it: for people in a terminal, as a page that needs
// nothing else, and as data; how far a run has come; and that what is broken stands out.
import { expect, test } from '@playwright/test';
import { unobserved } from '../../support/observing/test-in-progress.js';
import { plants } from '../plants/index.js';
import { runProof } from '../run.js';
import { crashMatrix } from './crash-matrix.js';
import { htmlOf } from './html.js';
import { visited } from './machines.js';
import { progressOf, summaryOf } from './summary.js';
import type { Report } from './tally.js';

const empty: Report = {
  ...{ firstSeed: 7, cases: 0, calmCases: 0, clouds: {}, seconds: 0, virtualHours: 0 },
  ...{ twice: 0, keptCases: 0, convergedWithinAnHour: 0 },
  ...{ longestConvergenceHours: 0, deeds: {}, calls: {}, requests: 0, overtakings: 0, events: 0 },
  ...{
    interruptions: {},
    crashPoints: {},
    faults: {},
    machines: visited({}, {}),
    failures: [],
    fingerprint: '',
    isUnderWay: false,
  },
};

test('a run with a planted bug: what is broken, how to see it again, and what was done', async () => {
  const lazy = plants.find(({ about }) => about.startsWith('delete_vm says that it is done'))!;
  const report = await unobserved(() =>
    runProof({ plant: lazy, seed: 1, cases: 5, minutes: 1, narrowingMs: 0 }),
  );
  expect(report.failures.length).toBeGreaterThan(0);
  const { seed, replay } = report.failures[0]!;
  expect(replay).toMatch(new RegExp(`^npm run proof -- --cases 1 --seed ${seed} --path `));
  const text = summaryOf(report);
  const page = htmlOf(report);
  for (const told of ['create_vm', replay]) expect(text).toContain(told);
  for (const told of ['create_vm', `Seed ${seed}`, 'class="broken"', 'said to be deleted']) {
    expect(page).toContain(told);
  }
  const vms = report.machines.find(({ entity }) => entity === 'virtualmachine')!;
  expect(vms.states['Running']).toBeGreaterThan(0);
  expect(vms.transitions.find(({ from, to }) => from === 'Starting' && to === 'Running')).toEqual(
    expect.objectContaining({ event: 'OperationSucceeded', times: vms.states['Running'] }),
  );
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
});

test('a page needs nothing else, and what cases say is never taken for markup', () => {
  const evil = '<script>alert("&")</script>';
  const page = htmlOf({
    ...empty,
    failures: [
      {
        ...{ seed: 1, what: `${evil}\nat`, replay: evil, trace: [evil] },
        case: { found: evil, conditions: {} as never, turns: [] },
      },
    ],
  });
  expect(page).not.toMatch(/<script|src=|href=|url\(|@import/);
  expect(page).toContain('&lt;script&gt;alert(&quot;&amp;&quot;)&lt;/script&gt;');
  expect(page).toContain('One promise broken');
});

test('a run that is under way loads its page anew, one that has ended does not', () => {
  expect(htmlOf({ ...empty, isUnderWay: true })).toContain('http-equiv="refresh"');
  const page = htmlOf(empty);
  expect(page).not.toContain('http-equiv="refresh"');
  expect(page).toContain('No promise broken');
  expect(page).toContain('none yet');
});

test('progress is one line', () => {
  const report = { ...empty, cases: 30, seconds: 60, calls: { info: 2, ping: 3 }, requests: 9 };
  expect(progressOf(report)).toBe(
    'seed 36: 30 cases in 60 s (0.5 a second), 5 calls, 9 requests, no promise broken',
  );
  expect(progressOf({ ...empty, keptCases: 3 })).toMatch(/^kept case 3: 0 cases in 0 s/);
});

test('what came of no case is no table, and kept cases are counted, too', () => {
  const text = summaryOf({ ...empty, keptCases: 16 });
  expect(text).toMatch(/^16 kept cases and 0 cases from seed 7 .*: no promise broken\n/);
  expect(text).not.toContain('│');
  expect(summaryOf({ ...empty, cases: 1, calls: { ping: 2 } })).toMatch(/^1 case from .*│ ping/s);
});

test('crash points are told by method and command', () => {
  const { methods, hows } = crashMatrix({
    'has_vm: listVirtualMachines never arrives': 2,
    'has_vm: listVirtualMachines dies before it is sent': 1,
    "create_vm: the registry's PUT is refused": 4,
  });
  expect(methods.map(({ method, times }) => [method, times])).toEqual([
    ['create_vm', 4],
    ['has_vm', 3],
  ]);
  expect(methods[0]!.rows[0]!.command).toBe("the registry's PUT");
  expect(methods[1]!.rows[0]!.counts[hows.indexOf('never arrives')]).toBe(2);
});

test('machines tell of each transition that they have, and of no other', () => {
  const machines = visited(
    { 'volume Attaching': 3, 'nothing here': 1 },
    { 'volume Ready AttachRequested Attaching': 3 },
  );
  const volumes = machines.find(({ entity }) => entity === 'volume')!;
  expect(volumes.states['Attaching']).toBe(3);
  expect(volumes.transitions.filter(({ times }) => times > 0)).toEqual([
    { from: 'Ready', event: 'AttachRequested', to: 'Attaching', times: 3 },
  ]);
});
