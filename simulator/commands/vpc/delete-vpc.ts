import { asyncCommand, everyRole, succeeded, success, wait } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import {
  beginVpcDeletion,
  removeVpc,
  tiersOf,
  vpcQueue,
  vpcText,
} from '../../world/network/vpcs.js';
import { removeTags } from '../../world/tags.js';

/** Refused as long as the VPC has tiers, with or without VMs; its tags are gone even then (VpcManagerImpl.deleteVpc). */
export const deleteVpc = asyncCommand({
  name: 'deleteVPC',
  summary: 'Deletes a VPC with its lists of rules and its public addresses.',
  roles: everyRole,
  javaClass: { user: 'user.vpc.DeleteVPCCmd' },
  parameters: { id: entity('vpc', { required: true, access: 'operate' }) },
  response: success,
  subject: ({ id }) => ({ type: 'Vpc', id: id.id }),
  queue: (_, { id }) => vpcQueue(id.id),
  steps: [
    ({ world }, { id: vpc }) => {
      if (vpc.removedMs !== null) {
        throw invalidParameter(`unable to find VPC id=${vpc.internalId}`);
      }
      removeTags(world, vpc.id);
      const tiers = tiersOf(world, vpc.id);
      if (tiers.length > 0) {
        throw invalidParameter(
          `Can't delete VPC ${vpcText(vpc)} as its used by ${tiers.length} networks`,
        );
      }
      beginVpcDeletion(world, vpc);
      return wait('duration.network');
    },
    ({ world }, { id: vpc }) => {
      if (vpc.removedMs === null) removeVpc(world, vpc);
      return succeeded;
    },
  ],
});
