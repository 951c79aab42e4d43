import type { CloudPublicAddress, CloudView, CloudVm, Tags } from '../cloud/cloud-view.js';
import type { JsonValue } from '../json.js';
import { findLeftovers } from './leftovers.js';
import type {
  Ledger,
  Metadata,
  OwnedDisk,
  OwnedSnapshot,
  OwnedStemcell,
  OwnedVm,
} from './ledger.js';

/** One thing that must hold in the cloud, and what is wrong if it does not. */
export interface Finding {
  readonly claim: string;
  readonly problem: string | undefined;
}

/**
 * Compares what the callers own with what the cloud holds: every VM runs in its networks at its
 * addresses with its ephemeral disk, every disk has its size and is attached where it should be,
 * every stemcell, snapshot and network is there, all with their metadata as tags, and nothing else is
 * there but what was there `before`.
 */
export function checkWorld(ledger: Ledger, view: CloudView, before: CloudView): Finding[] {
  const leftovers = findLeftovers(ledger, view, before);
  return [
    ...[...ledger.vms].map(([cid, vm]) => checkVm(cid, vm, ledger, view)),
    ...[...ledger.vms].flatMap(([cid, vm]) =>
      vm.publicAddresses.map((address) => checkPublicAddress(cid, address, view)),
    ),
    ...[...ledger.disks].map(([cid, disk]) => checkDisk(cid, disk, view)),
    ...[...ledger.snapshots].map(([cid, snapshot]) => checkSnapshot(cid, snapshot, view)),
    ...[...ledger.stemcells].map(([cid, stemcell]) => checkStemcell(cid, stemcell, view)),
    ...[...ledger.networks].map((cid) => checkNetwork(cid, view)),
    {
      claim: 'nothing else is there',
      problem: leftovers.length === 0 ? undefined : `left over: ${leftovers.join(', ')}`,
    },
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
  return (
    zoneProblem(vm, owned) ??
    addressProblem(vm, owned) ??
    networkProblem(vm, owned) ??
    ephemeralDiskProblem(vm, owned, ledger, view) ??
    affinityProblem(vm, owned) ??
    loadBalancerProblem(cid, owned, view) ??
    tagProblem(`VM ${cid}`, vm.tags, owned.metadata)
  );
}

function zoneProblem({ id, zone: actual }: CloudVm, { zone }: OwnedVm): string | undefined {
  if (zone === undefined || zone === actual) return undefined;
  return `VM ${id} is in zone ${actual}, not in ${zone}`;
}

function addressProblem({ id, nics }: CloudVm, { addresses }: OwnedVm): string | undefined {
  const actual = nics.map(({ address }) => address);
  const missing = addresses.filter((address) => !actual.includes(address));
  if (missing.length === 0) return undefined;
  return `VM ${id} has ${actual.join(', ')} and not ${missing.join(', ')}`;
}

/** Each network that was asked for has one NIC, and there are no others. */
function networkProblem({ id, nics }: CloudVm, { networks }: OwnedVm): string | undefined {
  const asked = new Set(networks);
  const missing = [...asked].filter(
    (network) =>
      !nics.some(({ networkId, networkName }) => [networkId, networkName].includes(network)),
  );
  if (missing.length === 0 && nics.length === asked.size) return undefined;
  const actual = nics.map(({ networkName }) => networkName).join(', ');
  return `VM ${id} has NICs in ${actual || 'no network'}, not in ${[...asked].join(', ')}`;
}

function ephemeralDiskProblem(
  { id }: CloudVm,
  { ephemeralDisks }: OwnedVm,
  ledger: Ledger,
  view: CloudView,
): string | undefined {
  const found = view.volumes.filter(
    (volume) => volume.type === 'DATADISK' && volume.vmId === id && !ledger.disks.has(volume.id),
  );
  if (found.length === ephemeralDisks) return undefined;
  return `VM ${id} has ${found.length} ephemeral disks, not ${ephemeralDisks}`;
}

function affinityProblem(
  { id, affinityGroups }: CloudVm,
  { affinityGroup }: OwnedVm,
): string | undefined {
  if (affinityGroup === undefined || affinityGroups.includes(affinityGroup)) return undefined;
  return `VM ${id} is not in the affinity group ${affinityGroup}`;
}

/** It gets connections from those load balancers that it asked for, and from no others. */
function loadBalancerProblem(
  cid: string,
  { loadBalancers }: OwnedVm,
  view: CloudView,
): string | undefined {
  const actual = view.loadBalancers
    .filter(({ vmIds }) => vmIds.includes(cid))
    .map(({ name }) => name);
  const [asked, found] = [loadBalancers, actual].map((names) => [...names].sort().join(', '));
  if (asked === found) return undefined;
  return `VM ${cid} is behind ${found || 'no load balancer'}, not behind ${asked || 'none'}`;
}

function checkPublicAddress(cid: string, address: string, view: CloudView): Finding {
  const actual = holderOf(view.publicAddresses.find((item) => item.address === address));
  return {
    claim: `public address ${address} leads to VM ${cid}`,
    problem:
      actual === cid ? undefined : `public address ${address} leads to ${actual}, not VM ${cid}`,
  };
}

function holderOf(found: CloudPublicAddress | undefined): string {
  return found?.vmId ?? (found === undefined ? 'nobody' : 'no VM');
}

function checkDisk(cid: string, owned: OwnedDisk, view: CloudView): Finding {
  const place = placeOf(owned.attachedTo);
  return {
    claim: `disk ${cid} of ${owned.sizeMib / 1024} GiB is attached to ${place}`,
    problem: diskProblem(cid, owned, view),
  };
}

function diskProblem(cid: string, owned: OwnedDisk, view: CloudView): string | undefined {
  const { attachedTo, sizeMib, diskOffering, metadata } = owned;
  const volume = view.volumes.find(({ id }) => id === cid);
  if (volume === undefined) return `disk ${cid} is not there`;
  if (volume.vmId !== attachedTo) {
    return `disk ${cid} is attached to ${placeOf(volume.vmId)}, not to ${placeOf(attachedTo)}`;
  }
  if (volume.sizeMib < sizeMib) return `disk ${cid} has ${volume.sizeMib} MiB, not ${sizeMib} MiB`;
  if (diskOffering !== undefined && volume.diskOffering !== diskOffering) {
    return `disk ${cid} is of the offering ${String(volume.diskOffering)}, not ${diskOffering}`;
  }
  return tagProblem(`disk ${cid}`, volume.tags, metadata);
}

function placeOf(vmCid: string | undefined): string {
  return vmCid === undefined ? 'no VM' : `VM ${vmCid}`;
}

function checkSnapshot(cid: string, { disk, metadata }: OwnedSnapshot, view: CloudView): Finding {
  const claim = `snapshot ${cid} of disk ${disk} is backed up`;
  const snapshot = view.snapshots.find(({ id }) => id === cid);
  if (snapshot === undefined) return { claim, problem: `snapshot ${cid} is not there` };
  const { state, volumeId, tags } = snapshot;
  if (state !== 'BackedUp') return { claim, problem: `snapshot ${cid} is in state ${state}` };
  if (volumeId !== disk) {
    return { claim, problem: `snapshot ${cid} is of volume ${String(volumeId)}, not ${disk}` };
  }
  return { claim, problem: tagProblem(`snapshot ${cid}`, tags, metadata) };
}

function checkStemcell(cid: string, { zone }: OwnedStemcell, view: CloudView): Finding {
  // One row for each zone that it was copied to.
  const templates = view.templates.filter(({ id }) => id === cid);
  const claim = `stemcell ${cid} is ready`;
  if (templates.length === 0) return { claim, problem: `stemcell ${cid} is not there` };
  if (!templates.every(({ isReady }) => isReady)) {
    return { claim, problem: `stemcell ${cid} is not ready` };
  }
  const zones = templates.map((template) => template.zone);
  if (zone === undefined || zones.includes(zone)) return { claim, problem: undefined };
  return { claim, problem: `stemcell ${cid} is in zone ${zones.join(', ')}, not in ${zone}` };
}

function checkNetwork(cid: string, view: CloudView): Finding {
  const isThere = view.networks.some(({ id }) => id === cid);
  return {
    claim: `network ${cid} is there`,
    problem: isThere ? undefined : `network ${cid} is not there`,
  };
}

/** Metadata are tags; what is no text is JSON in them. */
function tagProblem(owner: string, tags: Tags, metadata: Metadata): string | undefined {
  const wrong = [...metadata].find(([key, value]) => tags.get(key) !== tagText(value));
  if (wrong === undefined) return undefined;
  const [key, value] = wrong;
  const actual = tags.get(key);
  const found = actual === undefined ? 'no such tag' : `${key}=${actual}`;
  return `${owner} has ${found} where its metadata say ${key}=${tagText(value)}`;
}

function tagText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
