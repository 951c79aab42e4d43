import type {
  CloudLoadBalancer,
  CloudPublicAddress,
  CloudView,
  CloudVm,
  CloudVolume,
} from '../cloud/cloud-view.js';
import type { Ledger, OwnedVm } from './ledger.js';

/** What is in the cloud and neither in the ledger nor was there `before`, in words. */
export function findLeftovers(ledger: Ledger, view: CloudView, before: CloudView): string[] {
  const known = new Set(Object.values(before).flatMap((rows) => idsOf(rows as { id: string }[])));
  const isNew = ({ id }: { id: string }): boolean => !known.has(id);
  return [
    ...view.vms
      .filter((vm) => isNew(vm) && isAlive(vm) && !ledger.vms.has(vm.id))
      .map(({ id, name, state }) => `VM ${id} (${name}, ${state})`),
    ...view.volumes
      .filter((volume) => isNew(volume) && isStrayVolume(volume, ledger))
      .map(({ id, name, state }) => `volume ${id} (${name}, ${state})`),
    ...view.templates
      .filter((template) => isNew(template) && !ledger.stemcells.has(template.id))
      .map(({ id, name }) => `template ${id} (${name})`),
    ...view.snapshots
      .filter((snapshot) => isNew(snapshot) && !ledger.snapshots.has(snapshot.id))
      .map(({ id, name, state }) => `snapshot ${id} (${name}, ${state})`),
    ...view.networks
      .filter((network) => isNew(network) && !ledger.networks.has(network.id))
      .map(({ id, name }) => `network ${id} (${name})`),
    ...view.publicAddresses
      .filter((address) => isNew(address) && !isWanted(address, ledger))
      .map(({ id, address }) => `public address ${address} (${id})`),
    ...view.affinityGroups
      .filter(
        (group) => isNew(group) && !vmsOf(ledger).some((vm) => vm.affinityGroup === group.name),
      )
      .map(({ id, name }) => `affinity group ${name} (${id})`),
    ...view.loadBalancers
      .filter((rule) => isNew(rule) && !vmsOf(ledger).some((vm) => isBehind(vm, rule)))
      .map(({ id, name }) => `load balancer rule ${name} (${id})`),
  ];
}

function idsOf(rows: readonly { readonly id: string }[]): string[] {
  return rows.map(({ id }) => id);
}

/** A destroyed VM is gone for its owner; CloudStack expunges it, and its root volume, by itself. */
const deadStates: readonly (string | undefined)[] = ['Destroyed', 'Expunging'];

function isAlive(vm: CloudVm): boolean {
  return !deadStates.includes(vm.state);
}

function isStrayVolume(volume: CloudVolume, ledger: Ledger): boolean {
  if (ledger.disks.has(volume.id) || deadVolumeStates.includes(volume.state)) return false;
  if (volume.vmId !== undefined && ledger.vms.has(volume.vmId)) return false;
  return volume.type !== 'ROOT' || !deadStates.includes(volume.vmState);
}

const deadVolumeStates: readonly string[] = ['Destroy', 'Expunging', 'Expunged'];

function isWanted({ address }: CloudPublicAddress, ledger: Ledger): boolean {
  return vmsOf(ledger).some((vm) => vm.publicAddresses.includes(address));
}

function isBehind(vm: OwnedVm, rule: CloudLoadBalancer): boolean {
  return vm.loadBalancers.includes(rule.name);
}

function vmsOf({ vms }: Ledger): OwnedVm[] {
  return [...vms.values()];
}
