import { accountText } from './accounts.js';
import { permissionDenied } from '../cloud-exception.js';
import { isInSubtree } from './domains.js';
import type {
  AccountRow,
  DiskOfferingRow,
  DomainRow,
  NetworkOfferingRow,
  OfferingScope,
  ServiceOfferingRow,
  UserRow,
  VpcOfferingRow,
  ZoneRow,
} from '../entities.js';
import { zoneText } from '../network/networks.js';
import type { World } from '../world.js';

/** A compute offering as CloudStack's texts show it (ServiceOfferingVO.toString). */
export function serviceOfferingText(offering: ServiceOfferingRow): string {
  return `Service offering ${described(offering)}.`;
}

/** A disk offering as CloudStack's texts show it (DiskOfferingVO.toString). */
export function diskOfferingText(offering: DiskOfferingRow): string {
  return `DiskOffering ${described(offering)}.`;
}

/** A user as CloudStack's texts show it (UserVO.toString). */
export function userText({ id, internalId, username }: UserRow): string {
  return `User ${JSON.stringify({ id: internalId, username, uuid: id })}.`;
}

/** A domain as CloudStack's texts show it, with its path as the database has it (DomainVO.toString). */
export function domainText({ id, internalId, name, path }: DomainRow): string {
  return `Domain ${JSON.stringify({ id: internalId, name, path: databasePath(path), uuid: id })}`;
}

/** `ROOT/sub` is `/sub/` in the database. */
export function databasePath(path: string): string {
  return path === 'ROOT' ? '/' : `${path.replace(/^ROOT/, '')}/`;
}

function described({ id, internalId, name }: ServiceOfferingRow | DiskOfferingRow): string {
  return JSON.stringify({ id: internalId, name, uuid: id });
}

/** Throws 531 where a compute offering is not the account's to use in the zone. */
export function assertMayUseServiceOffering(
  world: World,
  account: AccountRow,
  offering: ServiceOfferingRow,
  zone: ZoneRow,
): void {
  if (isWithin(world, account, offering, zone)) return;
  throw noAccess(account, serviceOfferingText(offering));
}

/** The same for the disk offering of a deployment (AccountManagerImpl.checkAccess). */
export function assertMayDeployDiskOffering(
  world: World,
  account: AccountRow,
  offering: DiskOfferingRow,
  zone: ZoneRow,
): void {
  if (isWithin(world, account, offering, zone)) return;
  throw noAccess(account, diskOfferingText(offering));
}

/** The same for that of a volume (ConfigurationManagerImpl.checkDiskOfferingAccess). */
export function assertMayUseDiskOffering(
  world: World,
  account: AccountRow,
  offering: DiskOfferingRow,
  zone: ZoneRow | undefined,
): void {
  if (isWithin(world, account, offering, zone)) return;
  throw permissionDenied(
    `Access denied to ${accountText(account)} for disk offering: ${diskOfferingText(offering)}, ` +
      `zone: ${zone === undefined ? 'null' : zoneText(zone)} by DomainChecker`,
  );
}

/** Whether it would not throw. */
export function mayUseDiskOffering(
  world: World,
  account: AccountRow,
  offering: DiskOfferingRow,
  zone: ZoneRow,
): boolean {
  return isWithin(world, account, offering, zone);
}

/** The same for a network offering. */
export function assertMayUseNetworkOffering(
  world: World,
  account: AccountRow,
  offering: NetworkOfferingRow,
  zone: ZoneRow,
): void {
  if (isWithin(world, account, offering, zone)) return;
  throw noAccess(account, networkOfferingText(offering));
}

/** A network offering as CloudStack's texts show it (NetworkOfferingVO.toString). */
export function networkOfferingText({ id, internalId, name }: NetworkOfferingRow): string {
  return `NetworkOffering ${JSON.stringify({ id: internalId, name, trafficType: 'Guest', uuid: id })}`;
}

/** The same for a VPC offering. */
export function assertMayUseVpcOffering(
  world: World,
  account: AccountRow,
  offering: VpcOfferingRow,
  zone: ZoneRow,
): void {
  if (isWithin(world, account, offering, zone)) return;
  throw noAccess(account, vpcOfferingText(offering));
}

/** A VPC offering as CloudStack's texts show it (VpcOfferingVO.toString). */
export function vpcOfferingText({ id, internalId, name }: VpcOfferingRow): string {
  return `VPCOffering ${JSON.stringify({ id: internalId, name, uuid: id })}`;
}

/** Root admins use any offering, but only where it is one (DomainChecker.checkAccess). */
function isWithin(
  world: World,
  account: AccountRow,
  { domainIds, zoneIds }: Pick<OfferingScope, 'domainIds' | 'zoneIds'>,
  zone: ZoneRow | undefined,
): boolean {
  const isOfDomain =
    account.type === 'Admin' ||
    domainIds.length === 0 ||
    domainIds.some((domainId) => isInSubtree(world, account.domainId, domainId));
  return isOfDomain && (zone === undefined || zoneIds.length === 0 || zoneIds.includes(zone.id));
}

function noAccess(account: AccountRow, text: string): Error {
  return permissionDenied(
    `There's no way to confirm ${accountText(account)} has access to ${text}`,
  );
}
