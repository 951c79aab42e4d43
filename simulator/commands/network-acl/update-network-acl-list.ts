import { asyncCommand, done, everyRole, objectOf } from '../../declare/command.js';
import { displayParameters } from '../../declare/display.js';
import { entity, text } from '../../declare/parameter.js';
import { assertMayChangeList } from './network-acl-access.js';
import { networkAclListResponse } from './network-acl-list-response.js';

/** What is blank stays; even the shipped lists can be renamed (NetworkACLServiceImpl.updateNetworkACL). */
export const updateNetworkAclList = asyncCommand({
  name: 'updateNetworkACLList',
  summary: 'Gives a list of rules another name or text.',
  roles: everyRole,
  javaClass: { user: 'user.network.UpdateNetworkACLListCmd' },
  parameters: {
    id: entity('networkacllist', { required: true }),
    name: text(),
    description: text(),
    ...displayParameters,
  },
  response: objectOf(networkAclListResponse),
  subject: ({ id }) => ({ type: 'NetworkAcl', id: id.id }),
  steps: [
    (context, { id: list, name = '', description = '', fordisplay }) => {
      assertMayChangeList(context, list, 'Must be Root Admin to update a global ACL.');
      context.world.networkAclLists.change(list, {
        ...(name.trim() !== '' && { name }),
        ...(description.trim() !== '' && { description }),
        ...(fordisplay !== undefined && { isDisplayed: fordisplay }),
      });
      return done(list);
    },
  ],
});
