// How far a replay is stands on one line that is rewritten, on a terminal only; what has come of it
// stands above for good.
import { expect, test } from '@playwright/test';
import type { ReplayedCall } from '../../../bats-runner/director/replayer.js';
import { loadRecording } from '../../../bats-runner/director/recording.js';
import { paintWith } from '../../../bats-runner/paint.js';
import { ReplayProgress } from '../../../bats-runner/replay/progress.js';
import { closingLines, isGood } from '../../../bats-runner/replay/report.js';
import { paths } from '../support.js';

function call(method: string, more: Partial<ReplayedCall> = {}): ReplayedCall {
  return {
    scenario: 'snapshots',
    number: 1,
    request: { method, arguments: [], context: {} },
    exchange: { stdout: '', stderr: 'diagnostics', exitCode: 0, durationMs: 1_500 },
    response: { result: null, error: null },
    note: undefined,
    together: [],
    problems: [],
    ...more,
  };
}

function shown(
  options: { isLive?: boolean; everyCall?: boolean },
  calls: readonly ReplayedCall[],
  { problems = [], leftOut = 0, stopped }: ShownEnd = {},
): string {
  let text = '';
  const progress = new ReplayProgress({
    write: (part) => (text += part),
    isLive: options.isLive ?? false,
    columns: 60,
    paint: paintWith(false),
    everyCall: options.everyCall ?? false,
    nowMs: () => 0,
  });
  const recordings = [loadRecording(paths.recordings, 'snapshots', 2)];
  progress.begin({ caller: 'bosh-director', apiVersion: 2, recordings });
  calls.forEach((item) => progress.call(item));
  const scenarios = [{ scenario: 'snapshots', leftOut, problems }];
  scenarios.forEach((done) => progress.scenario(done));
  progress.end({ calls, scenarios, stopped });
  return text;
}

interface ShownEnd {
  readonly problems?: readonly string[];
  readonly leftOut?: number;
  readonly stopped?: string;
}

const title = '\nbosh-director, CPI API version 2: 1 scenarios, 8 recorded calls\n';

test('a scenario is one line, with calls that were added or left out, and time', () => {
  const calls = [call('info'), call('snapshot_disk'), call('delete_vm', { number: undefined })];
  expect(shown({}, calls, { leftOut: 2 })).toBe(
    `${title}ok    snapshots                            2 calls, 1 added, 2 left out   4.50 s\n`,
  );
});

test('calls that are done otherwise for one reason are told together', () => {
  const calls = [
    call('a', { note: 'why' }),
    call('a', { note: 'why' }),
    call('b', { note: 'why' }),
  ];
  expect(shown({}, calls)).toMatch(/ 4\.50 s\n {6}a, b: why\n$/);
});

test('a call with a problem has its line, with what the CPI said on stderr; others only if asked', () => {
  const bad = call('has_vm', { number: 7, problems: ['it is wrong'] });
  expect(shown({}, [call('info'), bad])).toMatch(
    /calls\nFAIL {2}snapshots 7 .*has_vm .* 1\.50 s\n {6}it is wrong\n {6}stderr: diagnostics\nFAIL {2}snapshots /,
  );
  const all = [call('info', { number: undefined }), call('has_vm', { together: [3, 4] })];
  expect(shown({ everyCall: true }, all)).toMatch(
    /\nok {4}snapshots \+ .*info .*\nok {4}snapshots 1 .*has_vm .*\n {6}in flight together with 3, 4\nok/,
  );
});

test('a cloud that is wrong and a replay that ends early are told', () => {
  const problems = ['disk x is not there'];
  expect(shown({}, [], { problems, stopped: 'it cannot go on' })).toMatch(
    /FAIL {2}snapshots .*\n {6}in the cloud: disk x is not there\nstopped: it cannot go on\n$/,
  );
});

test('on a terminal the line at the bottom is rewritten, never too long, and gone at the end', () => {
  const text = shown({ isLive: true }, [call('info'), call('snapshot_disk')]);
  const erase = '\r\u001b[2K';
  const lines = text.split(erase);
  expect(lines).toContain('  0 of 8 calls, 0 s  the simulator starts');
  expect(lines).toContain('  2 of 8 calls, 0 s  snapshots: snapshot_disk');
  expect(
    Math.max(...lines.filter((line) => !line.includes('\n')).map(({ length }) => length)),
  ).toBeLessThan(60);
  expect(text.endsWith(erase)).toBe(true);
});

test('the last lines count all sets, and name why one ended early', () => {
  const good = { calls: [call('info')], scenarios: [], stopped: undefined };
  const scenarios = [{ scenario: 's', leftOut: 0, problems: ['p'] }];
  const bad = { calls: [call('x', { problems: ['p'] })], scenarios, stopped: 'it ended' };
  expect(closingLines([good, bad], paintWith(false))).toBe(
    '\nstopped: it ended\n2 calls, 1 with problems; 1 scenarios, 1 with a wrong cloud after',
  );
  expect([good, bad].map(isGood)).toEqual([true, false]);
});
