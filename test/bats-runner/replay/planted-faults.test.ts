// A CPI that does it wrong is found out: each fault is planted into the real one, by answering
// calls of one method in its place, and the replay of real recordings names it.
import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import type { CallCpi } from '../../../bats-runner/director/cpi-process.js';
import type { CpiRequest, Recording } from '../../../bats-runner/director/recording.js';
import type { ReplayResult } from '../../../bats-runner/director/replayer.js';
import { replaySets } from '../../../bats-runner/replay/replay-sets.js';
import { isGood } from '../../../bats-runner/replay/report.js';
import type { JsonValue } from '../../../bats-runner/json.js';
import { paths, recordedWorld, test } from '../support.js';
import { replayInProcess } from './in-process.js';

const world = JSON.parse(readFileSync(recordedWorld, 'utf8')) as never;

type Answer = (request: CpiRequest, cpi: () => ReturnType<CallCpi>) => ReturnType<CallCpi>;

/** The real CPI, but for calls of one method. */
function cpiExcept(method: string, answer: Answer): (cpi: CallCpi) => CallCpi {
  return (cpi) => (caller, request) =>
    request.method === method ? answer(request, () => cpi(caller, request)) : cpi(caller, request);
}

/** Says that it is done, and does nothing. */
const only =
  (result: JsonValue): Answer =>
  () =>
    said({ result, error: null, log: '' });

function said(document: object): ReturnType<CallCpi> {
  const stdout = JSON.stringify(document);
  return Promise.resolve({ stdout, stderr: '', exitCode: 0, durationMs: 0 });
}

/** A scenario with those that it builds on. */
function recordingsFor(scenario: string): readonly Recording[] {
  const scenarios = [scenario];
  return replaySets({ folder: paths.recordings, scenarios, apiVersions: [2] })[0]!.recordings;
}

async function replayed(
  scenario: string,
  folder: string,
  around?: (cpi: CallCpi) => CallCpi,
): Promise<ReplayResult> {
  const recordings = recordingsFor(scenario);
  return replayInProcess({
    recordings,
    world,
    account: 'User',
    folder,
    ...(around && { around }),
  });
}

/** What the replay found wrong, first in calls, then in the cloud after the last scenario. */
function findings({ calls, scenarios }: ReplayResult): string[] {
  const inCalls = calls.flatMap(({ problems }) => problems);
  return [...inCalls, ...(scenarios.at(-1)?.problems ?? [])];
}

for (const [what, scenario, method, answer, found] of [
  ['keeps a VM', 'errand-vm-resources', 'delete_vm', only(null), /left over: VM /],
  ['keeps a disk', 'dynamic-disks', 'delete_disk', only(null), /left over: volume /],
  ['leaks a snapshot', 'snapshots', 'delete_snapshot', only(null), /left over: snapshot /],
  ['keeps a network', 'managed-network', 'delete_network', only(null), /left over: network /],
  ['keeps a stemcell', 'delete-stemcell', 'delete_stemcell', only(null), /left over: template /],
  [
    'makes no snapshot',
    'restart-stop-start',
    'snapshot_disk',
    only('2b4be2e4-b8e4-4c63-93c4-b4b9d4b8a5a1'),
    /^snapshot 2b4be2e4.* is not there$/,
  ],
  [
    'forgets to detach',
    'disk-resize-by-copy',
    'detach_disk',
    only(null),
    /^disk .* is attached to VM .*, not to no VM$/,
  ],
  [
    'forgets to attach',
    'deploy-static-ip-disk',
    'attach_disk',
    only('/dev/sdc'),
    /^disk .* is attached to no VM, not to VM/,
  ],
  [
    'does not resize',
    'disk-resize-native',
    'resize_disk',
    only(null),
    /^disk .* has 1024 MiB, not 2048 MiB$/,
  ],
  [
    'forgets metadata of VMs',
    'deploy-simple',
    'set_vm_metadata',
    only(null),
    /^VM .* has no such tag where its metadata say director=rig-director$/,
  ],
  [
    'says yes where no is true',
    'cck-missing-vm',
    'has_vm',
    only(true),
    /^has_vm answered true, recorded was false$/,
  ],
  [
    'says that a disk is gone',
    'cck-unresponsive-reboot',
    'has_disk',
    only(false),
    /^has_disk answered false, recorded was true$/,
  ],
] as const) {
  test(`a CPI that ${what}`, async ({ folder }) => {
    const result = await replayed(scenario, folder, cpiExcept(method, answer));
    expect(findings(result).join('\n')).toMatch(new RegExp(found, 'm'));
    expect(isGood(result)).toBe(false);
  });
}

for (const [what, method, answer, found] of [
  [
    'a type that nobody expects',
    'create_disk',
    only(['cid']),
    /create_disk is no CID \(a string\)/,
  ],
  ['nothing where a hint belongs', 'attach_disk', only(null), /attach_disk is no disk hint/],
  [
    'an error that no Director knows',
    'create_vm',
    () =>
      said({ result: null, error: { type: 'Oops', message: 'm', ok_to_retry: false }, log: '' }),
    /the Director does not know the error type Oops/,
  ],
  [
    'two documents',
    'set_disk_metadata',
    async (_: CpiRequest, cpi: () => ReturnType<CallCpi>) => {
      const exchange = await cpi();
      return { ...exchange, stdout: exchange.stdout.repeat(2) };
    },
    /stdout is not one JSON document/,
  ],
] as const) {
  test(`a CPI that answers ${what} ends the replay`, async ({ folder }) => {
    const around = cpiExcept(method, answer);
    const result = await replayed('deploy-static-ip-disk', folder, around);
    expect(findings(result).join('\n')).toMatch(found);
    expect(result.stopped).toMatch(/cannot go on after call/);
  });
}

test('a CPI that fails a part of a deployment ends the replay', async ({ folder }) => {
  const error = { type: 'Bosh::Clouds::CloudError', message: 'no room', ok_to_retry: false };
  const around = cpiExcept('attach_disk', () => said({ result: null, error, log: '' }));
  const result = await replayed('deploy-static-ip-disk', folder, around);
  expect(findings(result)).toEqual([
    'attach_disk failed with Bosh::Clouds::CloudError: no room, recorded was success',
  ]);
  expect(result.stopped).toBe('deploy-static-ip-disk cannot go on after call 9');
});

test('a CPI that does not read the cpi-config', async ({ folder }) => {
  const around =
    (cpi: CallCpi): CallCpi =>
    (caller, { context, ...request }) => {
      const others = Object.entries(context).filter(([key]) => key !== 'cloudstack');
      return cpi(caller, { ...request, context: Object.fromEntries(others) });
    };
  const recording = recordingsFor('cpi-config').at(-1)!;
  // The uploads: one for each of two CPIs.
  const uploads = { ...recording, calls: recording.calls.slice(0, 6) };
  const options = { recordings: [uploads], world, account: 'User', folder } as const;
  expect(findings(await replayInProcess(options))).toEqual([]);
  expect(findings(await replayInProcess({ ...options, around }))).toEqual([
    expect.stringMatching(/^stemcell .* is in zone zone-1, not in zone-2$/),
  ]);
});

test('a CPI that makes a second VM when create_vm is repeated', async ({ folder }) => {
  let isFirst = true;
  const around =
    (cpi: CallCpi): CallCpi =>
    (caller, request) => {
      const isRepeated = request.method === 'create_vm' && !isAgentOfEarlierVm(request);
      if (!isRepeated || !isFirst) return cpi(caller, request);
      isFirst = false;
      // As if the agent id were no part of it: another id, and so another VM, at another address.
      const text = JSON.stringify(request).replace('10.244.0.100', '10.244.0.200');
      const other = JSON.parse(text) as CpiRequest;
      return cpi(caller, { ...other, arguments: other.arguments.with(0, 'another-agent') });
    };
  const result = await replayed('fault-create-vm-retry', folder, around);
  expect(findings(result).join()).toMatch(
    /^left over: VM .* \(vm-another-agent, Running\), volume .* \(ROOT-/,
  );
  expect(isGood(result)).toBe(false);
});

/** Whether a VM is not the one whose creation is repeated in fault-create-vm-retry. */
function isAgentOfEarlierVm({ arguments: [agentId] }: CpiRequest): boolean {
  const recording = recordingsFor('fault-create-vm-retry').at(-1);
  const agents = recording?.calls
    .filter(({ request }) => request.method === 'create_vm')
    .map(({ request }) => request.arguments[0]);
  return agents?.includes(agentId ?? null) !== true;
}

test('a VM that is created again with its agent id must be one', async ({ folder }) => {
  const result = await replayed('fault-create-vm-retry', folder);
  expect(findings(result)).toEqual([]);
  expect(result.calls.flatMap(({ note }) => note ?? [])).toContain(
    'recorded as failed on purpose; the repetition must leave one VM',
  );
});
