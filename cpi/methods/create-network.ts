import type { CloudStackClient } from '../cloudstack/client.js';
import {
  findNetworkAclList,
  findNetworkOffering,
  findVpc,
  findZone,
} from '../cloudstack/find-catalog.js';
import type { Parameters } from '../cloudstack/parameters.js';
import type { Network, NetworkOffering, Vpc } from '../cloudstack/types.js';
import { BoshError } from '../protocol/bosh-error.js';
import { object } from './call/argument.js';
import type { Call } from './call/call.js';
import { defineMethod } from './call/method.js';
import { undoOnFailure } from './call/undo.js';
import { freeSubnet } from './network/free-subnet.js';
import { createInFreeRange, createOrTake } from './network/make-network.js';
import {
  netmaskOf,
  parseNetworkRequest,
  usualGatewayOf,
  type NetworkRequest,
} from './network/subnet.js';
import { managedNetworkProperties, readCloudProperties } from './shared/cloud-properties.js';

export const createNetwork = defineMethod({
  name: 'create_network',
  summary: 'Creates an isolated network, or a tier of a VPC, for a subnet of a managed network.',
  arguments: [object('subnet')],
  rules: [
    'The subnet names its `range`, or its size as `netmask_bits`, for which a range is chosen that ' +
      'no other network of the account has, or neither, then CloudStack chooses. The result holds ' +
      'the id of the network, its range and gateway, and the cloud_properties with which VMs ' +
      'refer to it.',
    'The range of a tier is within that of its VPC, where one is chosen unless given: of /24, if ' +
      'the subnet names no size either.',
    'Of a VLAN, and of a range in a VPC, there can be one network. One that CloudStack refuses ' +
      'because an earlier call for the same, which was killed, has made it is that one: it has the ' +
      'name, the Director and everything that is asked for, no tags and no VM. Should its call still ' +
      'be at work, one of the two gets it (tag `bosh-cpi-claim`), and the other one is refused.',
  ],
  run: async (call, [subnet]) => {
    const { client, configuration } = call;
    const request = parseNetworkRequest(subnet);
    const properties = readCloudProperties(
      call,
      managedNetworkProperties,
      request.cloudProperties,
      'the subnet',
    );
    const { zone, availability_zone: sameAsZone, network_offering: named, vlan } = properties;
    const zoneName = zone ?? sameAsZone ?? configuration.cloudstack.default_zone;
    const { id: zoneId } = await findZone(client, zoneName);
    const vpc =
      properties.vpc === undefined ? undefined : await findVpc(client, properties.vpc, zoneId);
    const offering = await findNetworkOffering(client, named, zoneId);
    assertFits(offering, vpc);
    const place = await placeParameters(client, vpc, properties.acl);
    const parameters = {
      zoneid: zoneId,
      networkofferingid: offering.id,
      vlan: vlanParameter(call, offering, vlan),
      ...place,
    };
    const choose = (): Promise<Parameters> => addressParameters(client, request, zoneId, vpc);
    const network = await undoOnFailure(call, 'another resource', (saga) =>
      isRangeChosen(request, vpc)
        ? createInFreeRange(call, saga, parameters, choose)
        : createOrTake(call, saga, parameters, choose, request),
    );
    return [network.id, subnetOf(network), { name: network.id }];
  },
});

/**
 * Only in isolated networks CloudStack hands out every address but the gateway's, so that a
 * Director can choose; those of a VPC have offerings of their own.
 */
function assertFits({ name, guestiptype, forvpc = false }: NetworkOffering, vpc?: Vpc): void {
  if (guestiptype !== 'Isolated') {
    throw new BoshError(
      'NotSupported',
      `create_network: the network offering ${name} is for networks of type ` +
        `${guestiptype ?? 'unknown'}; managed networks can only be isolated ones. Use an offering of ` +
        'type Isolated, or create the network yourself and name it in a network that is not managed',
    );
  }
  if (forvpc === (vpc !== undefined)) return;
  throw new BoshError(
    'CloudError',
    forvpc
      ? `create_network: the network offering ${name} is for tiers of a VPC: name the VPC as vpc in ` +
          'cloud_properties, or use another offering'
      : `create_network: the network offering ${name} is not for tiers of a VPC: use one that is, or ` +
          'leave out vpc in cloud_properties',
  );
}

async function placeParameters(
  client: CloudStackClient,
  vpc: Vpc | undefined,
  acl: string | undefined,
): Promise<Parameters> {
  if (vpc === undefined && acl === undefined) return {};
  if (vpc === undefined) {
    throw new BoshError(
      'CpiError',
      'create_network: acl in cloud_properties is for tiers of a VPC: name that as vpc, or leave ' +
        'acl out',
    );
  }
  const list = acl === undefined ? undefined : await findNetworkAclList(client, acl, vpc.id);
  return { vpcid: vpc.id, aclid: list?.id };
}

function vlanParameter(
  { log }: Call,
  { name, specifyvlan }: NetworkOffering,
  vlan: string | number | undefined,
): string | number | undefined {
  if (vlan === undefined || specifyvlan === true) return vlan;
  log(
    `warning: the network offering ${name} leaves VLANs to CloudStack: vlan ${vlan} has no effect`,
  );
  return undefined;
}

async function addressParameters(
  client: CloudStackClient,
  { subnet, prefixLength, gateway }: NetworkRequest,
  zoneId: string,
  vpc: Vpc | undefined,
): Promise<Parameters> {
  if (vpc === undefined && subnet === undefined && prefixLength === undefined) return {};
  const wanted =
    subnet ??
    freeSubnet(prefixLength ?? usualPrefixLength, await cidrsOfNetworks(client, zoneId), vpc?.cidr);
  return { gateway: gateway ?? usualGatewayOf(wanted), netmask: netmaskOf(wanted) };
}

/** Of a tier whose size nobody names. */
const usualPrefixLength = 24;

async function cidrsOfNetworks(client: CloudStackClient, zoneId: string): Promise<string[]> {
  const networks = await client.list('listNetworks', { zoneid: zoneId });
  return networks.flatMap(({ cidr }) => cidr ?? []);
}

/** Isolated networks may overlap, tiers of a VPC may not. */
function isRangeChosen({ subnet }: NetworkRequest, vpc: Vpc | undefined): boolean {
  return vpc !== undefined && subnet === undefined;
}

function subnetOf({ cidr, gateway }: Network): Record<string, unknown> {
  return {
    ...(cidr !== undefined && { range: cidr }),
    ...(gateway !== undefined && { gateway }),
    reserved: [],
  };
}
