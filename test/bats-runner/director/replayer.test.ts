// The replayer brings every recording to an end, in every version, with a CPI that only keeps state
// and refuses whatever would not fit; what it believes is then what there is. Where the recorded CPI
// failed, it does what the caller would do now, and says so.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Ledger } from '../../../bats-runner/director/ledger.js';
import { withPredecessors } from '../../../bats-runner/director/plan.js';
import { loadRecording, type Recording } from '../../../bats-runner/director/recording.js';
import { replay, type ReplayResult } from '../../../bats-runner/director/replayer.js';
import { scenarios, type Caller } from '../../../bats-runner/director/scenarios.js';
import { paths } from '../support.js';
import { ModelCpi } from './model-cpi.js';

function recorded(version: number, caller: Caller = 'bosh-director'): Recording[] {
  return scenarios[caller]
    .filter((name) => existsSync(join(paths.recordings, `${name}.v${version}.json`)))
    .map((name) => loadRecording(paths.recordings, name, version));
}

interface Replayed extends ReplayResult {
  readonly model: ModelCpi;
}

async function replayed(recordings: readonly Recording[]): Promise<Replayed> {
  const model = new ModelCpi();
  const result = await replay({
    recordings,
    callCpi: model.call,
    imagePath: '/image',
    account: { endpoint: 'http://cloud', apiKey: 'key', secretKey: 'secret' },
    operator: model.operator,
    inspect: (ledger) => {
      compare(ledger, model);
      return Promise.resolve([]);
    },
    onCall: () => undefined,
    onScenario: () => undefined,
  });
  return { ...result, model };
}

function compare(ledger: Ledger, model: ModelCpi): void {
  assert.deepEqual([...ledger.stemcells.keys()], [...model.stemcells]);
  assert.deepEqual([...ledger.networks], [...model.networks]);
  assert.deepEqual(
    [...ledger.vms].map(([cid, { agentId, addresses }]) => [cid, { agentId, addresses }]),
    [...model.vms],
  );
  assert.deepEqual(
    [...ledger.disks].map(([cid, { attachedTo: vm, sizeMib }]) => [cid, { vm, sizeMib }]),
    [...model.disks],
  );
  assert.deepEqual(
    [...ledger.snapshots].map(([cid, { disk }]) => [cid, disk]),
    [...model.snapshots],
  );
}

const problemsIn = ({ calls }: ReplayResult): string[] => calls.flatMap(({ problems }) => problems);

/** The notes of a scenario: what was done otherwise than recorded, and why. */
function notesOf(result: ReplayResult, name: string): string[] {
  return result.calls
    .filter(({ scenario }) => scenario === name)
    .flatMap(({ request, note }) => (note === undefined ? [] : [`${request.method}: ${note}`]));
}

for (const caller of ['bosh-director', 'bosh-cli'] as const) {
  for (const version of [1, 2, 3]) {
    test(`all of ${caller} in version ${version}`, async () => {
      const recordings = recorded(version, caller);
      const result = await replayed(recordings);
      expect(result.stopped).toBeUndefined();
      expect(problemsIn(result)).toEqual([]);
      expect(result.scenarios.map(({ scenario }) => scenario)).toEqual(
        recordings.map(({ scenario }) => scenario),
      );
      const sent = result.calls.filter(({ number }) => number !== undefined).length;
      const leftOut = result.scenarios.reduce((sum, item) => sum + item.leftOut, 0);
      expect(sent + leftOut).toBe(recordings.flatMap(({ calls }) => calls).length);
    });
  }
}

test('each scenario can be chosen, with those that it builds on', async () => {
  const all = recorded(2);
  for (const { scenario } of all) {
    const result = await replayed(withPredecessors([scenario], all));
    assert.equal(result.stopped, undefined, scenario);
    assert.deepEqual(problemsIn(result), [], scenario);
    assert.equal(result.scenarios.at(-1)?.scenario, scenario);
  }
});

test.describe('in version 3 of the Director', () => {
  let result: Replayed;
  test.beforeAll(async () => {
    result = await replayed(recorded(3));
  });

  test('what was removed behind its back is removed just before it asks', () => {
    expect(notesOf(result, 'cck-missing-vm')).toEqual([
      'has_vm: an operator expunged the VM just before',
    ]);
    expect(notesOf(result, 'cck-missing-disk')).toEqual([
      'has_disk: an operator deleted the disk just before',
    ]);
  });

  test('a VM that was replaced between two scenarios is replaced, its disk going along', () => {
    const note = 'the VM was replaced between the recordings';
    expect(notesOf(result, 'change-vm-type')).toEqual([
      `delete_vm: ${note}`,
      `create_vm: ${note}`,
      `attach_disk: ${note}`,
    ]);
    expect(notesOf(result, 'delete-deployments')).toEqual([
      `delete_vm: ${note}`,
      `create_vm: ${note}`,
      `delete_vm: ${note}`,
      `create_vm: ${note}`,
    ]);
  });

  test('a stemcell and a disk that nobody made are made', () => {
    expect(notesOf(result, 'managed-network')).toEqual([
      'create_stemcell: another stemcell was uploaded between the recordings',
    ]);
    expect(notesOf(result, 'disk-update-native-not-implemented')).toEqual([
      'delete_vm: the VM was replaced between the recordings',
      'create_vm: the VM was replaced between the recordings',
      'create_disk: the disk was made between the recordings',
      'attach_disk: the disk was made between the recordings',
      expect.stringMatching(/^update_disk: recorded as not possible; .* are left out$/),
    ]);
  });

  test('a disk that is resized in place is not copied', () => {
    const scenario = 'disk-resize-native-not-implemented';
    expect(notesOf(result, scenario)).toEqual([
      'resize_disk: recorded as not possible; the disk is changed in place, so calls 11 to 18, ' +
        'which copy it, are left out',
    ]);
    const methods = result.calls
      .filter((call) => call.scenario === scenario && call.request.method !== 'info')
      .map(({ request }) => request.method);
    expect(methods).toEqual([
      'snapshot_disk',
      'detach_disk',
      'resize_disk',
      'attach_disk',
      'set_disk_metadata',
    ]);
  });

  test('a VM whose creation was recorded as failed is deleted, unless the call is repeated', () => {
    expect(notesOf(result, 'fault-create-vm-retry')).toEqual([
      'create_vm: recorded as failed on purpose; the repetition must leave one VM',
    ]);
    expect(notesOf(result, 'fault-create-vm-no-retry')).toEqual([
      'create_vm: recorded as failed on purpose; the caller now has a VM to delete',
      'delete_vm: the caller would delete the VM later',
    ]);
  });

  test('a cpi-config leads to the cloud of the run, with the zone that it names', () => {
    const configs = result.calls
      .filter(({ scenario, request }) => scenario === 'cpi-config' && request.context['cloudstack'])
      .map(({ request }) => JSON.stringify(request.context['cloudstack']));
    expect([...new Set(configs)].sort()).toEqual(
      ['zone-1', 'zone-2'].map(
        (zone) =>
          `{"api_key":"key","default_zone":"${zone}","endpoint":"http://cloud","secret_access_key":"secret"}`,
      ),
    );
  });

  test('calls that were in flight together are so again', () => {
    expect(result.model.mostInFlight).toBe(3);
    const together = (name: string): (readonly number[])[] =>
      result.calls
        .filter((call) => call.scenario === name && call.together.length > 0)
        .map((call) => call.together);
    expect(together('delete-deployments')).toEqual([
      [7, 8],
      [6, 8],
      [6, 7],
    ]);
    expect(together('multiple-persistent-disks')).toEqual([]);
  });
});

test('a disk that version 1 believes attached is attached again', async () => {
  const result = await replayed(recorded(1));
  expect(notesOf(result, 'fault-detach-disk-not-attached')).toEqual([
    'detach_disk: recorded as failed on purpose; the caller believes the disk attached',
    'attach_disk: attached again, as the recorded caller believes',
  ]);
});

test('what nothing can be made of ends the replay', async () => {
  const [recording] = recorded(2).filter(({ scenario }) => scenario === 'snapshots');
  const result = await replayed([recording!]);
  expect(result.calls).toEqual([]);
  expect(result.stopped).toMatch(/^snapshots names disk [-0-9a-f]{36}, which no call made$/);
});
