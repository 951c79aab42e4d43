import { everyRole, listOf, syncCommand, type Arguments } from '../../declare/command.js';
import { contains, ownershipParameters, sameName } from '../../declare/list-parameters.js';
import { date, entity, flag, text } from '../../declare/parameter.js';
import { ownerFilter } from '../../declare/visibility.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { CloudEventRow } from '../../world/entities.js';
import type { World } from '../../world/world.js';
import { findEntity, type EntityName } from '../../world/entity-lookup.js';
import { eventResponse } from './event-response.js';

const parameters = {
  id: entity('cloudevent'),
  enddate: date(),
  level: text(),
  startdate: date(),
  type: text(),
  startid: entity('cloudevent'),
  resourceid: text({ since: '4.17.0' }),
  resourcetype: text({ since: '4.17.0' }),
  /** Nobody archives events here. */
  archived: flag({ since: '4.19.0' }),
  ...ownershipParameters,
} as const;

type ListArguments = Arguments<typeof parameters>;

/** The newest come first; the last 5,000 are kept (QueryManagerImpl.searchForEvents). */
export const listEvents = syncCommand({
  name: 'listEvents',
  summary: 'Lists what was done in the cloud.',
  roles: everyRole,
  parameters,
  response: listOf(eventResponse),
  run: (context, args) => {
    const { world } = context;
    assertResource(world, args);
    const isOwned = ownerFilter(context, args, args.id !== undefined);
    return world.cloudEvents
      .all()
      .reverse()
      .filter((event) => isOwned(event.accountId))
      .filter((event) => isChosen(event, args))
      .filter((event) => isAbout(event, args));
  },
});

function isChosen(
  event: CloudEventRow,
  { id, startid, level, type, startdate, enddate, archived, keyword }: ListArguments,
): boolean {
  return (
    (id === undefined || event.id === id.id) &&
    (startid === undefined || event.startId === startid.id || event.id === startid.id) &&
    (level === undefined || sameName(event.level, level)) &&
    (type === undefined || sameName(event.type, type)) &&
    (startdate === undefined || event.createdMs >= startdate) &&
    (enddate === undefined || event.createdMs <= enddate) &&
    (id !== undefined || archived !== true) &&
    (keyword === undefined ||
      [event.type, event.description, event.level].some((word) => contains(word, keyword)))
  );
}

function isAbout(
  { resourceType, resourceId }: CloudEventRow,
  { resourcetype, resourceid }: ListArguments,
): boolean {
  return (
    (resourcetype === undefined || sameName(resourceType ?? '', resourcetype)) &&
    (resourceid === undefined || resourceId === resourceid.toLowerCase())
  );
}

/** What events can be about, with the entity where it is simulated (ApiCommandResourceType). */
const resourceTypes: Readonly<Record<string, EntityName>> = {
  VirtualMachine: 'virtualmachine',
  Volume: 'volume',
  Snapshot: 'snapshot',
  Template: 'template',
  Network: 'network',
  IpAddress: 'publicipaddress',
  LoadBalancerRule: 'loadbalancerrule',
  AffinityGroup: 'affinitygroup',
  Account: 'account',
  User: 'user',
  Domain: 'domain',
  Project: 'project',
  Zone: 'zone',
  Host: 'host',
  ServiceOffering: 'serviceoffering',
  DiskOffering: 'diskoffering',
  NetworkOffering: 'networkoffering',
  StoragePool: 'storagepool',
  Cluster: 'cluster',
  Pod: 'pod',
};

function assertResource(world: World, { resourcetype, resourceid }: ListArguments): void {
  const kind = Object.keys(resourceTypes).find(
    (known) => resourcetype !== undefined && sameName(known, resourcetype),
  );
  if (resourcetype !== undefined && kind === undefined) {
    throw invalidParameter('Invalid resourcetype');
  }
  if (resourceid === undefined) return;
  if (kind === undefined) {
    throw invalidParameter('resourceid parameter must be used with resourcetype parameter');
  }
  const name = resourceTypes[kind];
  if (name !== undefined && findEntity(world, name, resourceid.toLowerCase()) !== undefined) return;
  throw invalidParameter('Invalid resourceid');
}
