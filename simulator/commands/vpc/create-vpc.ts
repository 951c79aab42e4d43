import { assertMayOperate } from '../../declare/access.js';
import {
  asyncCreateCommand,
  done,
  everyRole,
  objectOf,
  proceed,
  wait,
} from '../../declare/command.js';
import { ownerOfNew, ownerParameters } from '../../declare/ownership.js';
import { entity, flag, integer, text } from '../../declare/parameter.js';
import {
  CloudException,
  cloudRuntime,
  invalidParameter,
  serverApiError,
} from '../../world/cloud-exception.js';
import type { AccountRow, PublicIpRow, ZoneRow } from '../../world/entities.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import { defaultNetworkDomain } from '../../world/network/networks.js';
import { allocatePublicIp, freePublicIp } from '../../world/network/public-ips.js';
import {
  beginVpcDeletion,
  implementVpc,
  isActiveVpc,
  removeVpc,
} from '../../world/network/vpcs.js';
import type { World } from '../../world/world.js';
import { vpcResponse } from './vpc-response.js';
import { checkedCidr, publicMtuOf } from './vpc-rules.js';

/** The VPC is there at once; the job starts its router, unless that is to wait for the first tier. */
export const createVpc = asyncCreateCommand({
  name: 'createVPC',
  summary: 'Creates a VPC.',
  roles: everyRole,
  javaClass: { user: 'user.vpc.CreateVPCCmd', rootAdmin: 'admin.vpc.CreateVPCCmdByAdmin' },
  parameters: {
    ...ownerParameters,
    zoneid: entity('zone', { required: true }),
    name: text({ required: true }),
    displaytext: text(),
    cidr: text(),
    cidrsize: integer({ since: '4.20.0' }),
    vpcofferingid: entity('vpcoffering', { required: true }),
    networkdomain: text(),
    start: flag({ since: '4.3' }),
    publicmtu: integer({ since: '4.18.0' }),
    dns1: text({ since: '4.18.0' }),
    dns2: text({ since: '4.18.0' }),
    sourcenatipaddress: text({ since: '4.19' }),
  },
  response: objectOf(vpcResponse),
  subjectType: 'None',
  create: (context, args) => {
    const { world } = context;
    const { name, zoneid: zone, vpcofferingid: offering } = args;
    const owner = ownerOfNew(context, args);
    assertMayOperate(context, 'account', owner);
    const cidr = checkedCidr(context, owner, args);
    const sourceNat = askedSourceNat(world, owner, zone, args.sourcenatipaddress);
    const vpc = world.vpcs.insert({
      name,
      displayText:
        args.displaytext === undefined || args.displaytext === '' ? name : args.displaytext,
      zoneId: zone.id,
      vpcOfferingId: offering.id,
      accountId: owner.id,
      domainId: owner.domainId,
      cidr,
      networkDomain: args.networkdomain ?? defaultNetworkDomain(owner),
      dns1: args.dns1 ?? null,
      dns2: args.dns2 ?? null,
      publicMtu: publicMtuOf(world, args.publicmtu),
      isRedundant: offering.isRedundant,
      isDisplayed: true,
      restartRequired: false,
      isImplemented: false,
      state: 'Enabled',
    });
    if (sourceNat !== undefined) {
      allocatePublicIp(world, sourceNat, {
        accountId: owner.id,
        networkId: null,
        vpcId: vpc.id,
        isSourceNat: true,
      });
    }
    return vpc;
  },
  steps: [
    (_, { start }) => (start === false ? proceed : wait('duration.network')),
    ({ world }, { start }, { createdId }) => {
      const vpc = world.vpcs.require(createdId);
      if (start === false) return done(vpc);
      if (!isActiveVpc(vpc)) {
        throw invalidParameter('Unable to find Enabled VPC by id specified', [
          { uuid: String(vpc.internalId), description: 'VPC' },
        ]);
      }
      if (implementVpc(world, vpc)) return done(vpc);
      beginVpcDeletion(world, vpc);
      removeVpc(world, vpc);
      throw serverApiError(530, 'Failed to create VPC');
    },
  ],
});

/** CloudStack deletes the VPC again if its address cannot be had; here it is looked for before. */
function askedSourceNat(
  world: World,
  owner: AccountRow,
  zone: ZoneRow,
  ipAddress: string | undefined,
): PublicIpRow | undefined {
  if (ipAddress === undefined) return undefined;
  const free = freePublicIp(world, zone.id, owner.id, ipAddress);
  if (free !== undefined && mayHaveOneMore(world, owner)) return free;
  throw cloudRuntime('new source NAT address cannot be acquired');
}

function mayHaveOneMore(world: World, owner: AccountRow): boolean {
  try {
    assertWithinLimits(world, owner, { public_ip: 1 });
    return true;
  } catch (error) {
    if (error instanceof CloudException) return false;
    throw error;
  }
}
