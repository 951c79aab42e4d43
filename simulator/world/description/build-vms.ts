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
import { placeOn, type Placement } from '../compute/placement.js';
import { canBeScaled } from '../compute/dynamic-scaling.js';
import { allocateVm, type NicPlan } from '../compute/vm-allocation.js';
import { beginStart, finishStart, finishVolumes } from '../compute/vm-start.js';
import type { WorldDescription } from './world-description.js';
import type { World } from '../world.js';

type VmGroup = WorldDescription['virtualMachines'][number];

/**
 * Enters the VMs of a description, running: with the addresses of their networks from the lowest
 * on, and on the hosts in turn. Chance would take longer, and a large world is to be there soon.
 *
 * @throws Error that names the VM for which a network has no address or no host has room.
 */
export function buildVms(world: World, groups: readonly VmGroup[]): void {
  const nextAddress = addressesInTurn(world);
  const nextPlacement = placementsInTurn(world);
  for (const group of groups) {
    const kind = kindOf(world, group);
    for (let number = 1; number <= group.count; number += 1) {
      const name = `${group.name}${number}`;
      const nics = kind.networks.map((network) => ({
        network,
        ipAddress: nextAddress(network, name),
        macAddress: undefined,
      }));
      const vm = allocate(world, kind, name, nics);
      beginStart(world, vm, nextPlacement(vm));
      finishVolumes(world, vm);
      finishStart(world, vm);
    }
  }
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

function addressesInTurn(
  world: World,
): (network: NetworkRow, vmName: string) => string | undefined {
  const tried = new Map<string, number>();
  return (network, vmName) => {
    // A network of a description has one range.
    const [range] = addressRanges(world, network);
    if (range === undefined) return undefined;
    for (let address = tried.get(network.id) ?? range.first; address <= range.last; address += 1) {
      const ipAddress = ipv4Text(address);
      tried.set(network.id, address + 1);
      if (isAddressFree(world, network, ipAddress)) return ipAddress;
    }
    throw new Error(`the network ${network.name} has no address for the VM ${vmName}`);
  };
}

function placementsInTurn(world: World): (vm: VmRow) => Placement {
  const hosts = world.hosts.all();
  let turn = 0;
  return (vm) => {
    for (let tries = 0; tries < hosts.length; tries += 1) {
      const host = hosts[turn % hosts.length];
      turn += 1;
      const placement = host === undefined ? undefined : placeOn(world, vm, host);
      if (placement !== undefined) return placement;
    }
    throw new Error(`no host has room for the VM ${vm.name}`);
  };
}
