// By recorded scenario: what had to be there before, and what the operator then did.
import assert from 'node:assert/strict';
import { cloudCheck, findProblems } from '../../../bats-runner/lite/flows/cloud-check.js';
import { createEnv, deleteEnv } from '../../../bats-runner/lite/flows/create-env.js';
import { deleteDeployment, deploy, recreate } from '../../../bats-runner/lite/flows/deploy.js';
import {
  deleteDynamicDisk,
  detachDynamicDisk,
  provideDynamicDisk,
} from '../../../bats-runner/lite/flows/dynamic-disks.js';
import {
  adoptOrphan,
  deleteOrphan,
  orphanByOperator,
} from '../../../bats-runner/lite/flows/orphaned-disks.js';
import {
  deleteSnapshot,
  deleteSnapshots,
  takeSnapshot,
} from '../../../bats-runner/lite/flows/snapshots.js';
import { changeState } from '../../../bats-runner/lite/flows/stop-start.js';
import { deleteStemcell, uploadStemcell } from '../../../bats-runner/lite/flows/upload-stemcell.js';
import type { DirectorSettings } from '../../../bats-runner/lite/lite-director.js';
import { archive, compiling, disk, envManifest, smallDb, type Rig } from './rig.js';

export interface RecordedFlow {
  /** The API versions in which it is so; all unless given. */
  readonly versions?: readonly number[];
  readonly settings?: Partial<DirectorSettings>;
  /** Before the recording begins. */
  readonly given?: (rig: Rig) => Promise<unknown>;
  readonly when: (rig: Rig) => Promise<unknown>;
}

/** Work that ends with an error, as the recorded command did. */
async function fails(work: Promise<unknown>): Promise<void> {
  await assert.rejects(work);
}

const withDb = async (rig: Rig): Promise<unknown> => deploy(rig.director, await rig.db());
const withSimple = async (rig: Rig): Promise<unknown> => deploy(rig.director, await rig.simple());
const withEnv = (rig: Rig): Promise<unknown> => createEnv(rig.cli, envManifest(disk(1024)));

/** Whether something is gone the recorded answers tell. */
const check =
  (resolution: Parameters<typeof cloudCheck>[2], deployment = 'db'): RecordedFlow['when'] =>
  (rig) =>
    cloudCheck(rig.director, deployment, resolution);

const silenced =
  (deployment: string) =>
  async (rig: Rig): Promise<void> => {
    await (deployment === 'db' ? withDb(rig) : withSimple(rig));
    rig.silence(deployment);
  };

const unmounted = async (rig: Rig): Promise<void> => {
  await withDb(rig);
  rig.instance('db').disks[0]!.isMounted = false;
};

const redeployDb = async (rig: Rig): Promise<unknown> => deploy(rig.director, await rig.db());

/** A recreation of `simple` that fails, and the deployment after it. */
const recreateThenDeploy: RecordedFlow['when'] = async (rig) => {
  await fails(recreate(rig.director, 'simple'));
  await withSimple(rig);
};

/** A recreation of `db` that fails, and the deployment after it. */
const recreateThenFix: RecordedFlow['when'] = async (rig) => {
  await fails(recreate(rig.director, 'db'));
  await deploy(rig.director, await rig.db(), { isFixing: true });
};

const changedDisk = (
  sizeMib: number,
  offering?: string,
  settings: Partial<DirectorSettings> = {},
  given: RecordedFlow['when'] = withDb,
): RecordedFlow => ({
  settings,
  given,
  when: async (rig) => deploy(rig.director, await rig.db({ disks: [disk(sizeMib, offering)] })),
});

const withDisk =
  (sizeMib: number, offering?: string): RecordedFlow['when'] =>
  async (rig) =>
    deploy(rig.director, await rig.db({ disks: [disk(sizeMib, offering)] }));

export const recordedFlows: Readonly<Record<string, RecordedFlow>> = {
  'upload-stemcell': {
    when: async ({ director }) => {
      await uploadStemcell(director, archive('1.1', 3));
      await uploadStemcell(director, archive('1.1', 3));
      await uploadStemcell(director, archive('1.1', 3), { isFix: true });
      await uploadStemcell(director, archive('0.9'));
      await uploadStemcell(director, archive('1.2', 3));
    },
  },
  'deploy-simple': {
    given: (rig) => rig.stemcell(),
    when: async (rig) => deploy(rig.director, await rig.simple(compiling('10.244.0.101'))),
  },
  'redeploy-noop': { given: withSimple, when: withSimple },
  'deploy-static-ip-disk': { given: (rig) => rig.stemcell(), when: withDb },
  'recreate-static-ip-disk': { given: withDb, when: (rig) => recreate(rig.director, 'db') },
  'restart-stop-start': {
    given: withDb,
    when: async ({ director }) => {
      await changeState(director, 'db', 'restart');
      await changeState(director, 'db', 'stop');
      await changeState(director, 'db', 'start');
    },
  },
  'stop-hard-start': {
    given: withDb,
    when: async ({ director }) => {
      await changeState(director, 'db', 'stop --hard');
      await changeState(director, 'db', 'start');
    },
  },
  'disk-resize-by-copy': changedDisk(2048),
  'disk-type-change': changedDisk(2048, 'custom-ssd', {}, withDisk(2048)),
  'disk-resize-on-recreate': {
    given: withDisk(2048, 'custom-ssd'),
    when: async (rig) => deploy(rig.director, await rig.db(), { isRecreating: true }),
  },
  'recreate-persistent-disks': {
    given: withDb,
    when: async (rig) => deploy(rig.director, await rig.db(), { isReplacingDisks: true }),
  },
  snapshots: {
    given: withDb,
    when: async ({ director }) => {
      await takeSnapshot(director, 'db');
      await takeSnapshot(director, 'db');
      const [first] = director.instance('db', 'db').disks[0]!.snapshots;
      await deleteSnapshot(director, first!);
      await deleteSnapshots(director, 'db');
    },
  },
  'disk-orphan-attach-delete': {
    // A disk that was replaced while it had a snapshot.
    given: async (rig) => {
      await withDb(rig);
      await deploy(rig.director, await rig.db(), { isReplacingDisks: true });
    },
    when: async (rig) => {
      const { director } = rig;
      const [old] = director.orphanedDisks;
      await changeState(director, 'db', 'stop');
      await changeState(director, 'db', 'stop --hard');
      const instance = rig.instance('db');
      const { cid } = instance.disks[0]!;
      orphanByOperator(director, instance, cid);
      adoptOrphan(director, instance, cid);
      await changeState(director, 'db', 'start');
      await deleteOrphan(director, old!.cid);
    },
  },
  'cck-missing-vm': {
    given: silenced('db'),
    when: async (rig) => {
      await findProblems(rig.director, 'db');
      await cloudCheck(rig.director, 'db', 'recreate_vm');
    },
  },
  'cck-unresponsive-reboot': { given: silenced('db'), when: check('reboot_vm') },
  'cck-unresponsive-recreate': { given: silenced('db'), when: check('recreate_vm') },
  'cck-unresponsive-delete-vm': {
    given: silenced('simple'),
    when: async (rig) => {
      await cloudCheck(rig.director, 'simple', 'delete_vm');
      await withSimple(rig);
    },
  },
  'cck-mount-mismatch-reattach': {
    given: unmounted,
    when: async (rig) => {
      await findProblems(rig.director, 'db');
      await cloudCheck(rig.director, 'db', 'reattach_disk');
    },
  },
  'cck-mount-mismatch-reattach-reboot': {
    given: unmounted,
    when: check('reattach_disk_and_reboot'),
  },
  'cck-missing-disk': {
    given: withDb,
    when: async (rig) => {
      await cloudCheck(rig.director, 'db', 'delete_disk_reference');
      await redeployDb(rig);
    },
  },
  'deploy-fix-unresponsive': {
    given: silenced('db'),
    when: async (rig) => deploy(rig.director, await rig.db(), { isFixing: true }),
  },
  'stemcell-upgrade': {
    given: async (rig) => {
      await withDb(rig);
      await rig.stemcell('1.2');
    },
    when: async (rig) => {
      const stemcell = await rig.stemcell('1.2');
      await deploy(rig.director, await rig.db({}, { stemcell, ...compiling('10.244.0.103') }));
      await redeployDb(rig);
    },
  },
  'change-vm-type': {
    given: withDb,
    when: async (rig) => {
      await deploy(rig.director, await rig.db({ properties: smallDb }));
      await redeployDb(rig);
    },
  },
  'fault-create-vm-retry': {
    given: withSimple,
    when: (rig) => recreate(rig.director, 'simple'),
  },
  'fault-create-vm-no-retry': { given: withSimple, when: recreateThenDeploy },
  'fault-create-vm-clouderror': { given: withSimple, when: recreateThenDeploy },
  'fault-unresponsive-new-vm': {
    given: withSimple,
    when: async (rig) => {
      rig.agents.areSilent = true;
      await fails(recreate(rig.director, 'simple'));
      rig.agents.areSilent = false;
      await deploy(rig.director, await rig.simple(), { isFixing: true });
    },
  },
  'fault-attach-disk': { given: withDb, when: recreateThenFix },
  'fault-delete-vm-notfound': {
    given: withSimple,
    when: (rig) => recreate(rig.director, 'simple'),
  },
  'fault-detach-disk-not-attached': {
    // In version 1 the agent was told by the registry alone, and lists the disk as before.
    versions: [2, 3],
    given: withDb,
    when: recreateThenFix,
  },
  'fault-metadata-not-implemented': {
    given: withDb,
    when: async (rig) => {
      await recreate(rig.director, 'db');
      await takeSnapshot(rig.director, 'db');
    },
  },
  'dynamic-disks': {
    given: withSimple,
    when: async (rig) => {
      const instance = rig.instance('simple');
      const of = { deployment: 'simple', instance };
      const wish = { ...disk(1024), name: 'dyn-1', metadata: { k: 'v' } };
      const provided = await provideDynamicDisk(rig.director, of, wish);
      await detachDynamicDisk(rig.director, instance, provided);
      await deleteDynamicDisk(rig.director, provided);
    },
  },
  'delete-deployment-with-disk': {
    given: withDb,
    when: ({ director }) => deleteDeployment(director, 'db'),
  },
  'delete-stemcell': {
    given: (rig) => rig.stemcell('1.2'),
    when: async ({ director }) => {
      const wish = { isFix: true };
      await deleteStemcell(director, await uploadStemcell(director, archive('1.2', 3), wish));
    },
  },
  'disk-resize-native': {
    settings: { resizesDisks: true },
    given: (rig) => rig.stemcell(),
    when: async (rig) => {
      await deploy(rig.director, await rig.db({}, compiling('10.244.0.100')));
      await withDisk(2048)(rig);
    },
  },
  'disk-resize-native-not-implemented': changedDisk(
    4096,
    undefined,
    { resizesDisks: true },
    withDisk(2048),
  ),
  'disk-resize-native-not-supported': changedDisk(
    8192,
    undefined,
    { resizesDisks: true },
    withDisk(4096),
  ),
  'disk-update-native-not-implemented': changedDisk(2048, 'custom-ssd', { updatesDisks: true }),
  'multiple-persistent-disks': {
    given: (rig) => rig.stemcell(),
    when: async (rig) => {
      await deploy(rig.director, await rig.multidisk());
      await recreate(rig.director, 'multidisk');
      await deleteDeployment(rig.director, 'multidisk');
    },
  },
  'upload-stemcell-no-api-version': {
    when: async (rig) => {
      const stemcell = await uploadStemcell(rig.director, archive('0.9'));
      await deploy(rig.director, await rig.simple({ stemcell, ...compiling('10.244.0.101') }));
      await deleteDeployment(rig.director, 'simple');
    },
  },
  'create-env': { when: withEnv },
  'create-env-noop': { given: withEnv, when: withEnv },
  'create-env-recreate': {
    given: withEnv,
    when: ({ cli }) => createEnv(cli, envManifest(disk(1024)), { isRecreating: true }),
  },
  'create-env-disk-resize': {
    given: withEnv,
    when: ({ cli }) => createEnv(cli, envManifest(disk(2048), { rootDiskMib: 20_480 })),
  },
  'create-env-stemcell-upgrade': {
    given: ({ cli }) => createEnv(cli, envManifest(disk(2048), { rootDiskMib: 20_480 })),
    when: ({ cli }) =>
      createEnv(cli, envManifest(disk(2048), { rootDiskMib: 20_480, version: '1.2' })),
  },
  'create-env-disk-type-change': {
    given: ({ cli }) => createEnv(cli, envManifest(disk(2048), { rootDiskMib: 20_480 })),
    when: ({ cli }) =>
      createEnv(cli, envManifest(disk(2048, 'custom-ssd'), { rootDiskMib: 20_480 })),
  },
  'create-env-recreate-persistent-disks': {
    given: ({ cli }) =>
      createEnv(cli, envManifest(disk(2048, 'custom-ssd'), { rootDiskMib: 20_480 })),
    when: ({ cli }) =>
      createEnv(cli, envManifest(disk(2048, 'custom-ssd'), { rootDiskMib: 20_480 }), {
        isReplacingDisks: true,
      }),
  },
  'delete-env': {
    given: withEnv,
    when: ({ cli }) => deleteEnv(cli, envManifest(disk(1024))),
  },
  'create-env-fault-create-vm': {
    when: async (rig) => {
      await fails(withEnv(rig));
      await withEnv(rig);
      await deleteEnv(rig.cli, envManifest(disk(1024)));
    },
  },
};

/** Scenarios that no flow here stands for; and why. */
export const withoutFlow: Readonly<Record<string, string>> = {
  'stop-start-env': 'the CLI asks the CPI for nothing',
  'deploy-multi-nic-dynamic-vip': 'several threads at once: their order differs from run to run',
  'delete-deployments': 'several threads at once: their order differs from run to run',
  'cpi-config': 'several threads at once; the stemcells before that are compared by themselves',
  'errand-vm-resources': 'a VM for an errand is made and deleted as one that compiles',
  'delete-vm': 'the Director tells twice of a VM that an operator has deleted by its CID',
  'managed-network': 'networks that the Director makes are cases of the contract (NET-21)',
};
