// What a Director has made before the call of a scenario, and how it is rid of what the call made.
import { manualNetwork, vmArguments, type VmVariation } from '../cpi/methods/vm-requests.js';
import type { CallOptions, CpiZone } from '../support/cpi-zone.js';

export const otherAgent = 'b0000000-0000-4000-8000-000000000002';

/** With its first VM a network takes an address for itself. */
export async function warmNetwork(zone: CpiZone): Promise<void> {
  const [vm] = await create(zone, {
    agentId: otherAgent,
    networks: { a: manualNetwork('10.203.6.50') },
  });
  await zone.result('delete_vm', [vm]);
}

export async function create(
  zone: CpiZone,
  variation: VmVariation,
  options?: CallOptions,
): Promise<[string]> {
  return (await zone.result('create_vm', vmArguments(variation), options)) as [string];
}

/** As a Director does it: metadata follow at once. */
export async function createVm(
  zone: CpiZone,
  variation: VmVariation = {},
  options?: CallOptions,
): Promise<[string]> {
  const [vm] = await create(zone, variation, options);
  await zone.result('set_vm_metadata', [vm, { director: 'd', name: 'web/0' }], options);
  return [vm];
}

export async function createDisk(zone: CpiZone, offering = 'shared.custom'): Promise<string> {
  return (await zone.result('create_disk', [1024, { disk_offering: offering }, null])) as string;
}

export async function attachedDisk(zone: CpiZone): Promise<[vm: string, disk: string]> {
  const [vm] = await createVm(zone);
  const disk = await createDisk(zone);
  await zone.result('attach_disk', [vm, disk]);
  return [vm, disk];
}

export function deleteBy(
  method: string,
  options?: CallOptions,
): (zone: CpiZone, result: unknown) => Promise<void> {
  return async (zone, result) => {
    // Some answer the id with more about it.
    await zone.result(method, [Array.isArray(result) ? result[0] : result], options);
  };
}
