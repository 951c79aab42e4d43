import type { JsonObject } from '../json.js';
import type { Phase } from './progress.js';
import type { Instance, Made, Steps } from './steps.js';

/** What `bosh create-env`, `create-env --recreate` and `delete-env` do, call by call. */
export interface CreateEnvPhases {
  readonly create: Phase;
  readonly recreate: Phase;
  readonly remove: Phase;
}

/** The life of a Director's VM with a static address and a persistent disk, as the CLI leads it. */
export function createEnvPhases(steps: Steps): CreateEnvPhases {
  const stemcell: Made = { cid: '' };
  const bosh: Instance = {
    group: 'bosh',
    address: '10.203.6.10',
    properties: {
      compute_offering: 'm1.medium',
      root_disk_size: 10_240,
      disk: 20_480,
      ephemeral_disk_offering: 'ephemeral',
    },
    vm: { cid: '' },
    disk: { cid: '' },
  };
  const phase = (command: string, purpose: string, own: Phase['steps']): Phase =>
    steps.phase('bosh-cli', command, purpose, [...own, steps.cloudAgrees()]);
  return {
    create: phase('bosh create-env', 'a VM with a static address and a persistent disk', [
      steps.createStemcell(stemcell, '1.0'),
      steps.createVm(bosh, stemcell),
      steps.setVmMetadata(bosh, metadata),
      steps.createDisk(bosh, 32_768),
      steps.attachDisk(bosh),
      steps.setDiskMetadata(bosh, metadata),
    ]),
    recreate: phase('bosh create-env --recreate', 'a new VM with the same address and disk', [
      steps.hasVm(bosh, true),
      steps.deleteVm(bosh, 'gone, its disk still attached; the disk stays'),
      steps.createVm(bosh, stemcell),
      steps.setVmMetadata(bosh, metadata),
      steps.attachDisk(bosh),
      steps.setDiskMetadata(bosh, metadata),
    ]),
    remove: phase('bosh delete-env', 'nothing may be left over', [
      steps.hasVm(bosh, true),
      steps.deleteVm(bosh, 'gone, its disk still attached; the disk stays'),
      steps.onDisk('delete_disk', bosh, 'gone'),
      steps.deleteStemcell(stemcell),
    ]),
  };
}

const metadata: JsonObject = { director: 'bosh-init', deployment: 'tour', instance_group: 'bosh' };
