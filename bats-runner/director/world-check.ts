import type { CloudPublicAddress, CloudView, CloudVm, CloudVolume } from '../cloud/cloud-view.js';
import type { Ledger, OwnedVm } from './ledger.js';

/** One thing that must hold in the cloud, and what is wrong if it does not. */
export interface Finding {
  readonly claim: string;
  readonly problem: string | undefined;
}

/**
 * Compares what the callers own with what the cloud holds: every VM runs at its addresses with
 * its ephemeral disk, every disk is attached where it should be, every stemcell is ready, and
 * nothing else is there but what was there `before`.
 */
export function checkWorld(ledger: Ledger, view: CloudView, before: CloudView): Finding[] {
  return [
    ...[...ledger.vms].map(([cid, vm]) => checkVm(cid, vm, ledger, view)),
    ...[...ledger.vms].flatMap(([cid, vm]) =>
      vm.publicAddresses.map((address) => checkPublicAddress(cid, address, view)),
    ),
    ...[...ledger.disks].map(([cid, { attachedTo }]) => checkDisk(cid, attachedTo, view)),
    ...[...ledger.stemcells].map((cid) => checkStemcell(cid, view)),
    checkLeftovers(ledger, view, before),
  ];
}

/** The problems of all findings. */
export function problemsOf(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
}

function checkVm(cid: string, owned: OwnedVm, ledger: Ledger, view: CloudView): Finding {
  const at = owned.addresses.length > 0 ? ` at ${owned.addresses.join(', ')}` : '';
  const ephemeral = owned.ephemeralDisks > 0 ? ' with its ephemeral disk' : '';
  return {
    claim: `VM ${cid} runs${at}${ephemeral}`,
    problem: vmProblem(cid, owned, ledger, view),
  };
}

function vmProblem(
  cid: string,
  owned: OwnedVm,
  ledger: Ledger,
  view: CloudView,
): string | undefined {
  const vm = view.vms.find(({ id }) => id === cid);
  if (vm === undefined) return `VM ${cid} is not there`;
  if (vm.state !== 'Running') return `VM ${cid} is in state ${vm.state}, not Running`;
  const missing = owned.addresses.filter((address) => !vm.addresses.includes(address));
  if (missing.length > 0) {
    return `VM ${cid} has ${vm.addresses.join(', ')} and not ${missing.join(', ')}`;
  }
  const ephemeral = view.volumes.filter(
    (volume) => volume.type === 'DATADISK' && volume.vmId === cid && !ledger.disks.has(volume.id),
  );
  if (ephemeral.length === owned.ephemeralDisks) return undefined;
  return `VM ${cid} has ${ephemeral.length} ephemeral disks, not ${owned.ephemeralDisks}`;
}

function checkPublicAddress(cid: string, address: string, view: CloudView): Finding {
  const found = view.publicAddresses.find((item) => item.address === address);
  const actual = found?.vmId ?? (found === undefined ? 'nobody' : 'no VM');
  return {
    claim: `public address ${address} leads to VM ${cid}`,
    problem:
      actual === cid ? undefined : `public address ${address} leads to ${actual}, not VM ${cid}`,
  };
}

function checkDisk(cid: string, attachedTo: string | undefined, view: CloudView): Finding {
  const place = attachedTo === undefined ? 'no VM' : `VM ${attachedTo}`;
  const claim = `disk ${cid} is attached to ${place}`;
  const volume = view.volumes.find(({ id }) => id === cid);
  if (volume === undefined) return { claim, problem: `disk ${cid} is not there` };
  if (volume.vmId === attachedTo) return { claim, problem: undefined };
  const actual = volume.vmId === undefined ? 'no VM' : `VM ${volume.vmId}`;
  return { claim, problem: `disk ${cid} is attached to ${actual}, not to ${place}` };
}

function checkStemcell(cid: string, view: CloudView): Finding {
  const template = view.templates.find(({ id }) => id === cid);
  const problem =
    template === undefined
      ? `stemcell ${cid} is not there`
      : template.isReady
        ? undefined
        : `stemcell ${cid} is not ready`;
  return { claim: `stemcell ${cid} is ready`, problem };
}

function checkLeftovers(ledger: Ledger, view: CloudView, before: CloudView): Finding {
  const known = new Set(
    [...before.vms, ...before.volumes, ...before.templates, ...before.publicAddresses].map(
      ({ id }) => id,
    ),
  );
  const isNew = ({ id }: { id: string }): boolean => !known.has(id);
  const leftovers = [
    ...view.vms
      .filter((vm) => isNew(vm) && isAlive(vm) && !ledger.vms.has(vm.id))
      .map(({ id, name, state }) => `VM ${id} (${name}, ${state})`),
    ...view.volumes
      .filter((volume) => isNew(volume) && isStrayVolume(volume, ledger))
      .map(({ id, name, state }) => `volume ${id} (${name}, ${state})`),
    ...view.templates
      .filter((template) => isNew(template) && !ledger.stemcells.has(template.id))
      .map(({ id, name }) => `template ${id} (${name})`),
    ...view.publicAddresses
      .filter((address) => isNew(address) && !isWanted(address, ledger))
      .map(({ id, address }) => `public address ${address} (${id})`),
  ];
  return {
    claim: 'nothing else is there',
    problem: leftovers.length === 0 ? undefined : `left over: ${leftovers.join(', ')}`,
  };
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
  return [...ledger.vms.values()].some((vm) => vm.publicAddresses.includes(address));
}
