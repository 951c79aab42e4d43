import { everyRole, success, syncCommand } from '../../declare/command.js';
import { finalizeOwner, ownerParameters } from '../../declare/ownership.js';
import { text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { sshKeyPairNamed } from './ssh-key-pair-rules.js';

/** The VMs that got the key keep it (ManagementServerImpl.deleteSSHKeyPair). */
export const deleteSshKeyPair = syncCommand({
  name: 'deleteSSHKeyPair',
  summary: 'Deletes an SSH key pair by its name.',
  roles: everyRole,
  parameters: { name: text({ required: true }), ...ownerParameters },
  response: success,
  run: (context, args) => {
    const { world } = context;
    const owner = finalizeOwner(context, args);
    const pair = sshKeyPairNamed(world, owner.id, args.name);
    if (pair === undefined) {
      throw invalidParameter(
        `A key pair with name '${args.name}' does not exist for account ${owner.name} in specified domain id`,
        [{ uuid: owner.domainId, description: 'domainId' }],
      );
    }
    world.sshKeyPairs.purge(pair);
    return undefined;
  },
});
