// What a real bosh CLI asked, in every version, is asked of the real CPI executable over HTTP by
// an ordinary user who may not expunge, and once by the root admin; after each scenario the cloud holds
// exactly what the calls made and did not delete. CPIs that do it wrong are found out.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { nodeCommand } from '../../../bats-runner/director/cpi-process.js';
import { withPredecessors } from '../../../bats-runner/director/plan.js';
import { loadRecording, type Recording } from '../../../bats-runner/director/recording.js';
import { scenarios } from '../../../bats-runner/director/scenarios.js';
import { callLine, isGood, scenarioLine } from '../../../bats-runner/replay/report.js';
import { runReplay, type RunReplayOptions } from '../../../bats-runner/replay/run-replay.js';
import { paintWith } from '../../../bats-runner/paint.js';
import type { ReplayResult } from '../../../bats-runner/director/replayer.js';
import { host, paths, recordedWorld, test } from '../support.js';

const realCpi = nodeCommand(process.execPath, paths.cpi);

function recorded(version: number, ...names: readonly string[]): Recording[] {
  const all = scenarios['bosh-cli'].map((name) => loadRecording(paths.recordings, name, version));
  return names.length === 0 ? all : withPredecessors(names, all);
}

function replayed(options: Partial<RunReplayOptions> & Pick<RunReplayOptions, 'recordings'>) {
  return runReplay({
    ...host,
    cpiCommand: realCpi,
    simulatorProgram: paths.simulator,
    world: recordedWorld,
    account: 'user',
    ...options,
  });
}

/** What went wrong, in lines that tell an engineer where. */
function report({ calls, scenarios: done, stopped }: ReplayResult): string {
  const paint = paintWith(false);
  return [
    ...calls.filter(({ problems }) => problems.length > 0).map((call) => callLine(call, paint)),
    ...done.filter(({ problems }) => problems.length > 0).map((item) => scenarioLine(item, paint)),
    ...(stopped === undefined ? [] : [stopped]),
  ].join('\n');
}

/** The recorded world, in which the networks belong to the account that the CPI uses. */
function worldOf(account: 'user' | 'admin', folder: string): string {
  if (account === 'user') return recordedWorld;
  const world = join(folder, 'world.json');
  const owned = readFileSync(recordedWorld, 'utf8').replaceAll(
    '"account": "bosh"',
    '"account": "admin"',
  );
  writeFileSync(world, owned);
  return world;
}

for (const [version, account] of [
  [1, 'user'],
  [2, 'user'],
  [3, 'user'],
  [2, 'admin'],
] as const) {
  test(`version ${version} as ${account}: every call is answered and nothing leaks`, async ({
    folder,
  }) => {
    test.setTimeout(240_000);
    const recordings = recorded(version);
    const result = await replayed({ recordings, account, world: worldOf(account, folder) });
    expect(report(result)).toBe('');
    expect(result.scenarios.map(({ scenario }) => scenario)).toEqual(scenarios['bosh-cli']);
    const sent = result.calls.filter(({ number }) => number !== undefined);
    expect(sent).toHaveLength(recordings.flatMap(({ calls }) => calls).length);
    expect(isGood(result)).toBe(true);
  });
}

/** Of a recording that stands alone, the calls of these methods. */
function only(methods: readonly string[]): Recording {
  const [recording] = recorded(2, 'create-env-fault-create-vm');
  const calls = recording!.calls.filter(({ request }) => methods.includes(request.method));
  return { ...recording!, calls };
}

test('a create_vm that is repeated with its agent id leaves one VM', async () => {
  const recording = only(['create_stemcell', 'create_vm']);
  const [, first, second] = recording.calls;
  second!.request.arguments[0] = first!.request.arguments[0]!;
  const result = await replayed({ recordings: [recording] });
  expect(report(result)).toBe('');
  const notes = result.calls.flatMap(({ note }) => note ?? []);
  expect(notes).toEqual([expect.stringContaining('the repetition must leave one VM')]);
});

/** The real CPI, but for calls of one method, which `answer` answers. */
function cpiExcept(folder: string, method: string, answer: string): string {
  const file = join(folder, 'other-cpi.sh');
  writeFileSync(
    file,
    `request=$(cat)
case "$request" in
*'"method":"${method}"'*) printf '%s' '${answer}' ;;
*) printf '%s' "$request" | ${realCpi.replace('{config}', '"$1"')} ;;
esac
`,
  );
  return `sh ${file} {config}`;
}

const done = '{"result":null,"error":null,"log":""}';

test('a CPI that only says that it deleted a disk is found out', async ({ folder }) => {
  const cpiCommand = cpiExcept(folder, 'delete_disk', done);
  const recording = only(['create_stemcell', 'create_vm', 'create_disk', 'delete_disk']);
  const result = await replayed({ recordings: [recording], cpiCommand });
  expect(result.calls.flatMap(({ problems }) => problems)).toEqual([]);
  expect(result.scenarios[0]?.problems).toEqual([expect.stringMatching(/^left over: volume /)]);
  expect(isGood(result)).toBe(false);
});

test('a CPI that says no where yes was recorded is found out', async ({ folder }) => {
  const no = '{"result":false,"error":null,"log":""}';
  const cpiCommand = cpiExcept(folder, 'has_vm', no);
  const recording = only(['create_stemcell', 'create_vm', 'has_vm']);
  const result = await replayed({ recordings: [recording], cpiCommand });
  expect(result.calls.flatMap(({ problems }) => problems)).toEqual([
    'has_vm answered false, recorded was true',
  ]);
  expect(isGood(result)).toBe(false);
});

test('an answer that a caller would refuse ends the replay', async ({ folder }) => {
  const cpiCommand = cpiExcept(folder, 'create_stemcell', done);
  const result = await replayed({ recordings: recorded(2, 'create-env'), cpiCommand });
  expect(result.calls.at(-1)?.problems).toEqual([
    'the result of create_stemcell is no CID (a string): null',
  ]);
  expect(result.stopped).toBe('create-env cannot go on after call 3');
});

test('a CPI that fails ends the replay, and its stderr is told', async () => {
  const cpiCommand = "sh -c 'echo broken >&2; exit 1'";
  const result = await replayed({ recordings: recorded(2, 'create-env'), cpiCommand });
  expect(result.calls).toHaveLength(1);
  expect(report(result)).toMatch(/the exit code is 1, not 0.*stdout is empty.*stderr: broken/s);
});

test('a scenario whose forerunners were left out cannot be replayed', async () => {
  const [, second] = recorded(2, 'create-env-recreate');
  const result = await replayed({ recordings: [second!] });
  expect(result.calls).toEqual([]);
  expect(result.stopped).toMatch(
    /^create-env-recreate names vm [-0-9a-f]{36}, which no call made$/,
  );
});
