import { totalOfHost, usedOfHost } from '../world/compute/capacity.js';
import type { HostRow } from '../world/entities.js';
import type { World } from '../world/world.js';
import { rowsMeant, timeText, type Explanation } from './explanation.js';
import { jobsAbout } from './jobs.js';
import { vmName, vmsText } from './vm.js';

/** Why hosts take VMs or do not, what is on them, and how much room is left. @throws NothingToExplain */
export function explainHost(world: World, idOrName: string): readonly Explanation[] {
  return rowsMeant(world.hosts, idOrName).map((host) => ({
    about: `host ${host.name} (${host.id})`,
    because:
      host.removedMs === null
        ? whyAsItIs(world, host)
        : [`It was removed at ${timeText(host.removedMs)}.`],
    rowIds: [host.id],
  }));
}

function whyAsItIs(world: World, host: HostRow): string[] {
  return [
    placeText(world, host),
    ...(host.up ? [] : ['It is down: nothing runs or starts on it.']),
    stateText(host),
    ...jobsAbout(world, host.id),
    ...evacuation(world, host),
    roomText(world, host),
    ...tagsText(host),
    ...localStorage(world, host),
    ...guests(world, host),
    ...routers(world, host),
  ];
}

function placeText(world: World, { clusterId, podId, zoneId }: HostRow): string {
  const cluster = world.clusters.require(clusterId);
  const pod = world.pods.require(podId).name;
  const zone = world.zones.require(zoneId).name;
  return `It is a ${cluster.hypervisor} host of cluster ${cluster.name}, pod ${pod}, zone ${zone}.`;
}

function stateText({ state }: HostRow): string {
  const cancel = 'cancelHostMaintenance makes it usable again';
  switch (state) {
    case 'Enabled':
      return 'It is Enabled: VMs may start on it.';
    case 'Disabled':
      return 'It is Disabled: what runs there goes on, nothing starts there until updateHost enables it.';
    case 'PrepareForMaintenance':
      return `It is PrepareForMaintenance: nothing starts on it, its VMs are to leave it, and every minute (ping.interval) CloudStack looks whether it is empty; ${cancel}.`;
    case 'ErrorInPrepareForMaintenance':
      return `It is ErrorInPrepareForMaintenance: some of its VMs could not leave it so far; ${cancel}.`;
    case 'Maintenance':
      return `It is in Maintenance: no VM is on it; ${cancel}.`;
    case 'ErrorInMaintenance':
      return `It is ErrorInMaintenance: CloudStack has given up emptying it; prepareHostForMaintenance tries again, ${cancel}.`;
  }
}

function evacuation(world: World, { evacuees }: HostRow): string[] {
  return Object.entries(evacuees).map(([vmId, tries]) => {
    const vm = vmName(world.vms.require(vmId));
    return tries === 0
      ? `${vm} is to leave it.`
      : `${vm} is to leave it, and has found no host so far (tries: ${tries}) of this cluster that is Enabled, has room, and reaches its volumes.`;
  });
}

function roomText(world: World, host: HostRow): string {
  if (host.full) {
    return 'All of it is taken, by others than the VMs of this world: a fault plan says so (capacity-gone).';
  }
  const [used, total] = [usedOfHost(world, host), totalOfHost(world, host)];
  const mib = (bytes: number): number => bytes / 1_024 ** 2;
  return (
    `Of its ${total.mhz} MHz (${host.cpuCores} cores of ${host.cpuMhz} MHz) ${total.mhz - used.mhz} are free, ` +
    `of its ${mib(total.bytes)} MiB of memory ${mib(total.bytes - used.bytes)}. A VM with more or faster cores never starts there.`
  );
}

function tagsText({ tags }: HostRow): string[] {
  if (tags.length === 0) return ['It has no tags: offerings that ask for host tags pass it by.'];
  return [`Its tags, which offerings can ask for: ${tags.join(', ')}.`];
}

function localStorage(world: World, { id }: HostRow): string[] {
  const pools = world.storagePools.where('hostId', id);
  if (pools.length === 0) return ['It has no local storage.'];
  return pools.map(({ name, state }) => `Its local storage is pool ${name}, ${state}.`);
}

function guests(world: World, { id }: HostRow): string[] {
  const [here, coming] = [world.vms.where('hostId', id), world.vms.where('destinationHostId', id)];
  return [
    here.length === 0 ? 'No VM is on it.' : `VMs on it: ${vmsText(here)}.`,
    ...(coming.length === 0 ? [] : [`VMs that migrate to it: ${vmsText(coming)}.`]),
  ];
}

function routers(world: World, { id }: HostRow): string[] {
  const here = world.routers.all().filter(({ hostId }) => hostId === id);
  if (here.length === 0) return [];
  return [`Routers on it, which take no room: ${here.map(({ name }) => name).join(', ')}.`];
}
