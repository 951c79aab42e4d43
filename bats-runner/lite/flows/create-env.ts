import type { JsonObject, JsonValue } from '../../json.js';
import { AgentSilent } from '../agents.js';
import { cidIn, tolerating } from '../cpi-calls.js';
import type { LiteCli } from '../lite-cli.js';
import type { DiskPlan, VmPlan } from '../records.js';
import type { StemcellArchive } from './upload-stemcell.js';

/** What a manifest for `bosh create-env` says. */
export interface EnvManifest extends VmPlan {
  readonly name: string;
  /** Its one instance group. */
  readonly group: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly stemcell: StemcellArchive & { readonly apiVersion: number };
  readonly env: JsonObject;
  readonly disk: DiskPlan;
}

export interface CreateEnvWishes {
  /** `--recreate` */
  readonly isRecreating?: boolean;
  /** `--recreate-persistent-disks` */
  readonly isReplacingDisks?: boolean;
}

/** One run of `create-env`. */
interface Run {
  readonly cli: LiteCli;
  readonly manifest: EnvManifest;
  readonly call: (method: string, args: readonly JsonValue[]) => Promise<JsonValue>;
  readonly isReplacingDisks: boolean;
}

/**
 * `bosh create-env` (deployer.go, deployment_preparer.go): a stemcell that is not there yet, then a
 * VM in the place of the one that there was, with the same disk, or with a copy of it if another is
 * wanted. What is left of earlier runs goes in the end. Without any change it does nothing.
 */
export async function createEnv(
  cli: LiteCli,
  manifest: EnvManifest,
  { isRecreating = false, isReplacingDisks = false }: CreateEnvWishes = {},
): Promise<void> {
  const { state } = cli;
  const told = JSON.stringify(manifest);
  if (state.manifest === told && !isRecreating && !isReplacingDisks) return;
  const { apiVersion } = manifest.stemcell;
  await cli.checkVersion(apiVersion);
  const call: Run['call'] = (method, args) => cli.call(method, args, apiVersion);
  const run: Run = { cli, manifest, call, isReplacingDisks };
  const stemcellCid = await uploadedStemcell(run);
  await removeVm(run);
  await createVm(run, stemcellCid);
  await bringDisk(run);
  await deleteUnusedDisks(run);
  await deleteUnusedStemcells(run, stemcellCid);
  state.manifest = told;
}

async function uploadedStemcell({ cli, manifest, call }: Run): Promise<string> {
  const { name, version, imagePath, properties } = manifest.stemcell;
  const key = `${name}/${version}`;
  const known = cli.state.stemcells.find((stemcell) => stemcell.key === key);
  if (known !== undefined) return known.cid;
  const cid = cidIn(await call('create_stemcell', [imagePath, properties]));
  cli.state.stemcells.push({ key, cid });
  return cid;
}

/** The VM is deleted also when it is not there; its disk stays attached until then. */
async function removeVm({ cli, call }: Pick<Run, 'cli' | 'call'>): Promise<void> {
  const { vmCid } = cli.state;
  if (vmCid === undefined) return;
  await call('has_vm', [vmCid]);
  await tolerating(['VMNotFound'], () => call('delete_vm', [vmCid]));
  cli.state.vmCid = undefined;
}

async function createVm({ cli, manifest, call }: Run, stemcellCid: string): Promise<void> {
  const { properties, networks, env, tags, name, group } = manifest;
  const bosh = env['bosh'] as JsonObject | undefined;
  const all = { ...env, bosh: { ...bosh, ...(tags !== undefined && { tags: { ...tags } }) } };
  const args = [cli.newId(), stemcellCid, properties, networks, cli.toldDisks, all];
  const cid = cidIn(await call('create_vm', args));
  cli.state.vmCid = cid;
  const metadata = {
    ...tags,
    deployment: name,
    job: group,
    instance_group: group,
    index: '0',
    director: 'bosh-init',
    name: `${group}/0`,
    created_at: cli.now(),
  };
  await tolerating(['NotImplemented'], () => call('set_vm_metadata', [cid, metadata]));
  if (!cli.agents.answers(cid)) throw new AgentSilent(cid);
}

async function bringDisk(run: Run): Promise<void> {
  const { cli, manifest, isReplacingDisks, call } = run;
  const { state } = cli;
  const current = state.disks.find(({ cid }) => cid === state.currentDisk);
  if (current === undefined) {
    state.currentDisk = await addDisk(run);
    return;
  }
  await attachDisk(run, current.cid);
  if (!isReplacingDisks && isSame(current, manifest.disk)) return;
  const copy = await addDisk(run);
  await cli.agents.migrate(vmCidOf(cli), current.cid, copy);
  state.currentDisk = copy;
  await call('detach_disk', [vmCidOf(cli), current.cid]);
}

async function addDisk(run: Run): Promise<string> {
  const { sizeMib, properties } = run.manifest.disk;
  const cid = cidIn(await run.call('create_disk', [sizeMib, properties, vmCidOf(run.cli)]));
  run.cli.state.disks.push({ cid, sizeMib, properties });
  await attachDisk(run, cid);
  return cid;
}

async function attachDisk({ cli, manifest, call }: Run, diskCid: string): Promise<void> {
  const { name, group, tags } = manifest;
  const hint = await call('attach_disk', [vmCidOf(cli), diskCid]);
  const metadata = {
    ...tags,
    deployment: name,
    director: 'bosh-init',
    instance_group: group,
    instance_index: '0',
    attached_at: cli.now(),
  };
  await tolerating(['NotImplemented'], () => call('set_disk_metadata', [diskCid, metadata]));
  await cli.agents.mount(vmCidOf(cli), diskCid, hint);
}

async function deleteUnusedDisks({ cli: { state }, call }: Run): Promise<void> {
  for (const { cid } of state.disks.filter((disk) => disk.cid !== state.currentDisk)) {
    await tolerating(['DiskNotFound'], () => call('delete_disk', [cid]));
    state.disks = state.disks.filter((disk) => disk.cid !== cid);
  }
}

async function deleteUnusedStemcells(
  { cli: { state }, call }: Pick<Run, 'cli' | 'call'>,
  usedCid: string | undefined,
): Promise<void> {
  for (const { cid } of state.stemcells.filter((stemcell) => stemcell.cid !== usedCid)) {
    await tolerating(['StemcellNotFound'], () => call('delete_stemcell', [cid]));
    state.stemcells = state.stemcells.filter((stemcell) => stemcell.cid !== cid);
  }
}

/**
 * `bosh delete-env`: the VM with its disk attached, then the disk, then the stemcell; what is gone
 * already is skipped.
 */
export async function deleteEnv(cli: LiteCli, { stemcell }: EnvManifest): Promise<void> {
  const { state } = cli;
  const call: Run['call'] = (method, args) => cli.call(method, args, stemcell.apiVersion);
  await removeVm({ cli, call });
  for (const { cid } of [...state.disks]) {
    await tolerating(['DiskNotFound'], () => call('delete_disk', [cid]));
  }
  state.disks = [];
  state.currentDisk = undefined;
  await deleteUnusedStemcells({ cli, call }, undefined);
  state.manifest = undefined;
}

function isSame(disk: DiskPlan, plan: DiskPlan): boolean {
  return (
    disk.sizeMib === plan.sizeMib &&
    JSON.stringify(disk.properties) === JSON.stringify(plan.properties)
  );
}

function vmCidOf({ state: { vmCid } }: LiteCli): string {
  if (vmCid !== undefined) return vmCid;
  throw new Error('there is no VM');
}
