import { assertMayOperate } from '../../declare/access.js';
import {
  asyncCommand,
  everyRole,
  succeeded,
  success,
  wait,
  type StepOutcome,
} from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity, text } from '../../declare/parameter.js';
import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import type { PublicIpRow } from '../../world/entities.js';
import { releasePublicIp } from '../../world/network/public-ips.js';
import { isActiveVpc } from '../../world/network/vpcs.js';
import type { World } from '../../world/world.js';

interface Named {
  readonly id?: PublicIpRow | undefined;
  readonly ipaddress?: string | undefined;
}

/** Ends all rules of the address, too (NetworkServiceImpl.releaseIpAddress). */
export const disassociateIpAddress = asyncCommand({
  name: 'disassociateIpAddress',
  summary: 'Gives a public address back.',
  roles: everyRole,
  javaClass: { user: 'user.address.DisassociateIPAddrCmd' },
  parameters: {
    id: entity('publicipaddress'),
    ipaddress: text({ since: '4.19.0' }),
  },
  response: success,
  subject: ({ id }) => (id === undefined ? undefined : { type: 'IpAddress', id: id.id }),
  steps: [
    (context, args) => beginRelease(context, addressNamed(context.world, args)),
    ({ world }, args) => {
      const publicIp = addressNamed(world, args);
      if (publicIp.state === 'Releasing') releasePublicIp(world, publicIp);
      return succeeded;
    },
  ],
});

function addressNamed(world: World, { id, ipaddress }: Named): PublicIpRow {
  if (id !== undefined && ipaddress !== undefined) {
    throw invalidParameter('id parameter is mutually exclusive with ipaddress parameter');
  }
  if (id !== undefined) return id;
  if (ipaddress === undefined) {
    throw invalidParameter('Please specify either IP address or IP address ID');
  }
  const found = world.publicIps.all().find((publicIp) => publicIp.ipAddress === ipaddress);
  if (found !== undefined) return found;
  throw invalidParameter(`Unable to find IP address by IP address=${ipaddress}`);
}

/** Whether a network that is up, or a VPC that is not being deleted, is seen with an address. */
function servesWhole(world: World, { networkId, vpcId }: PublicIpRow): boolean {
  if (vpcId !== null) return isActiveVpc(world.vpcs.require(vpcId));
  return networkId !== null && world.networks.require(networkId).state !== 'Allocated';
}

function beginRelease(context: CommandContext, publicIp: PublicIpRow): StepOutcome<undefined> {
  const { world } = context;
  if (publicIp.allocatedMs === null) return succeeded;
  assertMayOperate(context, 'publicipaddress', publicIp);
  if (publicIp.isSourceNat && servesWhole(world, publicIp)) {
    throw cloudRuntime('ip address is used for source nat purposes and can not be disassociated.');
  }
  if (publicIp.state === 'Allocated') world.publicIps.move(publicIp, 'Release');
  return wait('duration.address');
}
