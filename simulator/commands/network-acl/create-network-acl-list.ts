import { assertMayOperate } from '../../declare/access.js';
import { isRootAdmin } from '../../declare/caller.js';
import { asyncCreateCommand, done, everyRole, objectOf, proceed } from '../../declare/command.js';
import { displayParameters } from '../../declare/display.js';
import { entity, text } from '../../declare/parameter.js';
import { invalidParameter, permissionDenied, serverApiError } from '../../world/cloud-exception.js';
import { networkAclListResponse } from './network-acl-list-response.js';

/** The list is there as soon as the request is answered; without a VPC it is for all of them. */
export const createNetworkAclList = asyncCreateCommand({
  name: 'createNetworkACLList',
  summary: 'Creates a list of rules for the networks of VPCs.',
  roles: everyRole,
  javaClass: { user: 'user.network.CreateNetworkACLListCmd' },
  parameters: {
    name: text({ required: true }),
    description: text(),
    vpcid: entity('vpc'),
    ...displayParameters,
  },
  response: objectOf(networkAclListResponse),
  subjectType: 'NetworkAcl',
  create: (context, { name, description, vpcid: vpc, fordisplay }) => {
    if (vpc === undefined && !isRootAdmin(context.caller)) {
      throw permissionDenied('Only Root Admin can create global ACLs.');
    }
    if (vpc !== undefined && vpc.removedMs !== null) {
      throw invalidParameter(`Invalid VPC ID [${vpc.internalId}] provided.`);
    }
    if (vpc !== undefined) assertMayOperate(context, 'vpc', vpc);
    return context.world.networkAclLists.insert({
      name,
      description: description ?? null,
      vpcId: vpc?.id ?? null,
      isDefault: false,
      isDisplayed: fordisplay ?? true,
    });
  },
  steps: [
    () => proceed,
    ({ world }, _, { createdId }) => {
      const list = world.networkAclLists.get(createdId);
      if (list !== undefined) return done(list);
      throw serverApiError(530, 'Failed to create network ACL');
    },
  ],
});
