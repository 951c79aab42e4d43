import { forgetVm } from '../director/ledger.js';
import type { JsonObject } from '../json.js';
import type { Phase, Step } from './progress.js';
import { publishedImage } from './published-image.js';
import { askAsAgent } from './registry-agent.js';
import { cidOf, type Instance, type Made, type Steps } from './steps.js';

/** The life of a deployment as a Director leads it: `db` with a disk, `web` without. */
export function deploymentPhases(steps: Steps): Phase[] {
  const { stemcellServer, pause } = steps.tools;
  const stemcell: Made = { cid: '' };
  const compilation = instance('compilation', '10.203.6.30', small);
  const db = instance('db', '10.203.6.20', {
    compute_offering: 'm1.medium',
    disk: 10_240,
    ephemeral_disk_offering: 'ephemeral',
  });
  const web = instance('web', '10.203.6.21', small);
  const old = { ...instance('old', '10.203.6.22', small), disk: db.disk };
  const snapshots: Made[] = [];
  const phase = (command: string, purpose: string, own: readonly Step[]): Phase =>
    steps.phase('bosh-director', command, purpose, [...own, steps.cloudAgrees()]);
  return [
    phase('bosh upload-stemcell', 'CloudStack downloads its image from the server', [
      steps.createStemcell(stemcell, '1.1', [{ tags: {} }]),
      publishedImage(stemcellServer, pause),
    ]),
    phase('bosh deploy tour.yml', 'a VM that compiles, then db with a disk, and web', [
      steps.createVm(compilation, stemcell),
      steps.setVmMetadata(compilation, metadata),
      steps.setVmMetadata(compilation, { ...metadata, compiling: 'postgres' }),
      steps.deleteVm(compilation, 'gone'),
      steps.createVm(db, stemcell),
      steps.setVmMetadata(db, metadata),
      steps.createDisk(db, 10_240),
      steps.attachDisk(db),
      steps.setDiskMetadata(db, metadata),
      steps.createVm(web, stemcell),
      steps.setVmMetadata(web, metadata),
    ]),
    phase('bosh deploy larger-disk.yml', 'the disk of db grows in place, after a snapshot', [
      snapshotDisk(steps, db, snapshots),
      steps.detachDisk(db),
      steps.onDisk('resize_disk', db, '20 GiB now', 20_480),
      steps.attachDisk(db),
      steps.setDiskMetadata(db, metadata),
    ]),
    phase('bosh cloud-check', 'the VM of db is lost; a new one takes its place', [
      loseVm(steps, db),
      steps.hasVm(db, false),
      hasDisk(steps, db),
      steps.deleteVm(db, 'nothing is left of it'),
      steps.createVm(db, stemcell),
      steps.setVmMetadata(db, metadata),
      steps.attachDisk(db),
      steps.setDiskMetadata(db, metadata),
    ]),
    phase('bosh take-snapshot', 'of the disk of db', [snapshotDisk(steps, db, snapshots)]),
    phase('bosh delete-snapshots', 'both that there are', [
      deleteSnapshot(steps, snapshots, 0),
      deleteSnapshot(steps, snapshots, 1),
    ]),
    phase('bosh delete-deployment', 'the disk of db outlives it', [
      steps.deleteVm(db, 'gone, its disk still attached; the disk stays'),
      steps.deleteVm(web, 'gone'),
    ]),
    oldStemcellPhase(steps, old, stemcell),
    phase('bosh clean-up --all', 'what no deployment uses', [
      steps.onDisk('delete_disk', db, 'gone'),
      steps.deleteStemcell(stemcell),
    ]),
  ];
}

const metadata: JsonObject = { director: 'tour-director', deployment: 'tour' };
const small: JsonObject = { compute_offering: 'm1.small' };

function instance(group: string, address: string, properties: JsonObject): Instance {
  return { group, address, properties, vm: { cid: '' }, disk: { cid: '' } };
}

function oldStemcellPhase(steps: Steps, old: Instance, stemcell: Made): Phase {
  return steps.phase(
    'bosh-director',
    'bosh deploy old-stemcell.yml',
    'its agent asks the registry for its settings',
    [
      steps.createVm(old, stemcell),
      steps.setVmMetadata(old, metadata),
      steps.attachDisk(old),
      agentKnowsDisk(steps, old),
      steps.cloudAgrees(),
      steps.detachDisk(old),
      steps.deleteVm(old, 'gone, and its settings with it'),
      steps.cloudAgrees(),
    ],
    1,
  );
}

function snapshotDisk(steps: Steps, { disk }: Instance, snapshots: Made[]): Step {
  return steps.call(
    'snapshot_disk',
    () => [disk.cid, { ...metadata, job: 'db', index: 0 }],
    (result) => {
      snapshots.push({ cid: cidOf(result) });
      return `snapshot ${cidOf(result)}`;
    },
  );
}

function deleteSnapshot(steps: Steps, snapshots: readonly Made[], position: number): Step {
  return steps.call(
    'delete_snapshot',
    () => [snapshots[position]?.cid ?? null],
    () => 'gone',
  );
}

function hasDisk(steps: Steps, { disk }: Instance): Step {
  return steps.call(
    'has_disk',
    () => [disk.cid],
    (result) => {
      if (result === true) return 'true';
      throw new Error(`has_disk says ${JSON.stringify(result)} of disk ${disk.cid}`);
    },
  );
}

function agentKnowsDisk(steps: Steps, { vm, disk }: Instance): Step {
  return {
    title: 'its agent',
    run: async () => {
      const { registry, disks } = await askAsAgent(steps.tools.control, vm.cid);
      if (!disks.includes(disk.cid)) throw new Error(`the registry tells it of ${disks.join()}`);
      return [`is told of disk ${disk.cid} by ${registry}`];
    },
  };
}

/** Not the Director's doing. */
function loseVm(steps: Steps, { vm, group }: Instance): Step {
  const { operator, session } = steps.tools;
  return {
    title: 'an operator',
    run: async () => {
      await operator.removeVm(vm.cid);
      forgetVm(session.ledger, vm.cid);
      return [`expunges VM ${vm.cid} of ${group}; the Director is not told`];
    },
  };
}
