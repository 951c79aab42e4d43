// What the small Director and CLI do where no recording tells it: versions that they refuse, how often
// a VM is tried, disks that go from a manifest, orphans, and what is gone already.
import { expect, test } from '@playwright/test';
import { cloudCheck } from '../../../bats-runner/lite/flows/cloud-check.js';
import { createEnv, deleteEnv } from '../../../bats-runner/lite/flows/create-env.js';
import { deleteDeployment, deploy, recreate } from '../../../bats-runner/lite/flows/deploy.js';
import {
  adoptOrphan,
  cleanUp,
  orphanByOperator,
} from '../../../bats-runner/lite/flows/orphaned-disks.js';
import {
  deleteOrphanedVms,
  deleteUnknownVm,
} from '../../../bats-runner/lite/flows/orphaned-vms.js';
import { takeSnapshot } from '../../../bats-runner/lite/flows/snapshots.js';
import { changeState } from '../../../bats-runner/lite/flows/stop-start.js';
import { deleteStemcell, uploadStemcell } from '../../../bats-runner/lite/flows/upload-stemcell.js';
import { archive, disk, envManifest, privateNetwork, Rig } from './rig.js';

/** A Director with the deployment `db`, whose next calls count. */
async function deployed(...settings: ConstructorParameters<typeof Rig>): Promise<Rig> {
  const rig = new Rig(...settings);
  await deploy(rig.director, await rig.db());
  rig.standIn.begin();
  return rig;
}

const withoutSnapshots = { takesSnapshots: false };

test('a CPI that is too old is refused before it is asked for anything else', async () => {
  const rig = new Rig(2);
  await rig.stemcell();
  rig.standIn.answers.set('info', { result: { stemcell_formats: [] }, error: null });
  rig.standIn.begin();
  await expect(recreate(rig.director, 'db')).rejects.toThrow('there is no deployment db');
  await expect(deploy(rig.director, await rig.db())).rejects.toThrow(
    'the CPI speaks API version 1; the caller demands at least 2',
  );
  await expect(createEnv(rig.cli, envManifest(disk(1024)))).rejects.toThrow('demands at least 2');
  expect(rig.standIn.methods).toEqual([]);
});

test('callers speak the newest version that they and the CPI know', async () => {
  const rig = await deployed(3, { ...withoutSnapshots, versions: { least: 2, preferred: 2 } });
  await recreate(rig.director, 'db');
  await createEnv(rig.cli, envManifest(disk(1024)));
  const spoken = rig.standIn.sent
    .filter(({ request }) => request.method !== 'info')
    .map(({ request }) => request.api_version);
  expect(new Set(spoken)).toEqual(new Set([2]));
});

test('a VM is tried five times in the same words, and then the task fails', async () => {
  const rig = await deployed(2, withoutSnapshots);
  rig.standIn.fail('create_vm', 'VMCreationFailed', true);
  await expect(recreate(rig.director, 'db')).rejects.toThrow(
    /create_vm failed with VMCreationFail/,
  );
  const tries = rig.standIn.sent.filter(({ request }) => request.method === 'create_vm');
  expect(tries).toHaveLength(5);
  expect(new Set(tries.map(({ request }) => JSON.stringify(request.arguments))).size).toBe(1);
});

test('no other error is tried again, whatever it says', async () => {
  const rig = await deployed(2, withoutSnapshots);
  rig.standIn.fail('create_vm', 'CloudError', true);
  await expect(recreate(rig.director, 'db')).rejects.toThrow(/CloudError/);
  expect(rig.standIn.methods).toEqual(['detach_disk', 'delete_vm', 'create_vm']);
});

test('a VM of which the CPI cannot be told is deleted, and the task fails', async () => {
  const rig = await deployed(2, withoutSnapshots);
  rig.standIn.fail('set_vm_metadata', 'CloudError');
  await expect(recreate(rig.director, 'db')).rejects.toThrow(/set_vm_metadata failed/);
  expect(rig.standIn.methods.slice(-3)).toEqual(['create_vm', 'set_vm_metadata', 'delete_vm']);
  expect(rig.instance('db').vm).toBeUndefined();
});

test('the CID that update_disk answers is the one that is attached', async () => {
  const rig = await deployed(2, { ...withoutSnapshots, updatesDisks: true });
  rig.standIn.answers.set('update_disk', { result: 'another', error: null });
  await deploy(rig.director, await rig.db({ disks: [disk(1024, 'custom-ssd')] }));
  expect(rig.standIn.methods).toEqual([
    'detach_disk',
    'update_disk',
    'attach_disk',
    'set_disk_metadata',
  ]);
  expect(rig.standIn.sent.at(-1)?.request.arguments[0]).toBe('another');
  expect(rig.instance('db').disks).toMatchObject([
    { cid: 'another', properties: { disk_offering: 'custom-ssd' } },
  ]);
});

test('a disk that cannot be changed stays detached until the next deployment', async () => {
  const rig = await deployed(2, { ...withoutSnapshots, resizesDisks: true });
  rig.standIn.fail('resize_disk', 'CloudError');
  const larger = await rig.db({ disks: [disk(2048)] });
  await expect(deploy(rig.director, larger)).rejects.toThrow(/resize_disk failed/);
  rig.standIn.answers.clear();
  rig.standIn.begin();
  await deploy(rig.director, await rig.db());
  expect(rig.standIn.methods).toEqual(['attach_disk', 'set_disk_metadata']);
});

test('a disk that goes from the manifest is detached and kept', async () => {
  const rig = await deployed(2, withoutSnapshots);
  const [gone] = rig.instance('db').disks;
  await deploy(rig.director, await rig.db({ disks: [] }));
  expect(rig.standIn.methods).toEqual(['detach_disk']);
  expect(rig.director.orphanedDisks).toEqual([gone]);
});

test('an instance that goes from the manifest is deleted with its disk attached', async () => {
  const rig = await deployed(2, withoutSnapshots);
  const manifest = await rig.db();
  await deploy(rig.director, { ...manifest, groups: [] });
  expect(rig.standIn.methods).toEqual(['delete_vm']);
  expect(rig.director.orphanedDisks).toHaveLength(1);
});

test('clean-up deletes unused stemcells, then disks, each after its snapshots', async () => {
  const rig = await deployed(2);
  await deploy(rig.director, await rig.db({ disks: [] }));
  await rig.stemcell('1.2');
  rig.standIn.begin();
  await cleanUp(rig.director);
  expect(rig.standIn.methods).toEqual(['delete_stemcell', 'delete_snapshot', 'delete_disk']);
  expect(rig.director.orphanedDisks).toEqual([]);
  expect(rig.director.stemcells.map(({ version }) => version)).toEqual(['1.1']);
});

test('a stemcell in use is not deleted', async () => {
  const rig = await deployed(2);
  await expect(deleteStemcell(rig.director, await rig.stemcell())).rejects.toThrow(/is in use/);
  expect(rig.standIn.sent).toEqual([]);
});

test('a disk changes hands only where there is no VM, and then without a call', async () => {
  const rig = await deployed(2, withoutSnapshots);
  const instance = rig.instance('db');
  const { cid } = instance.disks[0]!;
  expect(() => orphanByOperator(rig.director, instance, cid)).toThrow(/stop it with --hard/);
  await changeState(rig.director, 'db', 'stop --hard');
  rig.standIn.begin();
  orphanByOperator(rig.director, instance, cid);
  adoptOrphan(rig.director, instance, cid);
  expect(() => adoptOrphan(rig.director, instance, cid)).toThrow(/no orphaned disk/);
  expect(rig.standIn.sent).toEqual([]);
});

test('a reference is deleted without a call; what is only looked at stays', async () => {
  const rig = await deployed(2);
  rig.silence('db');
  rig.standIn.answers.set('has_vm', { result: false, error: null });
  await cloudCheck(rig.director, 'db', 'ignore');
  expect(rig.instance('db').vm).toBeDefined();
  await cloudCheck(rig.director, 'db', 'delete_vm_reference');
  expect(rig.standIn.methods).toEqual(['has_vm', 'has_disk', 'has_vm', 'has_disk']);
  expect(rig.instance('db').vm).toBeUndefined();
});

test('an inactive disk becomes an orphan whatever detaching it answers, or is used', async () => {
  for (const [resolution, methods] of [
    ['delete_disk', ['has_disk', 'detach_disk']],
    ['activate_disk', ['has_disk']],
  ] as const) {
    const rig = await deployed(2);
    const inactive = rig.instance('db').disks[0]!;
    inactive.isActive = false;
    inactive.isMounted = resolution === 'activate_disk';
    rig.standIn.fail('detach_disk', 'CloudError');
    await cloudCheck(rig.director, 'db', resolution);
    expect(rig.standIn.methods).toEqual(methods);
    expect(rig.director.orphanedDisks).toHaveLength(resolution === 'delete_disk' ? 1 : 0);
    expect(inactive.isActive).toBe(resolution === 'activate_disk');
  }
});

const swapped = {
  strategy: 'create-swap-delete',
  networks: privateNetwork('10.244.0.21'),
} as const;

test('create-swap-delete makes the next VM first, moves the disk, and deletes the old VM later', async () => {
  const rig = await deployed(2, withoutSnapshots);
  const { vm: old, disks } = rig.instance('db');
  await deploy(rig.director, await rig.db(swapped));
  const { vm } = rig.instance('db');
  expect(rig.standIn.methods).toEqual([
    'create_vm',
    'set_vm_metadata',
    'detach_disk',
    'attach_disk',
    'set_disk_metadata',
  ]);
  const argumentsOf = (method: string): unknown[] =>
    rig.standIn.sent.find(({ request }) => request.method === method)!.request.arguments;
  expect(argumentsOf('create_vm')[4]).toEqual([disks[0]?.cid]);
  expect(argumentsOf('detach_disk')).toEqual([old?.cid, disks[0]?.cid]);
  expect(argumentsOf('attach_disk')).toEqual([vm?.cid, disks[0]?.cid]);
  expect(rig.director.agents.answers(old!.cid)).toBe(false);

  rig.standIn.begin();
  await deleteOrphanedVms(rig.director);
  const [info, deletion] = rig.standIn.sent;
  expect(deletion?.request).toMatchObject({ method: 'delete_vm', arguments: [old?.cid] });
  for (const sent of [info, deletion]) {
    expect(sent?.request.context).toMatchObject({ vm: { stemcell: { api_version: 3 } } });
  }
  await deleteOrphanedVms(rig.director);
  expect(rig.standIn.sent).toHaveLength(2);
});

test('where the next VM cannot be made the one that is there goes on, with its disk', async () => {
  const rig = await deployed(2, withoutSnapshots);
  const before = structuredClone({ ...rig.instance('db'), spec: undefined });
  rig.standIn.fail('create_vm', 'CloudError');
  await expect(deploy(rig.director, await rig.db(swapped))).rejects.toThrow(/create_vm failed/);
  expect({ ...rig.instance('db'), spec: undefined }).toEqual(before);
  expect(rig.director.orphanedVms).toEqual([]);
});

test('a VM of which the Director knows nothing is deleted as of a current stemcell', async () => {
  const rig = await deployed(2);
  rig.standIn.fail('delete_vm', 'VMNotFound');
  await deleteUnknownVm(rig.director, 'gone');
  expect(rig.standIn.sent.map(({ request }) => request.context)).toMatchObject([
    { vm: { stemcell: { api_version: 2 } } },
    { vm: { stemcell: { api_version: 2 } } },
  ]);
});

test('with a cpi-config every call says what its CPI is told, and no other one', async () => {
  const cpis = {
    a: { cloudstack: { default_zone: 'a' } },
    b: { cloudstack: { default_zone: 'b' } },
  };
  const rig = new Rig(2, { ...withoutSnapshots, cpis });
  const { director, standIn } = rig;
  const [first, second] = [
    await uploadStemcell(director, archive('1.1', 3), { cpi: 'a' }),
    await uploadStemcell(director, archive('1.1', 3), { cpi: 'b' }),
  ];
  const { groups, ...rest } = await rig.db({}, { stemcell: first });
  const web = { ...groups[0]!, name: 'web', stemcell: second };
  standIn.begin();
  for (const group of [...groups, web]) {
    const at = standIn.sent.length;
    await deploy(director, { ...rest, name: group.name, groups: [group] });
    await recreate(director, group.name);
    await takeSnapshot(director, group.name);
    await cloudCheck(director, group.name, 'ignore');
    await deleteDeployment(director, group.name);
    const zone = group.name === 'web' ? 'b' : 'a';
    const told = standIn.sent.slice(at).map(({ request }) => request.context['cloudstack']);
    expect(told.length).toBeGreaterThan(10);
    expect(new Set(told.map((properties) => JSON.stringify(properties)))).toEqual(
      new Set([`{"default_zone":"${zone}"}`]),
    );
  }
  const at = standIn.sent.length;
  await cleanUp(director);
  const deletions = standIn.sent.slice(at).filter(({ request }) => request.method !== 'info');
  expect(
    deletions.map(({ request: { method, context } }) => [method, context['cloudstack']]),
  ).toEqual(
    [
      ['delete_stemcell', 'a'],
      ['delete_stemcell', 'b'],
      ['delete_disk', 'a'],
      ['delete_disk', 'b'],
    ].map(([method, zone]) => [method, { default_zone: zone }]),
  );
  await expect(uploadStemcell(director, archive('1.2', 3), { cpi: 'c' })).rejects.toThrow(
    'the cpi-config has no CPI c',
  );
});

test('delete-env passes over what is gone already', async () => {
  const rig = new Rig(2);
  const manifest = envManifest(disk(1024));
  await createEnv(rig.cli, manifest);
  rig.standIn.begin();
  rig.standIn.fail('delete_vm', 'VMNotFound');
  rig.standIn.fail('delete_disk', 'DiskNotFound');
  rig.standIn.fail('delete_stemcell', 'StemcellNotFound');
  await deleteEnv(rig.cli, manifest);
  expect(rig.standIn.methods).toEqual(['has_vm', 'delete_vm', 'delete_disk', 'delete_stemcell']);
  expect(rig.cli.state).toMatchObject({ vmCid: undefined, disks: [], stemcells: [] });
});

test('delete-env that fails goes on where it was', async () => {
  const rig = new Rig(2);
  const manifest = envManifest(disk(1024));
  await createEnv(rig.cli, manifest);
  rig.standIn.fail('delete_disk', 'CloudError');
  await expect(deleteEnv(rig.cli, manifest)).rejects.toThrow(/delete_disk failed/);
  rig.standIn.answers.clear();
  rig.standIn.begin();
  await deleteEnv(rig.cli, manifest);
  expect(rig.standIn.methods).toEqual(['delete_disk', 'delete_stemcell']);
});
