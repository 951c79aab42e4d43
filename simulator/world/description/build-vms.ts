import type { Problem } from '../../input/problems.js';
import { CloudException } from '../cloud-exception.js';
import { addressRanges, isAddressFree } from '../network/addresses.js';
import { describedAccount } from './build-identity.js';
import { describedRow } from './described-row.js';
import type {
  AccountRow,
  NetworkRow,
  ServiceOfferingRow,
  TemplateRow,
  VmRow,
  ZoneRow,
} from '../entities.js';
import { ipv4Text } from '../network/ipv4.js';
import { canHost, isCapable, placeOn, type Placement } from '../compute/placement.js';
import { canBeScaled } from '../compute/dynamic-scaling.js';
import { allocateVm, type NicPlan } from '../compute/vm-allocation.js';
import { beginStart, finishStart, finishVolumes } from '../compute/vm-start.js';
import { WorldDescriptionError } from './parse-world-description.js';
import type { WorldDescription } from './world-description.js';
import type { World } from '../world.js';

type VmGroup = WorldDescription['virtualMachines'][number];

/**
 * Enters the VMs of a description, running: with the addresses of their networks from the lowest
 * on, and on the hosts in turn. Chance would take longer, and a large world is to be there soon.
 *
 * @throws WorldDescriptionError that names each group of which not all VMs can run, and why.
 */
export function buildVms(world: World, groups: readonly VmGroup[]): void {
  const turns = { nextAddress: addressesInTurn(world), nextPlacement: placementsInTurn(world) };
  const problems = groups.flatMap((group, index): Problem[] => {
    const shortage = buildGroup(world, group, turns);
    return shortage === undefined ? [] : [[`virtualMachines.${index}.count`, shortage]];
  });
  if (problems.length > 0) throw new WorldDescriptionError('The given object', problems);
}

interface Turns {
  /** Undefined where the network has no addresses at all, null where none is left. */
  readonly nextAddress: (network: NetworkRow) => string | undefined | null;
  readonly nextPlacement: (vm: VmRow) => Placement | undefined;
}

/** Runs the VMs of a group as far as that goes; answers what it lacks for the rest. */
function buildGroup(world: World, group: VmGroup, turns: Turns): string | undefined {
  const kind = kindOf(world, group);
  for (let number = 1; number <= group.count; number += 1) {
    const name = `${group.name}${number}`;
    const soFar = `for ${number - 1} of the ${group.count} VMs`;
    const nics: NicPlan[] = [];
    for (const network of kind.networks) {
      const ipAddress = turns.nextAddress(network);
      if (ipAddress === null) {
        return `network ${network.name} has addresses ${soFar}: lower the count, or give it more addresses`;
      }
      nics.push({ network, ipAddress, macAddress: undefined });
    }
    const vm = allocate(world, kind, name, nics);
    const placement = turns.nextPlacement(vm);
    if (placement === undefined) {
      return `zone ${kind.zone.name} has room ${soFar}: ${whatIsShort(world, vm)}`;
    }
    const refusal = start(world, vm, placement);
    if (refusal !== undefined) return `${name} does not start: ${refusal}`;
  }
  return undefined;
}

/** Answers why it does not start, in the words of CloudStack. */
function start(world: World, vm: VmRow, placement: Placement): string | undefined {
  try {
    beginStart(world, vm, placement);
  } catch (error) {
    if (!(error instanceof CloudException)) throw error;
    return `${error.message}; an isolated network needs a free address of publicRanges`;
  }
  finishVolumes(world, vm);
  finishStart(world, vm);
  return undefined;
}

/** What all VMs of a group have. */
interface Kind {
  readonly account: AccountRow;
  readonly userId: string;
  readonly zone: ZoneRow;
  readonly template: TemplateRow;
  readonly serviceOffering: ServiceOfferingRow;
  readonly networks: readonly NetworkRow[];
}

function kindOf(world: World, group: VmGroup): Kind {
  const account = describedAccount(world, group.account);
  const zone = describedRow('zone', world.zones.all(), ({ name }) => name === group.zone);
  const isInZone = (template: TemplateRow): boolean =>
    world.templateZones.where('templateId', template.id).some(({ zoneId }) => zoneId === zone.id);
  return {
    account,
    userId: describedRow('user', world.users.where('accountId', account.id), () => true).id,
    zone,
    template: describedRow(
      'template',
      world.templates.all(),
      (row) => row.name === group.template && isInZone(row),
    ),
    serviceOffering: describedRow(
      'service offering',
      world.serviceOfferings.all(),
      ({ name }) => name === group.serviceOffering,
    ),
    networks: group.networks.map((name) =>
      describedRow(
        'network',
        world.networks.all(),
        (network) => network.name === name && network.zoneId === zone.id,
      ),
    ),
  };
}

function allocate(world: World, kind: Kind, name: string, nics: readonly NicPlan[]): VmRow {
  const { ids } = world.kernel;
  const { account, userId, zone, template, serviceOffering } = kind;
  const { hypervisor } = template;
  if (hypervisor === 'None') throw new Error(`${template.name} is an ISO`);
  return allocateVm(world, {
    id: ids.uuid(),
    internalId: ids.next('virtualmachine'),
    name,
    displayName: name,
    group: null,
    isDisplayed: true,
    accountId: account.id,
    userId,
    zone,
    template,
    hypervisor,
    serviceOffering,
    cpuNumber: serviceOffering.cpuNumber ?? 0,
    cpuMhz: serviceOffering.cpuMhz ?? 0,
    memoryMib: serviceOffering.memoryMib ?? 0,
    isDynamicallyScalable: canBeScaled(world, { zoneId: zone.id }, serviceOffering, template),
    rootDiskSizeGib: undefined,
    rootOffering: undefined,
    dataDisk: undefined,
    nics,
    affinityGroups: [],
    userData: null,
    userDataId: null,
    userDataDetails: null,
    details: {},
  });
}

function addressesInTurn(world: World): Turns['nextAddress'] {
  const tried = new Map<string, number>();
  return (network) => {
    // A network of a description has one range.
    const [range] = addressRanges(world, network);
    if (range === undefined) return undefined;
    for (let address = tried.get(network.id) ?? range.first; address <= range.last; address += 1) {
      const ipAddress = ipv4Text(address);
      tried.set(network.id, address + 1);
      if (isAddressFree(world, network, ipAddress)) return ipAddress;
    }
    return null;
  };
}

function placementsInTurn(world: World): Turns['nextPlacement'] {
  const hosts = world.hosts.all();
  let turn = 0;
  return (vm) => {
    for (let tries = 0; tries < hosts.length; tries += 1) {
      const host = hosts[turn % hosts.length];
      turn += 1;
      const placement = host === undefined ? undefined : placeOn(world, vm, host);
      if (placement !== undefined) return placement;
    }
    return undefined;
  };
}

/** Why no host takes a VM, and what could be changed. */
function whatIsShort(world: World, vm: VmRow): string {
  const { name, hostTags } = world.serviceOfferings.require(vm.serviceOfferingId);
  const hosts = world.hosts.all().filter(({ zoneId }) => zoneId === vm.zoneId);
  const tagged = hosts.filter(({ tags }) => hostTags.every((tag) => tags.includes(tag)));
  if (tagged.length === 0) return `no host has the tags of ${name} (${hostTags.join(', ')})`;
  const capable = tagged.filter((host) => isCapable(vm, host));
  if (capable.length === 0) {
    return `no host has ${vm.cpuNumber} cores of ${vm.cpuMhz} MHz, which ${name} asks for`;
  }
  return capable.some((host) => canHost(world, vm, host))
    ? 'no pool in reach of a host that is free takes their root volumes; lower the count, or give pools more room'
    : `CPU or memory of the hosts do not last for more of ${name}; lower the count, or add hosts`;
}
