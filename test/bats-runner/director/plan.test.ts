// A chosen scenario brings along the scenarios that made what it names, in recorded order.
import { expect, test } from '@playwright/test';
import { namedIn, withPredecessors } from '../../../bats-runner/director/plan.js';
import { loadRecording } from '../../../bats-runner/director/recording.js';
import { scenarios } from '../../../bats-runner/director/scenarios.js';
import { paths } from '../support.js';

const all = scenarios['bosh-cli'].map((name) => loadRecording(paths.recordings, name, 2));
const planned = (...chosen: string[]): string[] =>
  withPredecessors(chosen, all).map(({ scenario }) => scenario);

test('a scenario that names nothing of others stands alone', () => {
  expect(planned('create-env')).toEqual(['create-env']);
  expect(planned('create-env-noop')).toEqual(['create-env-noop']);
  expect(planned('create-env-fault-create-vm')).toEqual(['create-env-fault-create-vm']);
});

test('others bring along what they build on, and what those build on', () => {
  expect(planned('create-env-recreate')).toEqual(['create-env', 'create-env-recreate']);
  expect(planned('delete-env')).toEqual([
    'create-env',
    'create-env-recreate',
    'create-env-disk-resize',
    'create-env-stemcell-upgrade',
    'create-env-disk-type-change',
    'create-env-recreate-persistent-disks',
    'delete-env',
  ]);
});

test('the order is the recorded one, whatever was chosen first', () => {
  expect(planned('create-env-noop', 'create-env')).toEqual(['create-env', 'create-env-noop']);
});

test('what a recording makes itself is not named by it', () => {
  expect(namedIn(all[0]!)).toEqual([]);
  expect(namedIn(all[2]!).map(({ kind }) => kind)).toEqual(['vm', 'stemcell', 'disk']);
});
