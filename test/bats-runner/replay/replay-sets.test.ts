// Which recordings are replayed together, and in which order, for what was chosen.
import { copyFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from '@playwright/test';
import { recordingFile } from '../../../bats-runner/director/recording.js';
import { allScenarios, replaySets } from '../../../bats-runner/replay/replay-sets.js';
import { paths, test } from '../support.js';

function planned(apiVersions: readonly number[], ...scenarios: readonly string[]) {
  return replaySets({ folder: paths.recordings, scenarios, apiVersions }).map(
    ({ caller, apiVersion, recordings }) => ({
      caller,
      apiVersion,
      names: recordings.map(({ scenario }) => scenario),
    }),
  );
}

test('without a choice there is all that was recorded, each caller apart', () => {
  const sets = planned([1, 2, 3]);
  expect(sets.map(({ caller, apiVersion }) => `${caller} ${apiVersion}`)).toEqual(
    [1, 2, 3].flatMap((version) => [`bosh-cli ${version}`, `bosh-director ${version}`]),
  );
  expect(sets[2]!.names.concat(sets[3]!.names)).toEqual(allScenarios);
});

test('what was not recorded in a version is left out there', () => {
  expect(planned([1, 2], 'dynamic-disks').map(({ apiVersion }) => apiVersion)).toEqual([2]);
  expect(planned([1], 'dynamic-disks')).toEqual([]);
});

test('a chosen scenario comes with those that it builds on, and without a set of the other caller', () => {
  expect(planned([2], 'snapshots')).toEqual([
    {
      caller: 'bosh-director',
      apiVersion: 2,
      names: [
        'upload-stemcell',
        'deploy-static-ip-disk',
        'recreate-static-ip-disk',
        'stop-hard-start',
        'disk-resize-by-copy',
        'disk-type-change',
        'disk-resize-on-recreate',
        'recreate-persistent-disks',
        'snapshots',
      ],
    },
  ]);
});

test('a folder need not hold every scenario', ({ folder }) => {
  const file = recordingFile(paths.recordings, 'create-env', 2);
  copyFileSync(file, join(folder, basename(file)));
  const sets = replaySets({ folder, scenarios: [], apiVersions: [2] });
  expect(sets.map(({ recordings }) => recordings.map(({ scenario }) => scenario))).toEqual([
    ['create-env'],
  ]);
});
