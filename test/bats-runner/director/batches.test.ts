// Calls are in flight together only where the recording says that they were, and never when one
// builds on another.
import { expect, test } from '@playwright/test';
import { batchesOf } from '../../../bats-runner/director/batches.js';
import { loadRecording, type RecordedCall } from '../../../bats-runner/director/recording.js';
import { paths } from '../support.js';

/** Calls by method and arguments; what follows `->` is the result. */
function batches(...lines: readonly string[]): string[] {
  const calls = lines.map((line): RecordedCall => {
    const [call = '', result] = line.split(' -> ');
    const [method = '', ...args] = call.split(' ');
    return {
      caller: 'bosh-director',
      request: { method, arguments: args, context: {} },
      response: { result: result ?? null, error: null, log: '' },
    };
  });
  const recording = { scenario: 's', cpi_api_version: 2, steps: [], calls };
  return batchesOf(recording)
    .map((batch) => batch.map((index) => lines[index]).join(' | '))
    .filter((batch) => batch !== 'info');
}

test('as many calls as threads have asked for info before', () => {
  expect(batches('info', 'info', 'delete_vm a', 'delete_vm b', 'delete_vm c')).toEqual([
    'delete_vm a | delete_vm b',
    'delete_vm c',
  ]);
  expect(batches('info', 'delete_vm a', 'info', 'delete_vm b')).toEqual([
    'delete_vm a',
    'delete_vm b',
  ]);
});

test('one thread that makes two calls makes them one after another', () => {
  expect(batches('info', 'snapshot_disk a', 'snapshot_disk b')).toEqual([
    'snapshot_disk a',
    'snapshot_disk b',
  ]);
});

test('calls on the same thing, and calls that need the result of another, wait', () => {
  const separate = (...calls: string[]): void =>
    expect(batches('info', 'info', ...calls)).toEqual(calls);
  separate('has_vm a', 'delete_vm a');
  separate('has_vm a', 'detach_disk a d');
  separate('create_disk 1 {} a -> d', 'attach_disk b d');
  separate('create_vm agent s -> a', 'create_vm agent s -> b');
  separate('delete_stemcell s', 'delete_stemcell s');
});

test('VMs of one stemcell may be made together', () => {
  expect(batches('info', 'info', 'create_vm a-1 s -> a', 'create_vm a-2 s -> b')).toEqual([
    'create_vm a-1 s -> a | create_vm a-2 s -> b',
  ]);
});

test('in a real deployment of several VMs they were made together', () => {
  const recording = loadRecording(paths.recordings, 'deploy-multi-nic-dynamic-vip', 1);
  const together = batchesOf(recording).filter((batch) => batch.length > 1);
  expect(together).toEqual([
    [4, 5],
    [8, 9],
  ]);
});
