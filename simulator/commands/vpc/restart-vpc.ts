import { asyncCommand, everyRole, succeeded, success, wait } from '../../declare/command.js';
import { entity, flag } from '../../declare/parameter.js';
import { invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import type { VpcRow } from '../../world/entities.js';
import { applyRulesOfNetwork } from '../../world/network/port-rules.js';
import { implementVpc, isActiveVpc, tiersOf, vpcQueue } from '../../world/network/vpcs.js';
import type { World } from '../../world/world.js';

/**
 * Starts the router if it is stopped, and makes one if there is none; with cleanup, or to become
 * redundant, another one takes its place (VpcManagerImpl.restartVpc).
 */
export const restartVpc = asyncCommand({
  name: 'restartVPC',
  summary: 'Restarts the virtual router of a VPC, and applies its rules again.',
  roles: everyRole,
  javaClass: { user: 'user.vpc.RestartVPCCmd' },
  parameters: {
    id: entity('vpc', { required: true, access: 'operate' }),
    cleanup: flag(),
    makeredundant: flag(),
  },
  response: success,
  // Routers have the software of the cloud already.
  ignores: ['livepatch'],
  subject: ({ id }) => ({ type: 'Vpc', id: id.id }),
  queue: (_, { id }) => vpcQueue(id.id),
  steps: [
    (_, { id: vpc }) => {
      if (!isActiveVpc(vpc)) {
        throw invalidParameter('Unable to find Enabled VPC by id specified', [
          { uuid: String(vpc.internalId), description: 'VPC' },
        ]);
      }
      return wait('duration.network');
    },
    ({ world }, { id: vpc, cleanup, makeredundant }) => {
      if (!isActiveVpc(vpc)) throw failed();
      const becomesRedundant = makeredundant === true && !vpc.isRedundant;
      if (becomesRedundant) makeRedundant(world, vpc);
      const isUp = implementVpc(world, vpc, cleanup === true || becomesRedundant);
      world.vpcs.change(vpc, { restartRequired: !isUp });
      if (!isUp) throw failed();
      for (const tier of tiersOf(world, vpc.id)) applyRulesOfNetwork(world, tier.id);
      return succeeded;
    },
  ],
});

/** Takes the offering along whose VPCs have a second router. */
function makeRedundant(world: World, vpc: VpcRow): void {
  const offering = world.vpcOfferings.all().find((row) => row.isRedundant);
  if (offering === undefined) throw new Error('there is no VPC offering with two routers');
  world.vpcs.change(vpc, { isRedundant: true, vpcOfferingId: offering.id });
}

function failed(): Error {
  return serverApiError(530, 'Failed to restart VPC');
}
