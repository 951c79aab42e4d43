import {
  CloudClient,
  CloudRequestError,
  CloudSilentError,
  type CloudAccount,
} from '../cloud/client.js';
import { textOf, type JsonObject } from '../json.js';
import type { CloudConfig } from './cloud-config.js';
import { NamedRows } from './named-rows.js';
import { guestNetwork, networkRows } from './preflight-networks.js';
import { roomProblems } from './preflight-room.js';
import type { CloudOffers } from './target.js';

/** What stands in the way of running cases on a cloud; the message names all of it. */
export class PreflightError extends Error {
  constructor(endpoint: string, problems: readonly string[]) {
    super(
      `the cloud at ${endpoint} is not as the configuration says:\n` +
        problems.map((problem) => `  ${problem}`).join('\n'),
    );
    this.name = 'PreflightError';
  }
}

/** The account that the CPI is to work with. */
export function accountOf({ cloudstack, ...config }: CloudConfig): CloudAccount {
  const answersWithinMs = config.seconds_per_answer * 1000;
  const { endpoint, api_key: apiKey, secret_access_key: secretKey, ca_cert: ca } = cloudstack;
  return { endpoint, apiKey, secretKey, caCertificate: ca, answersWithinMs };
}

/** The account that may do everything; undefined if none is lent. */
export function operatorOf(config: CloudConfig): CloudAccount | undefined {
  if (config.operator === undefined) return undefined;
  const { api_key: apiKey, secret_access_key: secretKey } = config.operator;
  return { ...accountOf(config), apiKey, secretKey };
}

/**
 * Looks, through the API alone and without changing anything, whether a cloud has what its
 * configuration names. Answers it with what the configuration need not say: sizes, ranges, the
 * hypervisor. Throws PreflightError with every problem. `signal` ends it.
 */
export async function lookAtCloud(config: CloudConfig, signal?: AbortSignal): Promise<CloudOffers> {
  const account = accountOf(config);
  const client = new CloudClient(account, signal);
  const zones = await firstLook(account, client);
  const problems: string[] = [];
  const look = lookAtAll({ config, client, zones, known: new NamedRows(problems), signal });
  const offers = await look.catch((failure: unknown) => {
    if (!(failure instanceof CloudSilentError)) throw failure;
    problems.push(whyNot(failure, 'cloudstack'));
    return undefined;
  });
  if (offers === undefined || problems.length > 0) {
    throw new PreflightError(account.endpoint, problems);
  }
  return offers;
}

interface Look {
  readonly config: CloudConfig;
  readonly client: CloudClient;
  readonly zones: readonly JsonObject[];
  readonly known: NamedRows;
  readonly signal: AbortSignal | undefined;
}

/** Complains of everything that is not as it should be; nothing if there is no such zone. */
async function lookAtAll(look: Look): Promise<CloudOffers | undefined> {
  const { config, client, zones, known, signal } = look;
  const operator = operatorOf(config);
  const room = await roomProblems(client, config);
  const others = operator === undefined ? [] : await operatorProblems(operator, signal);
  for (const problem of [...room, ...others]) known.complain(problem);
  const zone = known.find('zone', config.zone, 'zone', zones);
  const second = config.second_zone;
  const otherZone = second && known.find('second_zone.zone', second.zone, 'zone', zones);
  return zone && lookAtZone({ config, client, known, zone, otherZone });
}

/** The zones, or why not even these can be had: then there is nothing more to look at. */
async function firstLook(account: CloudAccount, client: CloudClient): Promise<JsonObject[]> {
  try {
    return await client.list('listZones', 'zone');
  } catch (failure) {
    throw new PreflightError(account.endpoint, [whyNot(failure, 'cloudstack')]);
  }
}

/** Why an account cannot be used, as far as the failure of its first request tells. */
function whyNot(failure: unknown, section: string): string {
  if (failure instanceof CloudRequestError) {
    if (failure.status === 401) {
      return (
        `it refuses ${section}.api_key with ${section}.secret_access_key (${failure.message}): ` +
        'take the keys of a user who is enabled'
      );
    }
    return (
      `it does not answer as CloudStack does (${failure.message}): cloudstack.endpoint is the URL ` +
      'of the API, which usually ends with /client/api'
    );
  }
  const { code, message } = failure as CloudSilentError;
  if (/CERT|SELF_SIGNED|ISSUER/.test(code ?? '')) {
    return `its certificate is not trusted (${message}): set cloudstack.ca_cert`;
  }
  return `it cannot be reached (${message})`;
}

async function operatorProblems(operator: CloudAccount, signal?: AbortSignal): Promise<string[]> {
  const client = new CloudClient(operator, signal);
  try {
    // Whether a command is allowed is decided before the signature is looked at.
    await client.list('listZones', 'zone');
    await client.list('listHosts', 'host', { type: 'Routing' });
    return [];
  } catch (failure) {
    if (failure instanceof CloudRequestError && failure.status !== 401) {
      return [`operator is no account that may do everything (${failure.message})`];
    }
    return [whyNot(failure, 'operator')];
  }
}

interface ZoneLook {
  readonly config: CloudConfig;
  readonly client: CloudClient;
  readonly known: NamedRows;
  readonly zone: JsonObject;
  readonly otherZone: JsonObject | undefined;
}

async function lookAtZone(look: ZoneLook): Promise<CloudOffers> {
  const { config, known, zone, otherZone } = look;
  const networks = await networkRows(look.client, zone);
  const network = guestNetwork(known, 'network', config.network, networks);
  const second = config.second_zone;
  const otherNetworks = otherZone && (await networkRows(look.client, otherZone));
  const otherNetwork =
    second &&
    otherNetworks &&
    guestNetwork(known, 'second_zone.network', second.network, otherNetworks);
  const { second_network: secondNetwork, shared_network: sharedNetwork } = config;
  const offers = {
    zone: textOf(zone['name']),
    ...(await templateOffers(look)),
    ...(await computeOffers(look)),
    ...(await diskOffers(look)),
    network,
    secondNetwork: secondNetwork && guestNetwork(known, 'second_network', secondNetwork, networks),
    sharedNetwork:
      sharedNetwork && guestNetwork(known, 'shared_network', sharedNetwork, networks, 'Shared'),
    networkOffering: await networkOffering(look),
    vips: await vips(look),
    secondZone: otherZone &&
      otherNetwork && { zone: textOf(otherZone['name']), network: otherNetwork },
    snapshots: config.snapshots,
    uploads: config.uploads,
    imageUrl: config.image_url,
  };
  // What was not found is among the problems, which end the look before anybody reads this.
  return withoutUndefined(offers) as unknown as CloudOffers;
}

async function templateOffers({ config, client, known, zone }: ZoneLook): Promise<object> {
  const filter = { templatefilter: 'executable', zoneid: textOf(zone['id']) };
  const rows = await client.list('listTemplates', 'template', filter);
  const template = known.find('template', config.template, 'template', rows);
  if (template !== undefined && template['isready'] !== true) {
    known.complain(`template ${config.template} is not ready in zone ${config.zone}`);
  }
  return { template: textOf(template?.['name']), hypervisor: textOf(template?.['hypervisor']) };
}

async function computeOffers({ config, client, known, zone }: ZoneLook): Promise<object> {
  const filter = { zoneid: textOf(zone['id']) };
  const rows = await client.list('listServiceOfferings', 'serviceoffering', filter);
  const offering = (key: keyof CloudConfig, isCustom: boolean): string | undefined => {
    const row = known.find(key, config[key] as string | undefined, 'compute offering', rows);
    if (row !== undefined && (row['iscustomized'] === true) !== isCustom) {
      known.complain(
        `${key} ${textOf(row['name'])} ${isCustom ? 'has a fixed size' : 'is custom'}: name one ` +
          (isCustom ? 'for which CPUs and memory are chosen' : 'of a fixed size'),
      );
    }
    return row && textOf(row['name']);
  };
  return {
    computeOffering: offering('compute_offering', false),
    otherComputeOffering: offering('other_compute_offering', false),
    customComputeOffering: offering('custom_compute_offering', true),
  };
}

const mibInGib = 1024;

async function diskOffers({ config, client, known, zone }: ZoneLook): Promise<object> {
  const filter = { zoneid: textOf(zone['id']) };
  const rows = await client.list('listDiskOfferings', 'diskoffering', filter);
  const offering = (
    key: keyof CloudConfig,
    isCustom: boolean,
    storage?: 'shared' | 'local',
  ): JsonObject | undefined => {
    const row = known.find(key, config[key] as string | undefined, 'disk offering', rows);
    if (row === undefined) return undefined;
    if ((row['iscustomized'] === true) !== isCustom) {
      known.complain(
        `${key} ${textOf(row['name'])} has ${isCustom ? 'one size' : 'any size'}: name one of ` +
          (isCustom ? 'disks of any size' : 'disks of one size'),
      );
    }
    if (storage !== undefined && row['storagetype'] !== storage) {
      known.complain(`${key} ${textOf(row['name'])} is not on ${storage} storage`);
    }
    return row;
  };
  const fixed = offering('fixed_disk_offering', false);
  const nameOf = (row: JsonObject | undefined): string | undefined => row && textOf(row['name']);
  return {
    diskOffering: nameOf(offering('disk_offering', true, 'shared')),
    otherDiskOffering: nameOf(offering('other_disk_offering', true, 'shared')),
    localDiskOffering: nameOf(offering('local_disk_offering', true, 'local')),
    fixedDiskOffering: fixed && {
      name: textOf(fixed['name']),
      sizeMib: Number(fixed['disksize']) * mibInGib,
    },
  };
}

async function networkOffering(look: ZoneLook): Promise<string | undefined> {
  const { config, client, known, zone } = look;
  if (config.network_offering === undefined) return undefined;
  const filter = { zoneid: textOf(zone['id']), state: 'Enabled' };
  const rows = await client.list('listNetworkOfferings', 'networkoffering', filter);
  const own = rows.filter((row) => row['guestiptype'] === 'Isolated' && row['forvpc'] !== true);
  const name = config.network_offering;
  const found = known.find('network_offering', name, 'network offering of isolated networks', own);
  return found && textOf(found['name']);
}

/** The account sees the public addresses that it holds itself. */
async function vips({ config, client, known }: ZoneLook): Promise<readonly string[] | undefined> {
  if (config.vips === undefined) return undefined;
  const held = await client.list('listPublicIpAddresses', 'publicipaddress');
  for (const { ipaddress } of held.filter((row) =>
    config.vips?.includes(textOf(row['ipaddress'])),
  )) {
    known.complain(`vips: ${textOf(ipaddress)} is held by the account already: release it`);
  }
  return config.vips;
}

function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined));
}
