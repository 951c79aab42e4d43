import type { CloudStackClient } from './client.js';
import type { ListCommand, ResultOf } from './commands.js';
import { CloudStackError } from './errors.js';
import { findById } from './find-by-id.js';
import type { Parameters } from './parameters.js';
import type {
  DiskOffering,
  Network,
  NetworkAclList,
  NetworkOffering,
  OsType,
  ServiceOffering,
  Template,
  Vpc,
  Zone,
} from './types.js';
import { isUuid } from './uuid.js';

// Things that operators name in manifests: by id or by exact name, never by part of a name.

/** @throws CloudStackError `not-found` that names the zones there are. */
export function findZone(client: CloudStackClient, nameOrId: string): Promise<Zone> {
  return findNamed(client, { thing: 'zone', command: 'listZones', nameOrId });
}

/** @throws CloudStackError `not-found` that names compute offerings of the zone. */
export function findServiceOffering(
  client: CloudStackClient,
  nameOrId: string,
  zoneId: string,
): Promise<ServiceOffering> {
  const within = { zoneid: zoneId };
  const command = 'listServiceOfferings';
  return findNamed(client, { thing: 'compute offering', command, nameOrId, within });
}

/** @throws CloudStackError `not-found` that names disk offerings of the zone. */
export function findDiskOffering(
  client: CloudStackClient,
  nameOrId: string,
  zoneId: string,
): Promise<DiskOffering> {
  const within = { zoneid: zoneId };
  return findNamed(client, {
    thing: 'disk offering',
    command: 'listDiskOfferings',
    nameOrId,
    within,
  });
}

/** A network, which tells the zone that it is in. */
export type PlacedNetwork = Network & { readonly zoneid: string };

/**
 * A network of a zone, and by it the id of the zone, which so needs no look-up of its own; with
 * `vpcId` a tier of that VPC: tiers of several may have one name. listNetworks has no filter for
 * names, only `keyword` for parts of names.
 *
 * @throws CloudStackError `not-found` that names the zones there are, networks of the zone, or
 *   tiers of the VPC.
 */
export async function findNetwork(
  client: CloudStackClient,
  nameOrId: string,
  zoneNameOrId: string,
  vpcId?: string,
): Promise<PlacedNetwork> {
  const command = 'listNetworks';
  const within = { vpcid: vpcId };
  const isInZone = (network: Network): network is PlacedNetwork =>
    network.zoneid !== undefined && [network.zoneid, network.zonename].includes(zoneNameOrId);
  const byId = await findByUuid(client, command, nameOrId, within);
  if (byId !== undefined && isInZone(byId)) return byId;
  const thing = vpcId === undefined ? 'network' : 'tier of the VPC';
  const query = { thing, command, nameOrId, nameFilter: 'keyword' } as const;
  const here = (await listExactly(client, query, within)).filter(isInZone);
  if (here.length === 1 && here[0] !== undefined) return here[0];
  const { id: zoneid } = await findZone(client, zoneNameOrId);
  return { ...(await findNamed(client, { ...query, within: { ...within, zoneid } })), zoneid };
}

/** @throws CloudStackError `not-found` that names VPCs of the zone. */
export function findVpc(client: CloudStackClient, nameOrId: string, zoneId: string): Promise<Vpc> {
  const within = { zoneid: zoneId };
  return findNamed(client, { thing: 'VPC', command: 'listVPCs', nameOrId, within });
}

/**
 * A list of rules for tiers of a VPC: one of its own, or one of those that are for all VPCs.
 *
 * @throws CloudStackError `not-found` that names such lists.
 */
export function findNetworkAclList(
  client: CloudStackClient,
  nameOrId: string,
  vpcId: string,
): Promise<NetworkAclList> {
  const within = { vpcid: vpcId };
  return findNamed(client, {
    thing: 'network ACL list',
    command: 'listNetworkACLLists',
    nameOrId,
    within,
  });
}

/** @throws CloudStackError `not-found` that names network offerings of the zone. */
export function findNetworkOffering(
  client: CloudStackClient,
  nameOrId: string,
  zoneId: string,
): Promise<NetworkOffering> {
  return findNamed(client, {
    thing: 'network offering',
    command: 'listNetworkOfferings',
    nameOrId,
    within: { zoneid: zoneId },
  });
}

/**
 * A template that this account may use in the zone, ready or not; by name also one that others
 * share with it, which the filter `executable` leaves out.
 *
 * @throws CloudStackError `not-found` that names templates of the zone.
 */
export function findTemplate(
  client: CloudStackClient,
  nameOrId: string,
  zoneId: string,
): Promise<Template> {
  const within = { templatefilter: 'executable', zoneid: zoneId };
  const elsewhere = { templatefilter: 'sharedexecutable', zoneid: zoneId };
  return findNamed(client, {
    thing: 'template',
    command: 'listTemplates',
    nameOrId,
    within,
    elsewhere,
  });
}

/**
 * The same, but ready: deployVirtualMachine accepts others, and only the start fails
 * (TemplateManagerImpl.templateIsReady).
 *
 * @throws CloudStackError also `invalid` with the status of a template that is not ready.
 */
export async function findReadyTemplate(
  client: CloudStackClient,
  nameOrId: string,
  zoneId: string,
): Promise<Template> {
  const template = await findTemplate(client, nameOrId, zoneId);
  if (template.isready === true) return template;
  throw notReadyError(template);
}

/** What to say of a template from which no VM starts in its zone. */
export function notReadyError({ id, name, status }: Template): CloudStackError {
  const text =
    `template "${name}" (${id}) is not ready in this zone (status: ${status || 'unknown'}); ` +
    'wait until it is, or use another one';
  return new CloudStackError({ kind: 'invalid', command: 'listTemplates', isAnswer: true, text });
}

/** By its description, for example `Other PV (64-bit)`, or by id. */
export async function findOsType(
  client: CloudStackClient,
  descriptionOrId: string,
): Promise<OsType> {
  const byId = await findByUuid(client, 'listOsTypes', descriptionOrId);
  if (byId) return byId;
  const found = await client.list('listOsTypes', { description: descriptionOrId });
  const exact = found.find(({ description }) => description === descriptionOrId);
  if (exact) return exact;
  const text = `there is no OS type "${descriptionOrId}"`;
  const advice = 'use a description that listOsTypes shows, for example "Other PV (64-bit)"';
  throw new CloudStackError({
    kind: 'not-found',
    command: 'listOsTypes',
    isAnswer: true,
    text,
    advice,
  });
}

type NamedCommand = Exclude<
  ListCommand,
  | 'listOsTypes'
  | 'listNics'
  | 'listTags'
  | 'listPublicIpAddresses'
  | 'listPortForwardingRules'
  | 'listSSHKeyPairs'
  | 'listApis'
  | 'listAsyncJobs'
  | 'listConfigurations'
>;

interface NamedQuery<Name extends NamedCommand> {
  /** For people, in messages. */
  readonly thing: string;
  readonly command: Name;
  readonly nameOrId: string;
  readonly within?: Parameters;
  /** Where to look when there is none of that name. */
  readonly elsewhere?: Parameters;
  readonly nameFilter?: 'name' | 'keyword';
}

async function findNamed<Name extends NamedCommand>(
  client: CloudStackClient,
  query: NamedQuery<Name>,
): Promise<ResultOf<Name>> {
  const { command, nameOrId, within = {}, elsewhere } = query;
  const byId = await findByUuid(client, command, nameOrId, within);
  if (byId) return byId;
  const here = await listExactly(client, query, within);
  const exact = here.length === 0 && elsewhere ? await listExactly(client, query, elsewhere) : here;
  const only = exact[0];
  if (only === undefined) throw await noSuchThing(client, query);
  if (exact.length === 1) return only;
  const ids = exact.map(({ id }) => id).join(', ');
  const text = `there are ${exact.length} ${query.thing}s named "${nameOrId}"; use one of their ids: ${ids}`;
  throw new CloudStackError({ kind: 'invalid', command, isAnswer: true, text });
}

async function listExactly<Name extends NamedCommand>(
  client: CloudStackClient,
  { command, nameOrId, nameFilter = 'name' }: NamedQuery<Name>,
  within: Parameters,
): Promise<ResultOf<Name>[]> {
  const found = await client.list(command, { ...within, [nameFilter]: nameOrId });
  return distinct(found.filter(({ name }) => name === nameOrId));
}

/** An id that CloudStack does not know is not an error here: it may be a name. */
async function findByUuid<Name extends ListCommand>(
  client: CloudStackClient,
  command: Name,
  nameOrId: string,
  within?: Parameters,
): Promise<ResultOf<Name> | undefined> {
  return isUuid(nameOrId) ? findById(client, command, nameOrId, within) : undefined;
}

const namesShown = 20;

async function noSuchThing<Name extends NamedCommand>(
  client: CloudStackClient,
  { command, thing, nameOrId, within = {} }: NamedQuery<Name>,
): Promise<CloudStackError> {
  const { items, total } = await client.listFirst(command, within, namesShown);
  const names = [...new Set(items.map(({ name }) => `"${name}"`))].sort();
  const more = total > items.length ? ` and ${total - items.length} more` : '';
  const there =
    names.length === 0
      ? `this account sees no ${thing} at all here`
      : `the ${thing}s are ${names.join(', ')}${more}`;
  const text = `there is no ${thing} "${nameOrId}"; ${there}`;
  const advice =
    names.length === 0
      ? 'have one made, or shared with the account'
      : 'use the name or id of one of them';
  return new CloudStackError({ kind: 'not-found', command, isAnswer: true, text, advice });
}

function distinct<T extends { readonly id: string }>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [item.id, item])).values()];
}
