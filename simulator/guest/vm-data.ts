import type { NicRow, VmRow } from '../world/entities.js';
import { PUBLIC_KEY_DETAIL } from '../world/identity/ssh-keys.js';
import { sourceNatOfVpc } from '../world/network/vpcs.js';
import type { World } from '../world/world.js';

/** What CloudStack tells a guest about itself. */
export interface VmData {
  /** Decoded; empty if the VM has none. */
  readonly userData: Uint8Array;
  /** By file name, in CloudStack's order; what CloudStack knows nothing of is empty. */
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * What the virtual router of a NIC's network holds for it (CommandSetupHelper.generateVmDataCommand).
 * It is sent at each start and again when user data, keys or static NAT change, so for a VM that
 * runs it always is what the world says now.
 */
export function routerVmData(world: World, vm: VmRow, nic: NicRow): VmData {
  const offeringAndZone = namesOf(world, vm);
  return {
    userData: userDataOf(vm),
    metadata: new Map([
      ...offeringAndZone,
      ['local-ipv4', nic.ipAddress ?? ''],
      ['local-hostname', unicodeEscaped(vm.name)],
      ...publicNames(world, vm, nic),
      ...identity(world, vm),
    ]),
  };
}

/** What a config drive holds (NetworkModelImpl.generateVmData); much the same, in another order. */
export function configDriveVmData(world: World, vm: VmRow, nic: NicRow): VmData {
  const offeringAndZone = namesOf(world, vm);
  const publicAddress = world.publicIps.where('vmId', vm.id)[0]?.ipAddress;
  return {
    userData: userDataOf(vm),
    metadata: new Map([
      ...offeringAndZone,
      ['local-hostname', unicodeEscaped(vm.name)],
      ['local-ipv4', nic.ipAddress ?? ''],
      ['public-ipv4', publicAddress ?? nic.ipAddress ?? ''],
      ['public-hostname', publicAddress ?? ''],
      ...identity(world, vm),
    ]),
  };
}

type Entry = readonly [name: string, value: string];

function userDataOf(vm: VmRow): Buffer {
  return Buffer.from(vm.userData ?? '', 'base64');
}

function namesOf(world: World, vm: VmRow): Entry[] {
  const offering = world.serviceOfferings.require(vm.serviceOfferingId);
  return [
    ['service-offering', unicodeEscaped(offering.displayText)],
    ['availability-zone', unicodeEscaped(world.zones.require(vm.zoneId).name)],
  ];
}

/**
 * How the world outside reaches a VM: in a shared network by its own address; elsewhere by that of
 * its static NAT, otherwise by its router's.
 */
function publicNames(world: World, vm: VmRow, nic: NicRow): Entry[] {
  const network = world.networks.require(nic.networkId);
  if (network.type === 'Shared') {
    return [
      ['public-ipv4', nic.ipAddress ?? ''],
      ['public-hostname', unicodeEscaped(vm.name)],
    ];
  }
  const publicIps = world.publicIps.where('networkId', network.id);
  const publicIp =
    publicIps.find(({ vmId }) => vmId === vm.id) ??
    (network.vpcId === null
      ? publicIps.find(({ isSourceNat }) => isSourceNat)
      : sourceNatOfVpc(world, network.vpcId));
  if (publicIp === undefined) return [];
  return [
    ['public-ipv4', publicIp.ipAddress],
    ['public-hostname', publicIp.ipAddress],
  ];
}

function identity(world: World, vm: VmRow): Entry[] {
  return [
    ['instance-id', vm.id],
    ['vm-id', vm.id],
    ['public-keys', vm.details[PUBLIC_KEY_DETAIL] ?? ''],
    ['cloud-identifier', `CloudStack-{${cloudIdentifier(world)}}`],
    // Only global.allow.expose.host.hostname, off by default, makes it known.
    ['hypervisor-host-name', ''],
  ];
}

/** `cloud.identifier`, which CloudStack draws when it is installed; the root domain's id serves here. */
function cloudIdentifier(world: World): string {
  return world.domains.all().find(({ parentId }) => parentId === null)?.id ?? '';
}

/** What lies outside of ASCII as `\uXXXX` (StringUtils.unicodeEscape). */
function unicodeEscaped(text: string): string {
  return text.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
