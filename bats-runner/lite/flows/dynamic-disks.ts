import { cidIn } from '../cpi-calls.js';
import type { LiteDirector } from '../lite-director.js';
import type { DiskPlan, Instance } from '../records.js';

/** A disk that a workload asked the Director for. */
export interface DynamicDisk extends DiskPlan {
  readonly name: string;
  readonly cid: string;
}

/** Makes a disk and attaches it, all in one errand (provide_dynamic_disk.rb). */
export async function provideDynamicDisk(
  director: LiteDirector,
  { deployment, instance }: { deployment: string; instance: Instance },
  { name, metadata, ...plan }: DiskPlan & { name: string; metadata: Record<string, string> },
): Promise<DynamicDisk> {
  const vm = vmCidOf(instance);
  const { sizeMib, properties } = plan;
  const cloud = await director.cloud();
  const cid = cidIn(await cloud.call('create_disk', [sizeMib, { ...properties, name }, vm]));
  await cloud.call('attach_disk', [vm, cid]);
  const of = { director: director.settings.name, deployment };
  await cloud.call('set_disk_metadata', [cid, { ...metadata, ...of }]);
  return { ...plan, name, cid };
}

/** Detaches it; here the CPI must not say that it is not attached (detach_dynamic_disk_step.rb). */
export async function detachDynamicDisk(
  director: LiteDirector,
  instance: Instance,
  { cid }: DynamicDisk,
): Promise<void> {
  const cloud = await director.cloud(instance.vm?.spec.stemcell);
  await cloud.call('detach_disk', [vmCidOf(instance), cid]);
}

/** Deletes it, if the CPI still has it (delete_dynamic_disk.rb). */
export async function deleteDynamicDisk(
  director: LiteDirector,
  { cid }: DynamicDisk,
): Promise<void> {
  const cloud = await director.cloud();
  if ((await cloud.call('has_disk', [cid])) === true) await cloud.call('delete_disk', [cid]);
}

function vmCidOf({ group, vm }: Instance): string {
  if (vm !== undefined) return vm.cid;
  throw new Error(`instance ${group} has no VM`);
}
