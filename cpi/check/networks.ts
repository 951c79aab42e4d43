import { findNetwork } from '../cloudstack/find-catalog.js';
import { isCloudStackError } from '../cloudstack/errors.js';
import { findById } from '../cloudstack/find-by-id.js';
import type { Network } from '../cloudstack/types.js';
import { failed, ok, warning, type Finding } from './finding.js';
import type { ZoneInspection } from './inspection.js';

/** More than this are looked at only when they are named. */
const networksMax = 20;

/**
 * Whether agents find their settings in the networks, and by which source of agent.json. Without
 * names it looks at all that the account can use.
 */
export async function checkNetworks(
  inspection: ZoneInspection,
  named: readonly string[],
): Promise<Finding[]> {
  if (named.length > 0) {
    const findings: Finding[] = [];
    for (const name of named) findings.push(await namedNetwork(inspection, name));
    return findings;
  }
  const { call, zone } = inspection;
  const inZone = { zoneid: zone.id };
  const { items, total } = await call.client.listFirst('listNetworks', inZone, networksMax);
  if (items.length === 0) {
    const advice = 'make one, or have the operator of the cloud share one with the account';
    return [failed('networks', `the account can use no network in ${zone.name}`, advice)];
  }
  const findings: Finding[] = [];
  for (const network of items) findings.push(await judge(inspection, network));
  const rest = total - items.length;
  if (rest > 0) {
    findings.push(ok('networks', `${rest} more were not looked at: name them with --network`));
  }
  return findings;
}

async function namedNetwork(inspection: ZoneInspection, name: string): Promise<Finding> {
  const { call, zone } = inspection;
  try {
    return await judge(inspection, await findNetwork(call.client, name, zone.id));
  } catch (failure) {
    if (!isCloudStackError(failure, 'not-found', 'invalid')) throw failure;
    return failed(
      titleOf(name),
      failure.text,
      'correct name in the cloud_properties of the network',
    );
  }
}

function titleOf(name: string): string {
  return `network ${name}`;
}

async function judge(inspection: ZoneInspection, network: Network): Promise<Finding> {
  const { name, type = 'of unknown type', cidr } = network;
  const what = `${type}${cidr === undefined ? '' : ` ${cidr}`}`;
  const provider = await userDataProvider(inspection, network);
  const about = titleOf(name);
  if (provider === undefined) {
    return warning(
      about,
      `${what}; it serves no user data, so that agents find no settings by it`,
      'give its VMs another network, too, and this one `undiscoverable: true` in its ' +
        'cloud_properties',
    );
  }
  const source = sourceFor(provider, network);
  if (source === undefined) {
    const advice = 'try a VM with a stemcell of your choice in it before you rely on it';
    return warning(about, `${what}; user data from ${provider}, which nobody has tried`, advice);
  }
  return ok(about, `${what}; user data from ${provider}, for agents with the source ${source}`);
}

/**
 * Who serves user data in a network; undefined if nobody does. CloudStack before 4.22 names
 * providers in the network's offering only.
 */
async function userDataProvider(
  { call }: ZoneInspection,
  { service = [], networkofferingid: offeringId }: Network,
): Promise<string | undefined> {
  const own = service.find(({ name }) => name === 'UserData');
  if (own === undefined) return undefined;
  const told = own.provider?.[0]?.name;
  if (told !== undefined || offeringId === undefined) return told ?? 'an unknown provider';
  const offering = await findById(call.client, 'listNetworkOfferings', offeringId);
  const offered = offering?.service?.find(({ name }) => name === 'UserData');
  return offered?.provider?.[0]?.name ?? 'an unknown provider';
}

/** What the agent of a stemcell needs in its agent.json (settings_source_factory.go). */
function sourceFor(provider: string, { type, gateway }: Network): string | undefined {
  if (provider === 'ConfigDrive') {
    return (
      'ConfigDrive: DiskPaths ["/dev/disk/by-label/config-2"], MetaDataPath ' +
      '"openstack/latest/meta_data.json", UserDataPath "openstack/latest/user_data"'
    );
  }
  if (provider !== 'VirtualRouter' && provider !== 'VpcVirtualRouter') return undefined;
  // In a shared network the router is not the gateway; only DHCP and its name server tell of it.
  const router = type === 'Shared' || gateway === undefined ? 'data-server' : gateway;
  return (
    `HTTP: URI "http://${router}", UserDataPath "/latest/user-data", or that of CloudStack ` +
    'stemcells (URI "http://169.254.169.254:39724")'
  );
}
