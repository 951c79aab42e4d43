import {
  asyncCommand,
  done,
  everyRole,
  objectOf,
  wait,
  type Arguments,
} from '../../declare/command.js';
import { displayParameters } from '../../declare/display.js';
import { entity, integer, text } from '../../declare/parameter.js';
import { invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import type { PublicIpRow, VpcRow } from '../../world/entities.js';
import { hasAnyRule } from '../../world/network/port-rules.js';
import { sourceNatOfVpc, tiersOf, vpcQueue } from '../../world/network/vpcs.js';
import type { World } from '../../world/world.js';
import { vpcResponse } from './vpc-response.js';
import { publicMtuOf } from './vpc-rules.js';

const parameters = {
  id: entity('vpc', { required: true, access: 'operate' }),
  name: text(),
  displaytext: text(),
  ...displayParameters,
  publicmtu: integer({ since: '4.18.0' }),
  sourcenatipaddress: text({ since: '4.19' }),
} as const;

/** Another source NAT address restarts the router (VpcManagerImpl.updateVpc). */
export const updateVpc = asyncCommand({
  name: 'updateVPC',
  summary: 'Gives a VPC another name, text or source NAT address.',
  roles: everyRole,
  javaClass: { user: 'user.vpc.UpdateVPCCmd', rootAdmin: 'admin.vpc.UpdateVPCCmdByAdmin' },
  parameters,
  response: objectOf(vpcResponse),
  subject: ({ id }) => ({ type: 'Vpc', id: id.id }),
  queue: (_, { id }) => vpcQueue(id.id),
  steps: [
    ({ world }, args) => {
      const { id: vpc } = args;
      if (vpc.removedMs !== null) {
        throw invalidParameter(`Unable to find vpc by id ${vpc.internalId}`);
      }
      const changes = changesOf(world, args);
      const publicIp = newSourceNat(world, vpc, args.sourcenatipaddress);
      // CloudStack takes it for a failure when its database has nothing to do.
      if (Object.keys(changes).length === 0 && publicIp === undefined) {
        throw serverApiError(530, 'Failed to update VPC');
      }
      world.vpcs.change(vpc, changes);
      const { publicMtu } = changes;
      if (publicMtu !== undefined) {
        for (const tier of tiersOf(world, vpc.id)) world.networks.change(tier, { publicMtu });
      }
      if (publicIp === undefined) return done(vpc);
      const old = sourceNatOfVpc(world, vpc.id);
      if (old !== undefined) world.publicIps.change(old, { isSourceNat: false });
      world.publicIps.change(publicIp, { isSourceNat: true });
      return wait('duration.network');
    },
    (_, { id: vpc }) => done(vpc),
  ],
});

function changesOf(
  world: World,
  { id: vpc, name, displaytext, fordisplay, publicmtu }: Arguments<typeof parameters>,
): Partial<Pick<VpcRow, 'name' | 'displayText' | 'isDisplayed' | 'publicMtu'>> {
  const isKept = publicmtu === undefined || takesNoMtu(world);
  const publicMtu = isKept ? vpc.publicMtu : publicMtuOf(world, publicmtu);
  // Without a public address there is no interface to set it on.
  const hasOutside = world.publicIps.count('vpcId', vpc.id) > 0;
  return {
    ...(name !== undefined && { name }),
    ...(displaytext !== undefined && { displayText: displaytext }),
    ...(fordisplay !== undefined && { isDisplayed: fordisplay }),
    ...(publicMtu !== vpc.publicMtu && hasOutside && { publicMtu }),
  };
}

/** CloudStack has it the wrong way round: where those who create may choose, nobody may change (validateMtu). */
function takesNoMtu(world: World): boolean {
  return world.settings.get('allow.end.users.to.specify.vr.mtu');
}

/** The address that is to be the source NAT address; one that cannot be is overlooked (VpcManagerImpl.validateSourceNatip). */
function newSourceNat(
  world: World,
  vpc: VpcRow,
  ipAddress: string | undefined,
): PublicIpRow | undefined {
  return world.publicIps
    .where('vpcId', vpc.id)
    .find(
      (publicIp) =>
        publicIp.ipAddress === ipAddress && !publicIp.isSourceNat && !hasAnyRule(world, publicIp),
    );
}
