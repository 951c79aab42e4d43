// Recordings of each caller through the real executable, a process for each call, as the callers start
// it: what the replay of all of them in this process cannot show is that stdin, stdout, exit code and
// environment are right, too, for each method. And what happens when they are not.
import { expect } from '@playwright/test';
import { nodeCommand } from '../../../bats-runner/director/cpi-process.js';
import { replaySets, type ReplaySet } from '../../../bats-runner/replay/replay-sets.js';
import { isGood } from '../../../bats-runner/replay/report.js';
import { runReplay, type RunReplayOptions } from '../../../bats-runner/replay/run-replay.js';
import { host, paths, recordedWorld, test } from '../support.js';
import { problemReport } from './problem-report.js';

function replayed(options: Partial<RunReplayOptions> & Pick<RunReplayOptions, 'recordings'>) {
  return runReplay({
    ...host,
    cpiCommand: nodeCommand(process.execPath, paths.cpi),
    simulatorProgram: paths.simulator,
    world: recordedWorld,
    account: 'user',
    ...options,
  });
}

function recorded(apiVersion: number, ...scenarios: readonly string[]): ReplaySet[] {
  return replaySets({ folder: paths.recordings, scenarios, apiVersions: [apiVersion] });
}

/**
 * With those that they build on, they have each method that the caller calls; what is deleted before
 * others need its addresses is deleted here, too.
 */
const chosen = {
  'bosh-director': [
    'recreate-static-ip-disk',
    'restart-stop-start',
    'cck-unresponsive-reboot',
    'errand-vm-resources',
    'delete-vm',
    'delete-deployment-with-disk',
    'delete-deployments',
    'managed-network',
    'delete-stemcell',
    'disk-resize-native',
    'disk-update-native-not-implemented',
  ],
  'bosh-cli': ['create-env', 'create-env-disk-resize', 'delete-env'],
} as const;

function methodsIn({ recordings }: ReplaySet): string[] {
  const calls = recordings.flatMap((recording) => recording.calls);
  return [...new Set(calls.map(({ request }) => request.method))].sort();
}

// A Director uses version 3, the CLI at most version 2.
for (const [caller, apiVersion] of [
  ['bosh-director', 3],
  ['bosh-cli', 2],
] as const) {
  test(`${caller}, version ${apiVersion}, by processes`, async () => {
    test.setTimeout(400_000);
    const of = (set: ReplaySet): boolean => set.caller === caller;
    const set = recorded(apiVersion, ...chosen[caller]).find(of)!;
    expect(methodsIn(set)).toEqual(methodsIn(recorded(apiVersion).find(of)!));
    const result = await replayed(set);
    expect(problemReport(result)).toBe('');
    expect(result.scenarios).toHaveLength(set.recordings.length);
    expect(isGood(result)).toBe(true);
  });
}

test('a CPI that fails ends the replay, and its stderr is told', async () => {
  const [set] = recorded(2, 'create-env');
  const result = await replayed({
    recordings: set!.recordings,
    cpiCommand: "sh -c 'echo broken >&2; exit 1'",
  });
  expect(result.calls).toHaveLength(1);
  expect(problemReport(result)).toMatch(
    /the exit code is 1, not 0.*stdout is empty.*stderr: broken/s,
  );
  expect(result.stopped).toBe('create-env cannot go on after call 1');
});
