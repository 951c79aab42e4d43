// What tests of affinity groups share: groups, and VMs in them, in worlds of few hosts.
import { advancedKvm } from '../../simulator/world/presets/advanced-kvm.js';
import type { WorldDescriptionInput } from '../../simulator/world/description/world-description.js';
import type { Reply, TestClient, TestWorld, Values } from './simulator-client.js';
import { deployed } from './simulator-vms.js';

/** The default world, with so many hosts, each of this size. */
export function worldOfHosts(count: number, memoryMib = 16_384): WorldDescriptionInput {
  const [zone] = advancedKvm.zones;
  const hosts = Array.from({ length: count }, (_, index) => ({
    name: `host${String(index + 1)}`,
    cpuCores: 8,
    memoryMib,
    localStorageGib: 500,
  }));
  const cluster = {
    name: 'cluster1',
    hypervisor: 'KVM' as const,
    hosts,
    pools: [{ name: 'primary1', sizeGib: 20_000 }],
  };
  return { ...advancedKvm, zones: [{ ...zone!, pods: [{ name: 'pod1', clusters: [cluster] }] }] };
}

/** Makes a group; answers its id. */
export function group(client: TestClient, name: string, type = 'host anti-affinity'): string {
  const { affinitygroup } = client.done('createAffinityGroup', { name, type });
  return (affinitygroup as Reply)['id'] as string;
}

/** Deploys a VM, which must succeed, and answers its id. */
export function member(
  world: TestWorld,
  client: TestClient,
  affinitygroupids: string,
  values: Values = {},
): string {
  return deployed(world, client, { affinitygroupids, ...values })['id'] as string;
}

/** The host on which a VM is, null where it is on none. */
export function hostOf({ simulator }: TestWorld, vmId: string): string | null {
  return simulator.world.vms.require(vmId).hostId;
}
